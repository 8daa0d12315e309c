import { describe, expect, it } from 'vitest';
import { readSnapshot } from '@netdrift/drift';
import { proxyFacts } from '../../../packages/drift/src/services/node-facts.ts';
import { describeCorpus } from '../../support/corpus.ts';
import { type Capture, captures, manifestOf, snapshotOf } from '../../support/scenario.ts';

/** Captures without the rules of a running kube-proxy. */
const WITHOUT_RULES = new Set([
  'fallback-v1.30-no-ip_vs',
  'ipvs-v1.20-scheduler-bogus',
  'ipvs-v1.30-scheduler-bogus',
  'ipvs-v1.20-pair-mode-to-iptables/after-cleanup',
]);

/** What the flags of the manifest say, in the words of the facts. */
function flagsOf(capture: Capture): Readonly<Record<string, unknown>> {
  const { kubeProxyFlags } = manifestOf(capture);
  const flag = (name: string): string | undefined => kubeProxyFlags.find((text) => text.startsWith(`--${name}=`))?.split('=')[1];
  const all = kubeProxyFlags.includes('--masquerade-all');
  return {
    masqueradeAll: all,
    clusterCidr: flag('cluster-cidr')?.split(',').sort().join(' and ') ?? 'none',
    masqueradeBit: Number(flag('iptables-masquerade-bit') ?? 14),
  };
}

describeCorpus('kube-proxy', 'the facts of a real node', () => {
  const all = captures();
  const withRules = all.filter(({ name }) => !WITHOUT_RULES.has(name));

  it.each(withRules.map((capture) => [capture.name, capture] as const))('of %s are the flags it was started with', (_, capture) => {
    // The log, the configuration and the answer of /proxyMode are taken away: the tables alone have to tell.
    const facts = proxyFacts(snapshotOf(capture, (file) => !/log|proxy-mode|version|objects|sysctl|kubectl/.test(file)));
    const { masqueradeAll, clusterCidr, masqueradeBit } = facts;
    expect({ masqueradeAll: masqueradeAll?.value, clusterCidr: clusterCidr?.value, masqueradeBit: masqueradeBit?.value }).toEqual(
      flagsOf(capture),
    );
    expect([masqueradeAll, clusterCidr, masqueradeBit].every((fact) => (fact?.origins.length ?? 0) > 0)).toBe(true);
  });

  it.each(withRules.filter(({ scenario }) => scenario.startsWith('ipvs-')).map((capture) => [capture.name, capture] as const))(
    'of %s name its mode and scheduler',
    (name, capture) => {
      const { proxyMode, scheduler } = proxyFacts(snapshotOf(capture, (file) => !/log|proxy-mode/.test(file)));
      const asked =
        manifestOf(capture)
          .kubeProxyFlags.find((flag) => flag.startsWith('--ipvs-scheduler='))
          ?.split('=')[1] ?? 'rr';
      expect([proxyMode?.value, scheduler?.value]).toEqual([name === 'ipvs-v1.20-pair-mode-to-iptables/after' ? 'mixed' : 'ipvs', asked]);
    },
  );

  it.each(withRules.map((capture) => [capture.name, capture] as const))(
    'of %s allow its version of kube-proxy and not the other one',
    (name, capture) => {
      const { generation } = proxyFacts(snapshotOf(capture, (file) => !/log|version/.test(file)));
      const version = name === 'ipvs-v1.20-to-v1.30-pair-upgrade/after' ? 'v1.30.3' : manifestOf(capture).kubeProxyVersion;
      const minor = Number(version.split('.')[1]);
      const from = Number(generation?.value.from?.split('.')[1] ?? 0);
      const before = Number(generation?.value.before?.split('.')[1] ?? 99);
      expect(from <= minor && minor < before).toBe(true);
      const other = minor === 20 ? 30 : 20;
      expect(from <= other && other < before).toBe(false);
    },
  );

  it('tell modes asked and got, versions and kernels from the texts that say them', () => {
    const told = [
      'fallback-v1.20-no-ip_vs',
      'fallback-v1.20-no-ipset',
      'fallback-v1.30-no-ip_vs',
      'fallback-v1.30-no-ip_vs_sh',
      'ipvs-v1.20-scheduler-bogus',
      'ipvs-v1.30-scheduler-bogus',
    ].map((name) => {
      const capture = all.find((candidate) => candidate.name === name);
      if (capture === undefined) return expect.fail(name);
      const { modeAsked, modeUsed, version, kernel, schedulerAsked } = proxyFacts(snapshotOf(capture));
      return [name, modeAsked?.value, modeUsed?.value, version?.value, kernel?.value, schedulerAsked?.value];
    });
    const kernel = '6.1.0-50-cloud-amd64';
    expect(told).toEqual([
      ['fallback-v1.20-no-ip_vs', 'ipvs', 'iptables', 'v1.20.2', kernel, undefined],
      ['fallback-v1.20-no-ipset', 'ipvs', 'iptables', 'v1.20.2', kernel, undefined],
      ['fallback-v1.30-no-ip_vs', 'ipvs', 'none', 'v1.30.3', kernel, undefined],
      ['fallback-v1.30-no-ip_vs_sh', 'ipvs', 'ipvs', 'v1.30.3', kernel, undefined],
      ['ipvs-v1.20-scheduler-bogus', 'ipvs', 'none', 'v1.20.2', kernel, 'fastest'],
      ['ipvs-v1.30-scheduler-bogus', 'ipvs', 'none', 'v1.30.3', kernel, 'fastest'],
    ]);
  });

  it('tell source ranges, node ports and strict ARP', () => {
    const facts = (name: string) => {
      const capture = all.find((candidate) => candidate.name === name);
      return capture === undefined ? expect.fail(name) : proxyFacts(snapshotOf(capture));
    };
    expect(facts('ipvs-v1.20-lb-source-ranges').sourceRanges?.value).toEqual({ 'tcp 192.0.2.50:443': ['198.51.100.7', '203.0.113.0/24'] });
    expect(facts('iptables-v1.30-kitchen-sink').sourceRanges?.value).toEqual({ 'tcp 192.0.2.50:443': ['198.51.100.7', '203.0.113.0/24'] });
    expect(facts('ipvs-v1.30-default').sourceRanges).toBeUndefined();
    expect(facts('ipvs-v1.20-nodeport').nodePorts?.value).toEqual(['tcp 30080', 'tcp 30443', 'tcp 31900', 'udp 30514']);
    expect([facts('ipvs-v1.30-strict-arp').strictArp?.value, facts('ipvs-v1.30-default').strictArp?.value]).toEqual([true, false]);
  });
});

