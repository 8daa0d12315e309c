import { expect, it } from 'vitest';
import { nodeKnowledge } from '../../../packages/drift/src/read/kinds/node-knowledge.ts';
import { desiredRules } from '../../../packages/drift/src/desired/ipvs/ipvs-rules.ts';
import { desiredIpvs } from '../../../packages/drift/src/desired/ipvs/ipvs-tables.ts';
import { printIpset, printIpvsadm } from '../../../packages/drift/src/desired/ipvs/print-ipvs.ts';
import { corpusFile, describeCorpus } from '../../support/corpus.ts';
import { settingsOf } from '../../support/proxy-settings.ts';
import { type Capture, captures, snapshotOf } from '../../support/scenario.ts';

/**
 * Captures that do not hold what the objects ask for: each differing file, how many lines are asked for and missing, how many are there
 * beside, and why.
 */
const EXCEPTIONS: ReadonlyMap<string, readonly [missing: number, beside: number, why: string]> = new Map([
  ['ipvs-v1.20-pair-manual-drift/drifted ipvsadm-Sn.txt', [3, 4, 'drifted by hand']],
  ['ipvs-v1.20-pair-manual-drift/drifted ipset-save.txt', [1, 0, 'drifted by hand']],
  ['ipvs-v1.20-pair-manual-drift/repaired ipvsadm-Sn.txt', [1, 1, '1.20 leaves a weight that was set by hand']],
  ['ipvs-v1.30-lb-source-ranges ipset-save.txt', [12, 0, 'taken during the first sync of IPv6']],
  ['ipvs-v1.30-pair-manual-drift/before ipset-save.txt', [2, 0, 'taken during the first sync of IPv6']],
  ['ipvs-v1.30-pair-manual-drift/drifted ipvsadm-Sn.txt', [3, 4, 'drifted by hand']],
  ['ipvs-v1.30-pair-manual-drift/drifted ipset-save.txt', [1, 0, 'drifted by hand']],
  ['ipvs-v1.30-traffic-drain/drained ipvsadm-Sn.txt', [0, 1, 'an endpoint that is gone drains with weight 0']],
  ['ipvs-v1.30-traffic-drain/draining ipvsadm-Sn.txt', [0, 1, 'an endpoint that is gone drains with weight 0']],
  ['ipvs-v1.30-traffic-drain/during-first-sync ipvsadm-Sn.txt', [27, 0, 'taken during the first sync']],
  ['ipvs-v1.30-traffic-drain/during-first-sync ipset-save.txt', [30, 0, 'taken during the first sync']],
  ['ipvs-v1.30-traffic-drain/during-first-sync ip-addr-kube-ipvs0.txt', [3, 0, 'taken during the first sync']],
]);

/** Lines of a printed table without what the kernel chooses. */
function linesOf(text: string): Set<string> {
  return new Set(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replaceAll(/ (?:initval|hashsize|bucketsize) \S+/g, '')),
  );
}

/** Addresses of kube-ipvs0 in `ip addr`, without the link-local one that the kernel adds. */
function boundAddresses(text: string): string {
  const own = text.slice(text.indexOf('kube-ipvs0:'));
  return [...own.matchAll(/inet6? (\S+)\/(?:32|128) /g)].map((found) => found[1] ?? '').join('\n');
}

function differences(capture: Capture): (readonly [string, number, number])[] {
  const wanted = desiredIpvs(nodeKnowledge(snapshotOf(capture, (file) => file === 'objects.json')), settingsOf(capture));
  const printed = new Map([
    ['ipvsadm-Sn.txt', printIpvsadm(wanted.services)],
    ['ipset-save.txt', printIpset(wanted.sets)],
    ['ip-addr-kube-ipvs0.txt', [...wanted.addresses.keys()].join('\n')],
    ['ip-addr.txt', [...wanted.addresses.keys()].join('\n')],
  ]);
  return [...printed].flatMap(([file, text]) => {
    const path = capture.files.find((candidate) => candidate.endsWith(`/${file}`));
    if (path === undefined) return [];
    const [asked, found] = [linesOf(text), linesOf(file.startsWith('ip-addr') ? boundAddresses(corpusFile(path)) : corpusFile(path))];
    return [
      [
        `${capture.name} ${file}`,
        [...asked].filter((line) => !found.has(line)).length,
        [...found].filter((line) => !asked.has(line)).length,
      ] as const,
    ];
  });
}

