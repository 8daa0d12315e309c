/** An object of the API as the captures hold it. */
export interface ApiObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly addressType?: string;
  readonly endpoints?: readonly Endpoint[];
  readonly ports?: readonly unknown[] | null;
  readonly subsets?: readonly unknown[];
}

interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
  readonly nodeName?: string;
  readonly hints?: unknown;
}

/** The same cluster told in another way: files by name, or undefined where it cannot be told so. */
export type Variant = (items: readonly ApiObject[]) => ReadonlyMap<string, string> | undefined;

/** Plain data as block YAML, as `kubectl -o yaml` prints it. */
function stringify(value: unknown, indent = ''): string {
  if (Array.isArray(value))
    return value.length === 0 ? ' []\n' : `\n${value.map((one) => `${indent}-${nested(one, `${indent}  `)}`).join('')}`;
  if (typeof value !== 'object' || value === null) return ` ${JSON.stringify(value)}\n`;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return entries.length === 0
    ? ' {}\n'
    : `\n${entries.map(([key, one]) => `${indent}${JSON.stringify(key)}:${stringify(one, `${indent}  `)}`).join('')}`;
}

/** What stands behind a dash begins in its line. */
function nested(value: unknown, indent: string): string {
  return stringify(value, indent).replace(new RegExp(`^\\n${indent}`), ' ');
}