describe('the facts of the background document', () => {
  const listing = (source: string): string => `Chain PREROUTING (policy ACCEPT)
target     prot opt source               destination
KUBE-SERVICES  all  --  0.0.0.0/0            0.0.0.0/0            /* kubernetes service portals */

Chain OUTPUT (policy ACCEPT)
target     prot opt source               destination
KUBE-SERVICES  all  --  0.0.0.0/0            0.0.0.0/0            /* kubernetes service portals */

Chain POSTROUTING (policy ACCEPT)
target     prot opt source               destination

Chain KUBE-MARK-MASQ (1 references)
target     prot opt source               destination
MARK       all  --  0.0.0.0/0            0.0.0.0/0            MARK or 0x4000

Chain KUBE-SERVICES (2 references)
target     prot opt source               destination
KUBE-MARK-MASQ  tcp  -- ${source}        10.244.5.1            /* default/foo:http cluster IP */ tcp dpt:8080
`;

  it.each([
    ['0.0.0.0/0', true, 'none'],
    ['!10.244.16.0/24', false, '10.244.16.0/24'],
  ])('tell the per-service form with source %s as masquerade-all %s and cluster CIDR %s', (source, all, cidr) => {
    const { masqueradeAll, clusterCidr, masqueradeBit } = proxyFacts(readSnapshot([{ name: 'nat.txt', content: listing(source) }]));
    expect([masqueradeAll?.value, clusterCidr?.value, masqueradeBit?.value]).toEqual([all, cidr, 14]);
    // An interface condition would not show here.
    expect(masqueradeAll?.confidence).toBe(all ? 'likely' : 'certain');
  });
});