/** Chains that differ, and why. */
const ODD_CHAINS: ReadonlyMap<string, string> = new Map([
  ['ipvs-v1.20-pair-manual-drift/drifted ipv4 *nat KUBE-SERVICES', 'drifted by hand'],
  ['ipvs-v1.20-to-v1.30-pair-upgrade/after ipv4 *nat KUBE-FIREWALL', 'left over from 1.20'],
  ['ipvs-v1.30-pair-manual-drift/drifted ipv4 *nat KUBE-SERVICES', 'drifted by hand'],
  ['ipvs-v1.30-traffic-drain/during-first-sync ipv4 *nat KUBE-NODE-PORT', 'taken during the first sync'],
]);

/** Rules by table and chain, without comments. Those of KUBE-IPVS-OUT-FILTER stand in no order. */
function chainsOf(lines: readonly string[]): Map<string, string[]> {
  const chains = new Map<string, string[]>();
  let table = '';
  for (const line of lines) {
    if (line.startsWith('*')) table = line;
    if (!line.startsWith('-A ')) continue;
    const chain = `${table} ${line.split(' ')[1] ?? ''}`;
    chains.set(chain, [...(chains.get(chain) ?? []), line.replaceAll(/ -m comment --comment (?:"(?:[^"\\]|\\.)*"|\S+)/g, '')]);
    if (chain.endsWith('OUT-FILTER')) chains.get(chain)?.sort();
  }
  return chains;
}

function differingChains(capture: Capture): string[] {
  const settings = settingsOf(capture);
  const wanted = desiredIpvs(nodeKnowledge(snapshotOf(capture, (file) => file === 'objects.json')), settings);
  return (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const path = capture.files.find((file) => file.endsWith(family === 'ipv4' ? '/iptables-save.txt' : '/ip6tables-save.txt'));
    if (path === undefined) return [];
    const [asked, found] = [chainsOf(desiredRules(wanted, family, settings)), chainsOf(corpusFile(path).split('\n'))];
    const own = new Set([...asked.keys(), ...[...found.keys()].filter((chain) => chain.includes(' KUBE-'))]);
    // Built-in chains hold rules of others too.
    const same = (chain: string): boolean =>
      chain.includes(' KUBE-')
        ? asked.get(chain)?.join('\n') === found.get(chain)?.join('\n')
        : asked.get(chain)?.every((rule) => found.get(chain)?.includes(rule) === true) === true;
    return [...own].filter((chain) => !same(chain)).map((chain) => `${capture.name} ${family} ${chain}`);
  });
}

describeCorpus('kube-proxy-modes', 'what is printed for ipvs mode', () => {
  it('has the rules of every chain of kube-proxy, in their order, but for those listed here', () => {
    const all = [...captures('kube-proxy'), ...captures('kube-proxy-modes'), ...captures('kube-proxy-nftables')].filter(
      (capture) => settingsOf(capture).mode === 'ipvs',
    );
    expect(all.flatMap(differingChains)).toEqual([...ODD_CHAINS.keys()]);
  }, 60_000);

  it('equals ipvsadm -Sn, ipset save and the addresses of kube-ipvs0 of every capture, but for those listed here', () => {
    const all = [...captures('kube-proxy'), ...captures('kube-proxy-modes'), ...captures('kube-proxy-nftables')].filter(
      (capture) => settingsOf(capture).mode === 'ipvs',
    );
    const compared = all.flatMap(differences);
    expect(compared.length).toBe(203);
    expect(compared.filter(([, missing, beside]) => missing + beside > 0)).toEqual(
      [...EXCEPTIONS].map(([name, [missing, beside]]) => [name, missing, beside]),
    );
  }, 60_000);
});
