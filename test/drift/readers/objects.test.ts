import { readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { readTranscript } from '@netdrift/core';
import type { ReaderValue } from '../../../packages/drift/src/read/readers/reader.ts';
import { kubernetesObjects } from '../../../packages/drift/src/read/readers/kubernetes-objects.ts';

function objectsOf(text: string): Extract<ReaderValue, { kind: 'Objects' }> {
  const value = kubernetesObjects.read(text);
  if (value?.kind !== 'Objects') return expect.fail('not read as objects');
  return value;
}

function configurationOf(text: string): Extract<ReaderValue, { kind: 'ProxyConfiguration' }> {
  const value = kubernetesObjects.read(text);
  if (value?.kind !== 'ProxyConfiguration') return expect.fail('not read as a configuration');
  return value;
}

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: &ns prod
  labels: &labels
    app: "web"
    note: >-
      folded over
      two lines
    team: !!str 7
  annotations:
    from: *ns
  deletionTimestamp: "2026-01-02T03:04:05Z"
spec:
  type: LoadBalancer
  clusterIP: 10.96.0.20
  clusterIPs: [10.96.0.20, "fd00::20"]
  ipFamilies: [IPv4, IPv6]
  ipFamilyPolicy: PreferDualStack
  externalIPs:
  - 192.0.2.7
  loadBalancerClass: example.com/lb
  loadBalancerSourceRanges: [198.51.100.0/24]
  externalTrafficPolicy: Local
  internalTrafficPolicy: Cluster
  trafficDistribution: PreferClose
  healthCheckNodePort: 32555
  publishNotReadyAddresses: true
  allocateLoadBalancerNodePorts: false
  sessionAffinity: ClientIP
  sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}
  selector: *labels
  ports:
  - name: http
    port: 80
    nodePort: 30080
    targetPort: web
    appProtocol: http
  - {port: 53, protocol: UDP, targetPort: 5353, name: dns}
status:
  loadBalancer:
    ingress:
    - ip: 203.0.113.9
      ipMode: Proxy
    - hostname: lb.example.com
`;

describe('objects of Kubernetes', () => {
  it('are read from YAML with anchors, tags, block texts, flow lists and every field of a Service', () => {
    const labels = { app: 'web', note: 'folded over two lines', team: '7' };
    expect(objectsOf(SERVICE).services).toEqual([
      {
        namespace: 'prod',
        name: 'web',
        labels,
        annotations: { from: 'prod' },
        deletionTimestamp: '2026-01-02T03:04:05Z',
        type: 'LoadBalancer',
        headless: false,
        clusterIps: ['10.96.0.20', 'fd00::20'],
        externalIps: ['192.0.2.7'],
        loadBalancerIps: ['203.0.113.9'],
        proxyModeIps: ['203.0.113.9'],
        ingress: [{ ip: '203.0.113.9', ipMode: 'Proxy' }, { hostname: 'lb.example.com' }],
        ports: [
          { name: 'http', port: 80, protocol: 'tcp', nodePort: 30080, targetPort: 'web', appProtocol: 'http' },
          { name: 'dns', port: 53, protocol: 'udp', targetPort: 5353 },
        ],
        externalTrafficPolicy: 'Local',
        internalTrafficPolicy: 'Cluster',
        trafficDistribution: 'PreferClose',
        affinitySeconds: 60,
        sourceRanges: ['198.51.100.0/24'],
        healthCheckNodePort: 32555,
        selector: labels,
        ipFamilies: ['IPv4', 'IPv6'],
        ipFamilyPolicy: 'PreferDualStack',
        loadBalancerClass: 'example.com/lb',
        allocateLoadBalancerNodePorts: false,
        publishNotReadyAddresses: true,
        line: 1,
      },
    ]);
  });

  it('are read with hints, zones, conditions and targets of EndpointSlices, and ports that stand for all are passed over', () => {
    const text = `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: web-abcde
  labels: {kubernetes.io/service-name: web, endpointslice.kubernetes.io/managed-by: me}
addressType: IPv4
endpoints:
- addresses: [10.244.1.5, 10.244.9.9]
  conditions: {ready: true, serving: true, terminating: false}
  nodeName: node-1
  zone: a
  hints: {forZones: [{name: a}], forNodes: [{name: node-1}]}
  targetRef: {kind: Pod, namespace: default, name: web-1}
- addresses: [10.244.2.5]
  conditions: {}
