import { expectedState, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { checkSnapshot } from '../../../packages/drift/src/check/check.ts';

type Mode = 'ipvs' | 'iptables' | 'nftables';
type Item = Readonly<Record<string, unknown>>;

/** An endpoint: `a@node-1` on that node; with `!` ending and still serving, with `?` not ready; `zone-a` and `=node-1` are hints. */
function endpoint(text: string): Item {
  const [where = '', ...hints] = text.split(' ');
  const [name = '', nodeName = ''] = where.replace(/[!?]$/, '').split('@');
  const conditions = where.endsWith('!')
    ? { ready: false, serving: true, terminating: true }
    : where.endsWith('?')
      ? { ready: false, serving: false, terminating: where.endsWith('?') }
      : { ready: true };
  const zones = hints.filter((hint) => !hint.startsWith('=')).map((hint) => ({ name: hint }));
  const nodes = hints.filter((hint) => hint.startsWith('=')).map((hint) => ({ name: hint.slice(1) }));
  const told =
    hints.length === 0
      ? {}
      : { hints: { ...(zones.length === 0 ? {} : { forZones: zones }), ...(nodes.length === 0 ? {} : { forNodes: nodes }) } };
  return { addresses: [`10.244.0.${name.charCodeAt(0) - 96}`], nodeName, conditions, ...told };
}

interface Told {
  readonly spec?: Item;
  readonly metadata?: Item;
  readonly status?: Item;
  readonly sliceLabels?: Item;
  readonly nodeLabels?: Item;
}

/** One service with its endpoints and a node in zone-a. */
function objects(
  endpoints: readonly string[],
  { spec = {}, metadata = {}, status = {}, sliceLabels = {}, nodeLabels = { 'topology.kubernetes.io/zone': 'zone-a' } }: Told,
): string {
  const name = { name: 'web', namespace: 'prod' };
  const items = [
    {
      kind: 'Node',
      metadata: { name: 'node-1', labels: nodeLabels },
      status: { addresses: [{ type: 'InternalIP', address: '192.168.10.11' }] },
    },
    {
      kind: 'Service',
      metadata: { ...name, ...metadata },
      spec: {
        type: 'ClusterIP',
        clusterIP: '10.96.5.5',
        clusterIPs: ['10.96.5.5'],
        ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
        ...spec,
      },
      status,
    },
    {
      kind: 'EndpointSlice',
      metadata: { ...name, labels: { 'kubernetes.io/service-name': 'web', ...sliceLabels } },
      addressType: 'IPv4',
      endpoints: endpoints.map(endpoint),
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    },
  ];
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/** What becomes of connections from outside at each place: letters of endpoints, or a verdict. */
function outside(content: string, mode: Mode, version: string): string {
  const { servicePorts } = expectedState(readSnapshot([{ name: 'objects.json', content }]), { nodeName: 'node-1', mode, version });
  return servicePorts
    .flatMap(({ frontends }) => frontends)
    .map(({ purpose, addresses, paths }) => {
      const path = paths.find(({ from }) => from === 'outside');
      const to =
        path?.verdict === 'delivered'
          ? path.endpoints.map(({ address }) => String.fromCharCode(96 + Number(/\.(\d+):/.exec(address)?.[1]))).join('')
          : (path?.verdict ?? '');
      return `${purpose === 'load-balancer IP' ? (addresses[0] ?? '') : purpose}: ${to}`;
    })
    .join(', ');
}

const NODE_PORT = { type: 'NodePort', ports: [{ name: 'http', port: 80, protocol: 'TCP', nodePort: 30080 }] };
const LOCAL = { ...NODE_PORT, externalTrafficPolicy: 'Local' };
const AUTO = { annotations: { 'service.kubernetes.io/topology-mode': 'Auto' } };
const HINTED = ['a@node-1 zone-a', 'b@node-2 zone-b'];
const LB = { type: 'LoadBalancer', ports: [{ name: 'http', port: 80, protocol: 'TCP' }], allocateLoadBalancerNodePorts: false };
const ingress = (...all: readonly (readonly [string, string?])[]): Item => ({
  loadBalancer: { ingress: all.map(([ip, ipMode]) => ({ ip, ...(ipMode === undefined ? {} : { ipMode }) })) },
});

/** Read in `topology.go` and the proxiers of each version. */
const CASES: readonly (readonly [name: string, mode: Mode, version: string, objects: string, places: string])[] = [
  ['hints of the node’s zone', 'ipvs', '1.30', objects(HINTED, { metadata: AUTO }), 'cluster IP: a'],
  ['hints without the annotation', 'ipvs', '1.30', objects(HINTED, {}), 'cluster IP: ab'],
  ['hints without the annotation, from 1.31 on', 'nftables', '1.31', objects(HINTED, {}), 'cluster IP: a'],
  [
    'hints for another zone alone',
    'iptables',
    '1.30',
    objects(['a@node-1 zone-c', 'b@node-2 zone-b'], { metadata: AUTO }),
    'cluster IP: ab',
  ],
  ['an endpoint without a hint', 'ipvs', '1.30', objects(['a@node-1 zone-a', 'b@node-2'], { metadata: AUTO }), 'cluster IP: ab'],
  ['a node without a zone', 'nftables', '1.30', objects(HINTED, { metadata: AUTO, nodeLabels: {} }), 'cluster IP: ab'],
  [
    'an annotation of one’s own at 1.26',
    'ipvs',
    '1.26',
    objects(HINTED, { metadata: { annotations: { 'service.kubernetes.io/topology-aware-hints': 'example.com/mine' } } }),
    'cluster IP: ab',
  ],
  [
    'an annotation of one’s own at 1.27',
    'ipvs',
    '1.27',
    objects(HINTED, { metadata: { annotations: { 'service.kubernetes.io/topology-mode': 'example.com/mine' } } }),
    'cluster IP: a',
  ],
  [
    'an annotation that switches them off',
    'iptables',
    '1.30',
    objects(HINTED, { metadata: { annotations: { 'service.kubernetes.io/topology-mode': 'Disabled' } } }),
    'cluster IP: ab',
  ],
  [
    'hints for nodes before they count',
    'iptables',
    '1.33',
    objects(['a@node-1 zone-a =node-1', 'b@node-2 zone-a =node-2'], {}),
    'cluster IP: ab',
  ],
  ['hints for nodes', 'iptables', '1.35', objects(['a@node-1 zone-a =node-1', 'b@node-2 zone-a =node-2'], {}), 'cluster IP: a'],
  [
    'hints and policy Local',
    'ipvs',
    '1.30',
    objects(['a@node-1 zone-b', 'b@node-2 zone-a'], { metadata: AUTO, spec: LOCAL }),
    'cluster IP: b, node port: a',
  ],

  ['a local endpoint that ends', 'ipvs', '1.30', objects(['a@node-1!', 'b@node-2'], { spec: LOCAL }), 'cluster IP: b, node port: a'],
  [
    'a local endpoint that ends, in rules',
    'iptables',
    '1.30',
    objects(['a@node-1!', 'b@node-2'], { spec: LOCAL }),
    'cluster IP: b, node port: a',
  ],
  [
    'a local endpoint that no longer serves',
    'ipvs',
    '1.30',
    objects(['a@node-1?', 'b@node-2'], { spec: LOCAL }),
    'cluster IP: b, node port: b',
  ],
  [
    'a local endpoint that no longer serves, in rules',
    'nftables',
    '1.30',
    objects(['a@node-1?', 'b@node-2'], { spec: LOCAL }),
    'cluster IP: b, node port: dropped',
  ],
  [
    'endpoints that end before 1.26',
    'iptables',
    '1.25',
    objects(['a@node-1!', 'b@node-2!'], { spec: NODE_PORT }),
    'cluster IP: refused, node port: refused',
  ],
  ['endpoints that all end', 'iptables', '1.26', objects(['a@node-1!', 'b@node-2!'], { spec: NODE_PORT }), 'cluster IP: ab, node port: ab'],
  [
    'a ready local endpoint beside one that ends',
    'nftables',
    '1.30',
    objects(['a@node-1!', 'b@node-1', 'c@node-2'], { spec: LOCAL }),
    'cluster IP: bc, node port: b',
  ],
  [
    'internal policy Local with an endpoint that ends',
    'ipvs',
    '1.30',
    objects(['a@node-1!', 'b@node-2'], { spec: { internalTrafficPolicy: 'Local' } }),
    'cluster IP: a',
  ],

  ['ipMode Proxy', 'ipvs', '1.30', objects(['a@node-1'], { spec: LB, status: ingress(['192.0.2.1', 'Proxy']) }), 'cluster IP: a'],
  [
    'ipMode Proxy beside VIP',
    'nftables',
    '1.30',
    objects(['a@node-1'], { spec: LB, status: ingress(['192.0.2.1', 'Proxy'], ['192.0.2.2', 'VIP']) }),
    'cluster IP: a, 192.0.2.2: a',
  ],
  [
    'ipMode Proxy before it counts',
    'ipvs',
    '1.29',
    objects(['a@node-1'], { spec: LB, status: ingress(['192.0.2.1', 'Proxy']) }),
    'cluster IP: a, 192.0.2.1: a',
  ],
  [
    'ipMode Proxy and an address without a mode',
    'iptables',
    '1.32',
    objects(['a@node-1'], {
      spec: { ...LB, loadBalancerSourceRanges: ['203.0.113.0/24'] },
      status: ingress(['192.0.2.1', 'Proxy'], ['192.0.2.3']),
    }),
    'cluster IP: a, 192.0.2.3: a',
  ],

  [
    'another proxy’s name',
    'ipvs',
    '1.30',
    objects(['a@node-1'], { metadata: { labels: { 'service.kubernetes.io/service-proxy-name': 'cilium' } } }),
    '',
  ],
  [
    'another proxy’s name without a value',
    'nftables',
    '1.30',
    objects(['a@node-1'], { metadata: { labels: { 'service.kubernetes.io/service-proxy-name': '' } } }),
    '',
  ],
  ['the label headless', 'iptables', '1.30', objects(['a@node-1'], { metadata: { labels: { 'service.kubernetes.io/headless': '' } } }), ''],
  [
    'a slice with another proxy’s name',
    'ipvs',
    '1.30',
    objects(['a@node-1'], { sliceLabels: { 'service.kubernetes.io/service-proxy-name': 'cilium' } }),
    'cluster IP: refused',
  ],

  [
    'internal policy Local without a local endpoint',
    'ipvs',
    '1.30',
    objects(['b@node-2'], { spec: { internalTrafficPolicy: 'Local' } }),
    'cluster IP: refused',
  ],
  [
    'the same, reachable by a node port',
    'ipvs',
    '1.30',
    objects(['b@node-2'], { spec: { ...NODE_PORT, internalTrafficPolicy: 'Local' } }),
    'cluster IP: b, node port: b',
  ],
  [
    'the same, reachable by an external IP',
    'ipvs',
    '1.26',
    objects(['b@node-2'], { spec: { externalIPs: ['198.51.100.1'], internalTrafficPolicy: 'Local' } }),
    'cluster IP: b, external IP: b',
  ],
  [
    'the same in rules',
    'iptables',
    '1.30',
    objects(['b@node-2'], { spec: { ...NODE_PORT, internalTrafficPolicy: 'Local' } }),
    'cluster IP: dropped, node port: b',
  ],
  [
    'the same at 1.24',
    'ipvs',
    '1.24',
    objects(['b@node-2'], { spec: { ...NODE_PORT, internalTrafficPolicy: 'Local' } }),
    'cluster IP: refused, node port: refused',
  ],
  ['the same before it counts', 'ipvs', '1.20', objects(['b@node-2'], { spec: { internalTrafficPolicy: 'Local' } }), 'cluster IP: b'],
  [
    'external policy Local of a ClusterIP service at 1.28',
    'iptables',
    '1.28',
    objects(['b@node-2'], { spec: { externalIPs: ['198.51.100.1'], externalTrafficPolicy: 'Local' } }),
    'cluster IP: b, external IP: b',
  ],
  [
    'external policy Local of a ClusterIP service at 1.29',
    'iptables',
    '1.29',
    objects(['b@node-2'], { spec: { externalIPs: ['198.51.100.1'], externalTrafficPolicy: 'Local' } }),
    'cluster IP: b, external IP: dropped',
  ],
];

/** The files of a node in ipvs mode that does what objects ask for. */
function node(content: string, version: string): Map<string, string> {
  const { ipvs } = expectedState(readSnapshot([{ name: 'objects.json', content }]), { nodeName: 'node-1', mode: 'ipvs', version });
  return new Map([
    ['objects.json', content],
    ['kube-proxy-version.txt', `Kubernetes v${version}.3\n`],
    ['ipvsadm-Sn.txt', ipvs?.ipvsadm ?? ''],
    ['ipset-save.txt', ipvs?.ipset ?? ''],
    ['proxy-mode.txt', 'ipvs\n'],
  ]);
}

function found(files: ReadonlyMap<string, string>): string[] {
  return checkSnapshot(readSnapshot([...files].map(([name, text]) => ({ name, content: text }))))
    .findings.filter(({ id, severity }) => severity !== 'none' && id.startsWith('x.'))
    .map(({ id }) => id);
}

describe('which endpoints a service has on a node', () => {
  it.each(CASES)('%s: %s mode, %s', (_, mode, version, content, places) => {
    expect(outside(content, mode, version)).toBe(places);
  });

  it.each(CASES.filter(([, mode, , , places]) => mode === 'ipvs' && places !== ''))(
    '%s: %s mode, %s: check is silent, and finds an endpoint that is lost or too many',
    (_, _mode, version, content, places) => {
      const files = node(content, version);
      const table = files.get('ipvsadm-Sn.txt') ?? '';
      expect(found(files)).toEqual([]);
      const stray = table.replace(/(-A (-t \S+) .*\n)/, '$1-a $2 -r 10.244.0.9:8080 -m -w 1\n');
      expect(found(new Map([...files, ['ipvsadm-Sn.txt', stray]]))).toEqual(['x.endpoint-not-expected']);
      if (/: [a-z](?:,|$)/.test(places))
        expect(found(new Map([...files, ['ipvsadm-Sn.txt', table.replace(/-a .*\n/, '')]]))).toEqual(['x.endpoint-missing']);
    },
  );
});
