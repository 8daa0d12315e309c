import { diffSnapshots, readSnapshot, type Report, type SnapshotFile } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { corpusBytes, corpusFile, corpusFiles, describeCorpus } from '../support/corpus.ts';

/** `kubectl get endpoints` and `ipvsadm -ln` of one service, default/web. */
function snapshot(asked: string, served: readonly string[]): SnapshotFile[] {
  const services = [
    'NAMESPACE     NAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE',
    'default       web    ClusterIP   10.96.0.7    <none>        80/TCP    14d',
  ];
  const endpoints = [`NAMESPACE     NAME   ${'ENDPOINTS'.padEnd(45)} AGE`, `default       web    ${asked.padEnd(45)} 14d`];
  const table = [
    'IP Virtual Server version 1.2.1 (size=4096)',
    'Prot LocalAddress:Port Scheduler Flags',
    '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn',
    'TCP  10.96.0.7:80 rr',
  ];
  const destinations = served.map((endpoint) => `  -> ${endpoint.padEnd(28)} Masq    1      0          0         `);
  return [
    ['kubectl-get-svc.txt', services],
    ['kubectl-get-endpoints.txt', endpoints],
    ['ipvsadm-ln.txt', [...table, ...destinations]],
  ].map(([name, lines]) => ({ name: name as string, content: `${(lines as string[]).join('\n')}\n` }));
}

function sync(before: readonly SnapshotFile[], after: readonly SnapshotFile[]): string[] {
  return syncOf(diffSnapshots(readSnapshot(before), readSnapshot(after)));
}

function syncOf({ changes }: Report): string[] {
  return changes.filter(({ id }) => id.startsWith('kube.sync.')).map(({ severity, id, subject }) => `${severity} ${id} ${subject.name}`);
}

const ONE = ['10.244.1.2:80'];
const TWO = ['10.244.1.2:80', '10.244.1.3:80'];

describe('a kube-proxy that does not follow its cluster', () => {
  it('sends connections to an endpoint that the cluster no longer lists', () => {
    expect(sync(snapshot(TWO.join(), TWO), snapshot(ONE.join(), TWO))).toEqual(['critical kube.sync.stalled default/web']);
  });

  it('sends nothing to a new endpoint: a warning where a table does not tell the traffic policy', () => {
    expect(sync(snapshot(ONE.join(), ONE), snapshot(TWO.join(), ONE))).toEqual(['warning kube.sync.stalled default/web']);
  });

  it('is not claimed where the node agrees with the cluster', () => {
    expect(sync(snapshot(ONE.join(), TWO), snapshot(TWO.join(), TWO))).toEqual(['none kube.sync.caught-up default/web']);
  });

  it('is not claimed where the node changed too', () => {
    expect(sync(snapshot(TWO.join(), TWO), snapshot(ONE.join(), ONE))).toEqual([]);
    expect(sync(snapshot(TWO.join(), TWO), snapshot('10.244.1.4:80', ['10.244.1.2:80']))).toEqual([]);
  });

  it('is not claimed from a list that kubectl cut', () => {
    expect(sync(snapshot(TWO.join(), TWO), snapshot(`${ONE.join()} + 2 more...`, TWO))).toEqual([]);
    expect(sync(snapshot(`${TWO.join()} + 1 more...`, TWO), snapshot(ONE.join(), TWO))).toEqual([]);
  });

  it('is not claimed of the last endpoint: one that is ending may still serve', () => {
    expect(sync(snapshot(ONE.join(), ONE), snapshot('<none>', ONE))).toEqual([]);
  });
});

interface Manifest {
  readonly steps?: readonly string[];
}

const steps = corpusFiles('kube-proxy', (path) => path.endsWith('/manifest.json')).flatMap((path) => {
  const folder = path.slice(0, -'/manifest.json'.length);
  const names = (JSON.parse(corpusFile(path)) as Manifest).steps ?? [];
  return names.slice(1).map((step, index) => [`${folder}/${names[index]}`, `${folder}/${step}`] as const);
});