ports:
- {name: http, port: 8080, protocol: TCP}
- {name: all}
`;
    expect(objectsOf(text).endpointPorts).toEqual([
      {
        namespace: 'default',
        service: 'web',
        portName: 'http',
        protocol: 'tcp',
        port: 8080,
        endpoints: [
          {
            address: '10.244.1.5',
            node: 'node-1',
            ready: true,
            serving: true,
            terminating: false,
            conditions: { ready: true, serving: true, terminating: false },
            zone: 'a',
            zoneHints: ['a'],
            nodeHints: ['node-1'],
            target: { kind: 'Pod', namespace: 'default', name: 'web-1' },
          },
          { address: '10.244.2.5', ready: true, serving: true, terminating: false, conditions: {} },
        ],
        cut: false,
        from: 'EndpointSlice',
        objectName: 'web-abcde',
        labels: { 'kubernetes.io/service-name': 'web', 'endpointslice.kubernetes.io/managed-by': 'me' },
        addressType: 'IPv4',
        line: 1,
      },
    ]);
  });

  it('are read with taints, conditions and typed addresses of Nodes', () => {
    const text = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'node-1', labels: { 'topology.kubernetes.io/zone': 'a' } },
      spec: { podCIDRs: ['10.244.1.0/24', 'fd00:1::/64'], taints: [{ key: 'x', effect: 'NoExecute' }], unschedulable: true },
      status: {
        addresses: [
          { type: 'InternalIP', address: '192.0.2.1' },
          { type: 'InternalDNS', address: 'ip-1.internal' },
          { type: 'Hostname', address: 'node-1' },
        ],
        conditions: [{ type: 'Ready', status: 'Unknown' }],
        nodeInfo: { kubeletVersion: 'v1.30.3', kubeProxyVersion: 'v1.30.3', kernelVersion: '6.1.0-18-amd64' },
      },
    });
    expect(objectsOf(text).nodes).toEqual([
      {
        name: 'node-1',
        labels: { 'topology.kubernetes.io/zone': 'a' },
        zone: 'a',
        addresses: ['192.0.2.1'],
        typedAddresses: [
          { type: 'InternalIP', address: '192.0.2.1' },
          { type: 'InternalDNS', address: 'ip-1.internal' },
          { type: 'Hostname', address: 'node-1' },
        ],
        podCidrs: ['10.244.1.0/24', 'fd00:1::/64'],
        taints: [{ key: 'x', effect: 'NoExecute' }],
        conditions: [{ type: 'Ready', status: 'Unknown' }],
        unschedulable: true,
        kubeletVersion: 'v1.30.3',
        kubeProxyVersion: 'v1.30.3',
        kernel: '6.1.0-18-amd64',
        line: 1,
      },
    ]);
  });

  it('say the same in JSON and YAML, in a List, a plain list and several documents, each with its line', () => {
    const service = (name: string): string => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {clusterIP: 10.96.0.1}\n`;
    const indented = (text: string): string => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`;
    const list = `apiVersion: v1\nitems:\n${indented(service('a'))}${indented(service('b'))}kind: List\n`;
    const typed =
      'apiVersion: v1\nkind: ServiceList\nitems:\n- metadata: {name: a}\n  spec: {clusterIP: 10.96.0.1}\n- metadata: {name: b}\n  spec: {clusterIP: 10.96.0.1}\n';
    const json = JSON.stringify(
      {
        apiVersion: 'v1',
        kind: 'List',
        items: ['a', 'b'].map((name) => ({ kind: 'Service', metadata: { name }, spec: { clusterIP: '10.96.0.1' } })),
      },
      null,
      1,
    );
    const plain = JSON.stringify([{ kind: 'Service', apiVersion: 'v1', metadata: { name: 'a' }, spec: { clusterIP: '10.96.0.1' } }]);
    const places = (text: string): unknown =>
      objectsOf(text).services.map(({ name, clusterIps, line }) => `${name} ${clusterIps[0]} ${line}`);
    expect(places(`---\n${service('a')}---\n${service('b')}`)).toEqual(['a 10.96.0.1 2', 'b 10.96.0.1 7']);
    expect(places(list)).toEqual(['a 10.96.0.1 3', 'b 10.96.0.1 7']);
    expect(places(typed)).toEqual(['a 10.96.0.1 4', 'b 10.96.0.1 6']);
    expect(places(json)).toEqual(['a 10.96.0.1 5', 'b 10.96.0.1 14']);
    expect(places(plain)).toEqual(['a 10.96.0.1 1']);
  });

  it('are told apart document by document in a paste, with blank lines inside files of a ConfigMap', () => {
    const map =
      'apiVersion: v1\ndata:\n  config.conf: |-\n    kind: KubeProxyConfiguration\n\n    mode: ipvs\nkind: ConfigMap\nmetadata:\n  name: kube-proxy\n';
    const text = `$ kubectl get cm,svc -o yaml\n${map}---\n# the service\n${SERVICE}$ ipvsadm -Ln --timeout\nTimeout (tcp tcpfin udp): 900 120 300\n`;
    expect(readTranscript(text).sections.map(({ tool, form }) => `${tool} ${form}`)).toEqual([
      'kubernetes yaml',
      'kubernetes yaml',
      'ipvsadm timeouts',
    ]);
    const { parts, troubles } = readSnapshot([{ name: 'paste.txt', content: text }]);
    expect(troubles).toEqual([]);
    expect(
      parts.map(({ content, completeness }) => [content.kind === 'reader' ? content.value.kind : content.kind, completeness.state]),
    ).toEqual([
      ['ProxyConfiguration', 'complete'],
      ['Objects', 'complete'],
      ['ipvs-state', 'complete'],
    ]);
    const [first] = parts;
    expect(
      first?.content.kind === 'reader' && first.content.value.kind === 'ProxyConfiguration'
        ? first.content.value.configuration.line
        : first,
    ).toBe(7);
  });

  it('configure kube-proxy by its ConfigMap in JSON and YAML, by JSON of its own and by what /configz answers', () => {
    const inner = {
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      mode: 'nftables',
      nftables: { masqueradeAll: true, masqueradeBit: 15 },
      ipvs: { strictARP: false },
      detectLocalMode: 'NodeCIDR',
    };
    const expected = {
      mode: 'nftables',
      masqueradeAll: true,
      masqueradeBit: 15,
      strictArp: false,
      detectLocalMode: 'NodeCIDR',
      excludeCidrs: [],
      nodePortAddresses: [],
      line: 1,
    };
    expect(configurationOf(JSON.stringify(inner)).configuration).toEqual(expected);
    expect(
      configurationOf(
        JSON.stringify({
          kind: 'ConfigMap',
          apiVersion: 'v1',
          metadata: { name: 'kube-proxy' },
          data: { 'config.conf': JSON.stringify(inner) },
        }),
      ).configuration,
    ).toEqual(expected);
    const configz = {
      'kubeproxy.config.k8s.io': {
        Mode: 'ipvs',
        IPTables: { MasqueradeBit: 14, MasqueradeAll: false },
        IPVS: { Scheduler: 'lc', StrictARP: true, ExcludeCIDRs: ['10.0.0.0/8'] },
        ClusterCIDR: '10.244.0.0/16',
        NodePortAddresses: null,
      },
    };
    expect(configurationOf(JSON.stringify(configz)).configuration).toEqual({
      mode: 'ipvs',
      masqueradeAll: false,
      masqueradeBit: 14,
      scheduler: 'lc',
      strictArp: true,
      excludeCidrs: ['10.0.0.0/8'],
      clusterCidr: '10.244.0.0/16',
      nodePortAddresses: [],
      line: 1,
    });
    const anchored =
      'kind: KubeProxyConfiguration\nx: &m !!str ipvs\nmode: *m\nclusterCIDR: >-\n  10.244.0.0/16\niptables: {masqueradeAll: yes}\n';
    expect(configurationOf(anchored).configuration).toEqual({
      mode: 'ipvs',
      clusterCidr: '10.244.0.0/16',
      masqueradeAll: true,
      excludeCidrs: [],
      nodePortAddresses: [],
      line: 3,
    });
  });

  it('keep the mode of kube-proxy where a file of kubeadm stands beside it, in any order', () => {
    const cluster = 'kind: ClusterConfiguration\nnetworking: {podSubnet: 10.9.0.0/16}\n';
    const proxy = 'kind: KubeProxyConfiguration\nmode: ipvs\n';
    for (const text of [`${cluster}---\n${proxy}`, `${proxy}---\n${cluster}`])
      expect(configurationOf(text).configuration.mode).toBe('ipvs');
  });

  it('that are damaged give what could be read, and say what could not', () => {
    const cut = objectsOf('apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  clusterIP: "10.96.0.20\n');
    expect(cut.services.map(({ name }) => name)).toEqual(['web']);
    expect(cut.diagnostics?.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['error snapshot/bad-yaml']);
    const bomb = [
      'kind: Service',
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...[...'bcdefghij'].map(
        (name, index) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcdefghi'[index]}`).join(',')}]`,
      ),
    ].join('\n');
    expect(objectsOf(bomb).diagnostics?.map(({ code }) => code)).toEqual(['snapshot/bad-yaml']);
    const deep = objectsOf(`kind: Service\nspec: ${'['.repeat(50_000)}`);
    expect(deep.diagnostics?.[0]?.code).toBe('snapshot/bad-yaml');
    const aliases = objectsOf(
      `kind: Service\nmetadata: {name: web}\n${Array.from({ length: 5000 }, (_, index) => `k${index}: &k${index} v\nr${index}: *k${index}\n`).join('')}`,
    );
    expect(aliases.diagnostics?.map(({ message }) => message)).toEqual([
      'the text is not whole YAML: it has more aliases than are followed in a text of its length',
    ]);
    const own = objectsOf('kind: Service\nmetadata: {name: web, labels: {__proto__: x, constructor: y}}\n').services[0]?.labels;
    expect(Object.entries(own ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });
});
