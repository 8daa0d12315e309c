import { expect, it } from 'vitest';
import { checkSnapshot } from '../../../packages/drift/src/check/check.ts';
import { readSnapshot } from '@netdrift/drift';
import { corpusFile, describeCorpus } from '../../support/corpus.ts';
import { settingsOf } from '../../support/proxy-settings.ts';
import { captures, snapshotOf } from '../../support/scenario.ts';

/** The files of one node in nftables mode, with one text changed. */
function loudIn(change: (ruleset: string) => string): string[] {
  const folder = 'kube-proxy-modes/nftables-v1.30-dual-stack';
  const files = ['objects.json', 'ip-addr.txt', 'proxy-mode.txt'].map((name) => ({ name, content: corpusFile(`${folder}/${name}`) }));
  const ruleset = corpusFile(`${folder}/nft-list-ruleset.txt`);
  const changed = change(ruleset);
  if (changed === ruleset) throw new Error('nothing was changed');
  const version = { name: 'kube-proxy-version.txt', content: 'Kubernetes v1.30.3' };
  const { findings } = checkSnapshot(readSnapshot([...files, version, { name: 'nft-list-ruleset.txt', content: changed }]));
  return findings.filter(({ severity }) => severity !== 'none').map(({ severity, id, text }) => `${severity} ${id}: ${text}`);
}

function withoutNodes(objects: string): string {
  const list = JSON.parse(objects) as { readonly items: readonly { readonly kind: string }[] };
  return JSON.stringify({ ...list, items: list.items.filter(({ kind }) => kind !== 'Node') });
}

describeCorpus('kube-proxy-nftables', 'a node in nftables mode against its objects', () => {
  const all = [...captures('kube-proxy-modes'), ...captures('kube-proxy-nftables')].filter(
    (capture) => settingsOf(capture).mode === 'nftables' && !capture.step.startsWith('after-cleanup'),
  );

  it('is silent on every capture', () => {
    expect(all.length).toBe(33);
    const loud = all.map(
      (capture) =>
        [
          capture.name,
          checkSnapshot(snapshotOf(capture))
            .findings.filter(({ severity }) => severity !== 'none')
            .map(({ id, text }) => `${id}: ${text}`),
        ] as const,
    );
    expect(loud.filter(([, found]) => found.length > 0)).toEqual([]);
  }, 60_000);

  it('is silent in every mode where nothing tells the node, its addresses, or how kube-proxy was started', () => {
    const every = [...captures('kube-proxy-modes'), ...captures('kube-proxy')].filter(
      ({ name }) => !/drift|first-sync|fallback|bogus|cleanup|mode-to-iptables|chain-ipvs/.test(name),
    );
    const some = every.filter((_, index) => index % 6 === 0);
    const loud = some.map(({ name, files }) => {
      const kept = files.filter((file) =>
        /\/(?:objects\.json|ip6?tables-save\.txt|ipvsadm-Sn\.txt|ipset-save\.txt|nft-list-ruleset\.txt|ip-addr-kube-ipvs0\.txt)$/.test(
          file,
        ),
      );
      const snapshot = readSnapshot(
        kept.map((file) => ({ name: file, content: file.endsWith('objects.json') ? withoutNodes(corpusFile(file)) : corpusFile(file) })),
      );
      return [
        name,
        checkSnapshot(snapshot)
          .findings.filter(({ severity }) => severity !== 'none')
          .map(({ text }) => text),
      ] as const;
    });
    expect(some.length).toBe(18);
    expect(loud.filter(([, found]) => found.length > 0)).toEqual([]);
  }, 60_000);

  it('names the place that lost its element', () => {
    expect(loudIn((text) => text.replace(/10\.96\.90\.1 \. tcp \. 80 : goto \S+,\s*/, ''))).toEqual([
      'critical x.service-without-nftables: default/nginx-ds:http (cluster IP tcp 10.96.90.1:80) has no rule',
    ]);
  });

  it('names the endpoint that gets nothing, and the one that no service has', () => {
    expect(loudIn((text) => text.replace('dnat to 10.244.1.112:8080', 'dnat to 10.244.9.9:8080'))).toEqual([
      'critical x.endpoint-missing: default/nginx-ds:http sends no connection to its endpoint 10.244.1.112:8080, but to 10.244.9.9:8080, which is no endpoint of it',
    ]);
  });

  it('names a place that no service has', () => {
    expect(
      loudIn((text) =>
        text.replace(
          'elements = { 10.96.0.10 . tcp . 53 ',
          'elements = { 10.96.0.77 . tcp . 53 : goto reject-chain,\n 10.96.0.10 . tcp . 53 ',
        ),
      ),
    ).toEqual([
      'warning x.nftables-service-orphan: rules serve tcp 10.96.0.77:53 (tcp 10.96.0.77:53), and the cluster has no such service',
    ]);
  });

  it('tells a table that is not there at all once', () => {
    expect(loudIn((text) => text.slice(0, text.indexOf('table ip6 kube-proxy')))).toEqual([
      'critical x.service-without-nftables: none of the 5 service ports of the cluster has a rule over IPv6',
    ]);
  });
});