const filesOf = (folder: string): SnapshotFile[] =>
  corpusFiles(folder).map((path) => ({ name: path.slice(path.lastIndexOf('/') + 1), content: corpusBytes(path) }));
const isOfCluster = ({ name }: SnapshotFile): boolean => /^kubectl-|^objects\.json$/.test(name);

/** What the cluster asks for in one step with what the node does in another. */
function mixed(cluster: string, node: string): SnapshotFile[] {
  return [...filesOf(cluster).filter(isOfCluster), ...filesOf(node).filter((file) => !isOfCluster(file))];
}

describeCorpus('kube-proxy', 'steps of a real kube-proxy', () => {
  it.each(steps)('%s → %s: it follows', (before, after) => {
    expect(sync(filesOf(before), filesOf(after))).toEqual([]);
    expect(sync(filesOf(after), filesOf(before))).toEqual([]);
  });

  it.each([
    ['iptables-v1.30-pair-endpoint-not-ready', 'before', 'after', 'default/nginx'],
    ['iptables-v1.30-pair-scale-up', 'before', 'after', 'default/nginx'],
    ['ipvs-v1.30-pair-scale-up', 'before', 'after', 'default/nginx'],
    ['ipvs-v1.30-traffic-drain', 'connected', 'draining', 'default/nginx'],
    ['ipvs-v1.20-pair-service-deleted', 'before', 'after', 'prod/web'],
    ['ipvs-v1.30-pair-service-deleted', 'before', 'after', 'prod/web'],
  ])('%s: a node that stays at %s while the cluster goes on to %s is stalled for %s', (scenario, before, after, service) => {
    const [one, other] = [`kube-proxy/${scenario}/${before}`, `kube-proxy/${scenario}/${after}`];
    expect(sync(filesOf(one), mixed(other, one))).toEqual([`critical kube.sync.stalled ${service}`]);
    expect(sync(mixed(other, one), filesOf(one))).toEqual([`none kube.sync.caught-up ${service}`]);
  });
});

describeCorpus('kube-proxy-modes', 'a node and its cluster, both of two moments', () => {
  const ROLLOUT = 'kube-proxy-modes/iptables-v1.30-pair-rollout';
  const GONE = 'kube-proxy-modes/nftables-v1.30-pair-terminating-gone';
  const DRIFT = 'kube-proxy/ipvs-v1.30-pair-manual-drift';
  const requests = (before: readonly SnapshotFile[], after: readonly SnapshotFile[]): string[] => {
    const { changes } = diffSnapshots(readSnapshot(before), readSnapshot(after));
    return [...new Set(changes.flatMap(({ details }) => details.flatMap(({ label, text }) => (label === 'cluster' ? [text] : []))))];
  };

  it.each([
    [ROLLOUT, 'before', 'after', 'prod/api'],
    [GONE, 'terminating', 'gone', 'prod/edge'],
  ])('%s: a node that stays at %s is stalled, whatever its mode', (root, before, after, service) => {
    expect(sync(filesOf(`${root}/${before}`), filesOf(`${root}/${after}`))).toEqual([]);
    expect(sync(filesOf(`${root}/${before}`), mixed(`${root}/${after}`, `${root}/${before}`))).toEqual([
      `critical kube.sync.stalled ${service}`,
    ]);
  });

  it('says what the cluster asked for, what nobody asked for, and what was repaired', () => {
    expect(requests(filesOf(`${ROLLOUT}/before`), filesOf(`${ROLLOUT}/after`))).toEqual([
      'asked for this: its Services or endpoints changed, and the node followed',
    ]);
    expect(requests(filesOf(`${DRIFT}/before`), filesOf(`${DRIFT}/drifted`))).toEqual([
      'did not ask for this: it asks for the same as before, and the node does not do it',
    ]);
    expect(requests(filesOf(`${DRIFT}/drifted`), filesOf(`${DRIFT}/repaired`))).toEqual([
      'asks for the same as before, and the node does it now',
    ]);
  });
});
