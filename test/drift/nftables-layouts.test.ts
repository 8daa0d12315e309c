import { checkSnapshot, diffSnapshots, readSnapshot, serviceTable, type Snapshot, type SnapshotFile } from '@netdrift/drift';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';
import '../support/object-group-by.ts';

// What kube-proxy 1.34 to 1.37 writes for the objects of captures of 1.30: fixtures/kube-proxy-layouts/SOURCE.
const home = new URL('../../fixtures/kube-proxy-layouts/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, home), 'utf8');
const VERSIONS = ['1.34', '1.36', '1.37'];
const CLUSTERS = {
  'kitchen-sink': 'kube-proxy-nftables/nftables-v1.30-kitchen-sink',
  'dual-stack': 'kube-proxy-modes/nftables-v1.30-dual-stack',
};

const filesOf = (cluster: string, version: string): SnapshotFile[] => [
  { name: 'nft-list-ruleset.txt', content: read(`${cluster}/nft-list-ruleset-${version}.txt`) },
  { name: 'objects.json', content: read(`${cluster}/objects.json`) },
  { name: 'kube-proxy-version.txt', content: `Kubernetes v${version}.0` },
];
/** Each place with what becomes of connections from each kind of sender, whatever rule says so. */
const served = (snapshot: Snapshot): string[] =>
  serviceTable(snapshot)
    .servicePorts.flatMap(({ name, frontends }) =>
      frontends.map(
        ({ purpose, protocol, addresses, port, policy, affinitySeconds, sourceRanges, paths }) =>
          `${name} ${purpose} ${protocol} ${addresses.join()} ${port} ${policy ?? '-'} ${affinitySeconds ?? '-'} ${sourceRanges?.join() ?? '-'}: ${paths
            .map(
              (path) =>
                `${path.from} ${path.verdict} ${path.endpoints
                  .map(({ address, share }) => `${address} ${share.toFixed(2)}`)
                  .sort()
                  .join()} ${String(path.masqueraded ?? '-')} ${path.reason ?? ''}`,
            )
            .join('; ')}`,
      ),
    )
    .sort();
const loud = (files: readonly SnapshotFile[]): string[] =>
  checkSnapshot(readSnapshot(files))
    .findings.filter(({ severity }) => severity !== 'none')
    .map(({ severity, text }) => `${severity} ${text}`);

describe.each(VERSIONS)('the layout of kube-proxy %s', (version) => {
  it('serves what the objects ask for', () => {
    const table = served(readSnapshot(filesOf('kitchen-sink', version).slice(0, 1)));
    expect(table.filter((line) => /^prod\/(?:cart:http node port|edge:http unknown|shop:https unknown|itp-remote)/.test(line))).toEqual([
      'prod/cart:http node port tcp 192.168.10.11 30880 Cluster 10800 -: pod delivered 10.244.0.81:8080 0.50,10.244.1.82:8080 0.50 true ; node delivered 10.244.0.81:8080 0.50,10.244.1.82:8080 0.50 true ; outside delivered 10.244.0.81:8080 0.50,10.244.1.82:8080 0.50 true ',
      'prod/edge:http unknown tcp 192.0.2.60 80 Local 0 -: pod delivered 10.244.0.71:8080 0.50,10.244.1.72:8080 0.50 false ; node delivered 10.244.0.71:8080 0.50,10.244.1.72:8080 0.50 true ; outside delivered 10.244.0.71:8080 1.00 false ',
      'prod/itp-remote cluster IP tcp 10.103.9.4 6379 - 0 -: pod dropped  - no local endpoints; node dropped  - no local endpoints; outside dropped  - no local endpoints',
      'prod/shop:https unknown tcp 192.0.2.50 443 Cluster 0 198.51.100.7,203.0.113.0/24: pod dropped  - source not allowed; node dropped  - source not allowed; outside delivered 10.244.0.51:8443 0.50,10.244.1.52:8443 0.50 true ',
    ]);
    expect(table.length).toBe(44);
    for (const cluster of Object.keys(CLUSTERS)) expect(loud(filesOf(cluster, version)), cluster).toEqual([]);
  });

  it('is told apart from one that lacks an endpoint, or a rule for what an endpoint of this node sends to itself', () => {
    const changed = (from: RegExp, to: string): string[] => {
      const [ruleset, ...others] = filesOf('dual-stack', version);
      const content = String(ruleset?.content).replace(from, to);
      expect(content).not.toBe(ruleset?.content);
      return loud([{ name: 'nft-list-ruleset.txt', content }, ...others]);
    };
    const place = version === '1.34' ? /dnat to 10\.244\.1\.112:8080/ : /1 : 10\.244\.1\.112 \. 8080/;
    expect(changed(place, version === '1.34' ? 'dnat to 10.244.9.9:8080' : '1 : 10.244.9.9 . 8080')).toEqual([
      'critical default/nginx-ds:http sends no connection to its endpoint 10.244.1.112:8080, but to 10.244.9.9:8080, which is no endpoint of it',
    ]);
    const own = version === '1.34' ? /ip saddr 10\.244\.0\.111 jump/ : /10\.244\.0\.111 \. 10\.244\.0\.111 \. tcp \. 8080,\s*/;
    expect(changed(own, version === '1.34' ? 'ip saddr 10.244.0.110 jump' : '')).toEqual([
      'warning default/nginx-ds:http: what 10.244.0.111 sends to itself is not masqueraded: it cannot reach itself through its service',
    ]);
  });
});

describe.each(['1.30', '1.37'])('a cluster that changes under kube-proxy %s', (version) => {
  const told = (before: string, after: string): string[] => {
    const [one, other] = [before, after].map((step) =>
      readSnapshot([{ name: 'nft-list-ruleset.txt', content: read(`changes/${version}-${step}.txt`) }]),
    );
    if (one === undefined || other === undefined) throw new Error('there are two sides');
    const report = diffSnapshots(one, other);
    expect(report.troubles).toEqual([]);
    return report.changes.filter(({ severity }) => severity !== 'none').map(({ severity, text }) => `${severity} ${text}`);
  };

  it('is told what its services are led to: scale-up, readiness, rollout', () => {
    const web = 'notice prod/web:http';
    expect(told('base', 'scaled-up')).toEqual([`${web} gained the endpoints 10.244.0.13:8080 and 10.244.1.14:8080 (2 → 4 endpoints)`]);
    expect(told('scaled-up', 'not-ready')).toEqual([`${web} lost the endpoint 10.244.1.12:8080 (4 → 3 endpoints)`]);
    expect(told('gone', 'rolled-out')).toEqual([
      `${web} rolled over: 3 endpoints replaced by as many on the same port (10.244.0.11:8080, 10.244.0.13:8080 and 10.244.1.14:8080 → 10.244.0.15:8080, 10.244.1.16:8080 and 10.244.1.17:8080)`,
    ]);
  });

  // Up to 1.33 what the node sends is dropped before it is translated.
  const who = version === '1.30' ? 'the node and outside' : 'outside';

  it('is told who loses the last endpoint of the node', () => {
    expect(told('not-ready', 'terminating')).toEqual(['warning prod/edge:http lost the endpoint 10.244.0.31:8080 (2 → 1 endpoints)']);
    expect(told('terminating', 'gone')).toEqual([
      version === '1.30'
        ? 'critical prod/edge:http: connections from the node and outside to tcp 192.0.2.22:80, and from outside to tcp 192.168.10.11:30022 are no longer served'
        : 'critical prod/edge:http: connections from outside to tcp 192.0.2.22:80 and tcp 192.168.10.11:30022 are no longer served',
    ]);
  });

  it('is told what an edit of its services does', () => {
    expect(told('rolled-out', 'edited')).toEqual([
      `critical prod/edge:http: connections from pods${version === '1.30' ? '' : ' and the node'} to tcp 192.0.2.22:80 are no longer served`,
      'critical prod/web:http: connections to tcp 192.168.10.11:30021 are no longer served',
      'warning prod/edge:http: connections from pods to tcp 192.168.10.11:30022 are now masqueraded (the endpoint sees the address of the node)',
      'notice prod/edge:http: connections from outside to tcp 192.0.2.23:80 and tcp 192.168.10.11:30022 are served now',
      'notice prod/web:http: connections to tcp 192.168.10.11:30121 are served now',
      `notice prod/edge:http: connections from ${who} to tcp 192.0.2.22:80, and from pods and the node to tcp 192.0.2.23:80 are turned away in another way`,
      'notice prod/web:http: connections to tcp 10.96.0.21:80 are served with another session affinity',
    ]);
  });

  it('has no drift where a restart moves the base chains', () => {
    expect(told('edited', 'restarted')).toEqual([]);
  });
});

describeCorpus('kube-proxy-nftables', 'layouts of newer versions beside captures of 1.30', () => {
  const capture = (folder: string): Snapshot =>
    readSnapshot(
      corpusFiles(folder, (path) => path.split('/').length === folder.split('/').length + 1).map((path) => ({
        name: path,
        content: corpusFile(path),
      })),
    );

  it.each(Object.entries(CLUSTERS))('%s is served alike', (cluster, folder) => {
    const table = served(readSnapshot([{ name: 'nft-list-ruleset.txt', content: corpusFile(`${folder}/nft-list-ruleset.txt`) }]));
    for (const version of VERSIONS) expect(served(readSnapshot(filesOf(cluster, version).slice(0, 1))), version).toEqual(table);
  });

  it('say what survives a move to them', () => {
    const line = (before: string, cluster: string, version: string): string | undefined =>
      diffSnapshots(capture(before), readSnapshot(filesOf(cluster, version))).changes[0]?.text;
    for (const version of ['1.34', '1.37']) {
      expect(line('kube-proxy/iptables-v1.30-kitchen-sink', 'kitchen-sink', version)).toBe(
        'proxy mode iptables → nftables: 9 of 20 service ports, 111 of 122 frontends, 33 of 33 endpoints survived',
      );
      expect(line('kube-proxy-modes/ipvs-v1.30-dual-stack', 'dual-stack', version)).toBe(
        'proxy mode ipvs → nftables: 10 of 10 service ports, 58 of 58 frontends, 21 of 21 endpoints survived',
      );
    }
  }, 120_000);
});