const list = (items: readonly unknown[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
const inOneFile = (items: readonly unknown[]): ReadonlyMap<string, string> => new Map([['objects.json', list(items)]]);
const isSlice = ({ kind }: ApiObject): boolean => kind === 'EndpointSlice';
const serviceOf = ({ metadata: { labels } }: ApiObject): string => labels?.['kubernetes.io/service-name'] ?? '';
const slice = (namespace: string, service: string, parts: Partial<ApiObject>): ApiObject => ({
  kind: 'EndpointSlice',
  metadata: { name: `${service}-more`, namespace, labels: { 'kubernetes.io/service-name': service } },
  addressType: 'IPv4',
  ...parts,
});
const NOWHERE: Endpoint = { addresses: ['10.244.9.9'], conditions: { ready: true }, nodeName: 'node-1' };
const service = (name: string, spec: Readonly<Record<string, unknown>>, labels: Readonly<Record<string, string>> = {}): ApiObject => ({
  kind: 'Service',
  metadata: { name, namespace: 'default', labels },
  spec: { ports: [{ name: 'http', port: 80, protocol: 'TCP', nodePort: 31999 }], ...spec },
});

/** Whether an Endpoints object tells as much: it has no terminating endpoints and no hints. */
function isPlain({ endpoints = [] }: ApiObject): boolean {
  return endpoints.every(({ conditions, hints }) => hints === undefined && conditions?.terminating !== true);
}

function endpointsObject(items: readonly ApiObject[], namespace: string, name: string): ApiObject {
  const slices = items.filter((item) => isSlice(item) && item.metadata.namespace === namespace && serviceOf(item) === name);
  const subsets = slices.map(({ endpoints = [], ports }) => {
    const addresses = (isReady: boolean): unknown[] =>
      endpoints
        .filter(({ conditions }) => (conditions?.ready !== false) === isReady)
        .flatMap(({ addresses: all, nodeName }) => all.map((ip) => ({ ip, nodeName })));
    return { addresses: addresses(true), notReadyAddresses: addresses(false), ports };
  });
  return { kind: 'Endpoints', metadata: { name, namespace }, subsets };
}

/** Ways in which one cluster is told, that change nothing of what kube-proxy programs. */
export const VARIANTS: Readonly<Record<string, Variant>> = {
  'one YAML document each': (items) =>
    new Map([['objects.yaml', items.map((item) => `---${stringify({ apiVersion: 'v1', ...item })}`).join('')]]),
  'a YAML list': (items) => new Map([['objects.yaml', stringify({ apiVersion: 'v1', kind: 'List', items }).trimStart()]]),
  'a file for each kind': (items) =>
    new Map(
      [...new Set(items.map(({ kind }) => kind))].map((kind) => [
        `${kind.toLowerCase()}s.json`,
        list(items.filter((item) => item.kind === kind)),
      ]),
    ),
  'the other way round': (items) => inOneFile([...items].reverse()),
  'two slices for each service': (items) =>
    inOneFile(
      items.flatMap((item) => {
        if (!isSlice(item) || (item.endpoints?.length ?? 0) < 2) return [item];
        const [first, ...rest] = item.endpoints ?? [];
        return [
          { ...item, endpoints: first === undefined ? [] : [first] },
          { ...item, metadata: { ...item.metadata, name: `${item.metadata.name}-2` }, endpoints: rest },
        ];
      }),
    ),
  'an endpoint in two slices': (items) =>
    inOneFile(
      items.flatMap((item) =>
        isSlice(item)
          ? [
              item,
              { ...item, metadata: { ...item.metadata, name: `${item.metadata.name}-2` }, endpoints: item.endpoints?.slice(0, 1) ?? [] },
            ]
          : [item],
      ),
    ),
  'Endpoints instead of slices': (items) => {
    const slices = items.filter(isSlice);
    if (!slices.every(isPlain)) return undefined;
    const names = new Set(slices.map((item) => `${item.metadata.namespace ?? ''}/${serviceOf(item)}`));
    return inOneFile([
      ...items.filter((item) => !isSlice(item)),
      ...[...names].map((name) => endpointsObject(items, name.split('/')[0] ?? '', name.split('/')[1] ?? '')),
    ]);
  },
  'stale Endpoints beside slices': (items) =>
    inOneFile([
      ...items,
      ...items
        .filter(({ kind }) => kind === 'Service')
        .map(({ metadata: { name, namespace } }) => ({
          kind: 'Endpoints',
          metadata: { name, namespace },
          subsets: [{ addresses: [{ ip: '10.244.9.9', nodeName: 'node-1' }], ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] }],
        })),
    ]),
  'services that kube-proxy leaves alone': (items) =>
    inOneFile([
      ...items,
      service('elsewhere', { type: 'ExternalName', externalName: 'db.example.com' }),
      service('bare', { clusterIP: 'None', clusterIPs: ['None'] }),
      service(
        'lent',
        { clusterIP: '10.96.201.1', clusterIPs: ['10.96.201.1'], type: 'NodePort' },
        { 'service.kubernetes.io/service-proxy-name': '' },
      ),
      service('marked', { clusterIP: '10.96.201.2', clusterIPs: ['10.96.201.2'] }, { 'service.kubernetes.io/headless': '' }),
      ...['elsewhere', 'bare', 'lent', 'marked'].map((name) =>
        slice('default', name, { endpoints: [NOWHERE], ports: [{ name: 'http', port: 80, protocol: 'TCP' }] }),
      ),
    ]),
  'slices of no use': (items) =>
    inOneFile([
      ...items,
      slice('default', 'gone', { endpoints: [NOWHERE], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] }),
      slice('default', 'kubernetes', {
        addressType: 'FQDN',
        endpoints: [{ ...NOWHERE, addresses: ['api.example.com'] }],
        ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
      }),
      slice('default', 'kubernetes', { endpoints: [NOWHERE], ports: [{ name: 'another', port: 6443, protocol: 'TCP' }] }),
      slice('default', 'kubernetes', { endpoints: [NOWHERE], ports: [] }),
      slice('default', 'kubernetes', {
        endpoints: [{ ...NOWHERE, conditions: { ready: false, serving: false, terminating: false }, nodeName: 'node-7' }],
        ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
      }),
    ]),
  'no Node': (items) => inOneFile(items.filter(({ kind }) => kind !== 'Node')),
  'pods and more': (items) =>
    inOneFile([
      ...items,
      { kind: 'Pod', metadata: { name: 'web-1', namespace: 'prod' }, spec: { nodeName: 'node-1' }, status: { podIP: '10.244.0.5' } },
      { kind: 'ConfigMap', metadata: { name: 'kube-proxy', namespace: 'other' }, data: { mode: 'x' } },
    ]),
  'managed fields and times': (items) =>
    inOneFile(
      items.map((item) => ({
        ...item,
        metadata: {
          ...item.metadata,
          uid: 'c0ffee',
          resourceVersion: '17',
          creationTimestamp: '2026-01-01T00:00:00Z',
          managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:spec': { 'f:ports': {} } } }],
        },
      })),
    ),
};

/** Parts of a snapshot that a capture has and another need not have: without them something is open, and no alarm. */
export const MISSING_PARTS: Readonly<Record<string, (name: string) => boolean>> = {
  'no log': (name) => name.endsWith('.log') || name.startsWith('kube-proxy-config'),
  'no version and no log': (name) => name.endsWith('.log') || name === 'kube-proxy-version.txt' || name.startsWith('kube-proxy-config'),
  'no addresses': (name) => name.startsWith('ip-addr'),
  'no sets': (name) => name.startsWith('ipset'),
  'no IPVS table': (name) => name.startsWith('ipvsadm'),
  'no rules': (name) => name.startsWith('iptables') || name.startsWith('ip6tables'),
  'no IPv4 rules': (name) => name.startsWith('iptables'),
  'IPv4 rules alone': (name) => name.startsWith('ip6tables'),
  'objects and tables alone': (name) =>
    !/^(?:objects|services|endpointslices|nodes|ip6?tables-save|ipvsadm-Sn|ipset-save|nft-list-ruleset)\b/.test(name),
};
