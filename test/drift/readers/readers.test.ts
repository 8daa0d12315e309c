import { parseSection, readSnapshot } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { READER_DIAGNOSTICS } from '../../../packages/drift/src/read/readers/diagnostics.ts';
import type { ReaderValue } from '../../../packages/drift/src/read/readers/reader.ts';
import { READERS } from '../../../packages/drift/src/read/readers/readers.ts';

function read(text: string): ReaderValue | undefined {
  for (const reader of READERS) {
    const value = reader.read(text);
    if (value !== undefined) return value;
  }
  return undefined;
}

describe('the small readers', () => {
  it('read kubectl describe svc with ports, node ports, endpoints and what a person left out', () => {
    // The background document's own text, with its "...".
    const text = [
      'Name:           nginx-service',
      '...',
      'Type:           NodePort',
      'IP:             10.101.28.148',
      'Port:           http    3080/TCP',
      'NodePort:       http    31604/TCP',
      'Endpoints:      172.17.0.2:80',
      'Session Affinity:   None',
      '',
    ].join('\n');
    expect(read(text)).toEqual({
      kind: 'Objects',
      services: [
        {
          namespace: 'default',
          name: 'nginx-service',
          type: 'NodePort',
          headless: false,
          clusterIps: ['10.101.28.148'],
          externalIps: [],
          loadBalancerIps: [],
          ports: [{ name: 'http', port: 3080, protocol: 'tcp', nodePort: 31604 }],
          affinitySeconds: 0,
          sourceRanges: [],
          line: 1,
        },
      ],
      endpointPorts: [
        {
          namespace: 'default',
          service: 'nginx-service',
          portName: 'http',
          protocol: 'tcp',
          port: 80,
          endpoints: [{ address: '172.17.0.2', ready: true, serving: true, terminating: false }],
          cut: false,
          line: 7,
        },
      ],
      nodes: [],
      diagnostics: [],
    });
  });

  it('read two described services, IPv6 endpoints, load balancers and policies', () => {
    const text = `Name:                        shop
Namespace:                   prod
Type:                        LoadBalancer
IP Families:                 IPv6
IP:                          fd00::1
IPs:                         fd00::1
LoadBalancer Ingress:        2001:db8::50 (VIP), lb.example.com
Port:                        <unset>  443/TCP
TargetPort:                  8443/TCP
NodePort:                    <unset>  31443/TCP
Endpoints:                   [fd00:1::5]:8443,[fd00:1::6]:8443,[fd00:1::7]:8443 + 2 more...
Session Affinity:            ClientIP
External Traffic Policy:     Local
Internal Traffic Policy:     Cluster
HealthCheck NodePort:        32555
LoadBalancer Source Ranges:  2001:db8::/64
Events:                      <none>


Name:              db
Namespace:         prod
Type:              ClusterIP
IP:                None
Port:              pg  5432/TCP
Endpoints:         <none>
Session Affinity:  None
`;
    const value = read(text);
    if (value?.kind !== 'Objects') return expect.fail('not read as objects');
    expect(value.services).toEqual([
      {
        namespace: 'prod',
        name: 'shop',
        type: 'LoadBalancer',
        headless: false,
        clusterIps: ['fd00::1'],
        externalIps: [],
        loadBalancerIps: ['2001:db8::50'],
        ports: [{ name: '', port: 443, protocol: 'tcp', nodePort: 31443 }],
        externalTrafficPolicy: 'Local',
        internalTrafficPolicy: 'Cluster',
        affinitySeconds: 10_800,
        sourceRanges: ['2001:db8::/64'],
        healthCheckNodePort: 32555,
        line: 1,
      },
      {
        namespace: 'prod',
        name: 'db',
        type: 'ClusterIP',
        headless: true,
        clusterIps: [],
        externalIps: [],
        loadBalancerIps: [],
        ports: [{ name: 'pg', port: 5432, protocol: 'tcp' }],
        affinitySeconds: 0,
        sourceRanges: [],
        line: 20,
      },
    ]);
    expect(
      value.endpointPorts.map(({ service, port, cut, endpoints }) => [service, port, cut, endpoints.map(({ address }) => address)]),
    ).toEqual([
      ['shop', 8443, true, ['fd00:1::5', 'fd00:1::6', 'fd00:1::7']],
      ['db', 5432, false, []],
    ]);
    expect(value.diagnostics?.map(({ code, message }) => [code, message])).toEqual([
      ['snapshot/cut-list', 'only a part of the endpoints of prod/shop is shown'],
    ]);
  });

  it('read what decides which endpoints kube-proxy uses: hints, ipMode, labels, annotations and the zone of the node', () => {
    const labels = { 'service.kubernetes.io/service-proxy-name': 'other', 'service.kubernetes.io/headless': '' };
    const text = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        {
          kind: 'Service',
          metadata: {
            name: 'web',
            namespace: 'prod',
            labels,
            annotations: { 'service.kubernetes.io/topology-mode': 'Auto', 'service.kubernetes.io/topology-aware-hints': 'disabled' },
          },
          spec: { clusterIP: '10.96.0.5', ports: [{ port: 80 }], trafficDistribution: 'PreferClose', publishNotReadyAddresses: true },
          status: {
            loadBalancer: {
              ingress: [{ ip: '192.0.2.1', ipMode: 'Proxy' }, { ip: '192.0.2.2', ipMode: 'VIP' }, { hostname: 'lb.example.com' }],
            },
          },
        },
        {
          kind: 'EndpointSlice',
          metadata: { name: 'web-abcde', namespace: 'prod', labels: { 'kubernetes.io/service-name': 'web', ...labels } },
          endpoints: [
            {
              addresses: ['10.0.0.5', '10.0.0.6'],
              hints: { forZones: [{ name: 'zone-a' }, { name: 'zone-b' }], forNodes: [{ name: 'node-1' }] },
            },
          ],
          ports: [{ name: '', port: 8080, protocol: 'TCP' }],
        },
        { kind: 'Node', metadata: { name: 'node-1', labels: { 'topology.kubernetes.io/zone': 'zone-a' } } },
      ],
    });
    const value = read(text);
    if (value?.kind !== 'Objects') return expect.fail('not read as objects');
    expect(value.services).toMatchObject([
      {
        loadBalancerIps: ['192.0.2.1', '192.0.2.2'],
        proxyModeIps: ['192.0.2.1'],
        topologyMode: 'disabled',
        trafficDistribution: 'PreferClose',
        serviceProxyName: 'other',
        headlessLabel: true,
        publishNotReadyAddresses: true,
      },
    ]);
    expect(value.endpointPorts).toEqual([
      {
        namespace: 'prod',
        service: 'web',
        portName: '',
        protocol: 'tcp',
        port: 8080,
        endpoints: [
          { address: '10.0.0.5', ready: true, serving: true, terminating: false, zoneHints: ['zone-a', 'zone-b'], nodeHints: ['node-1'] },
        ],
        cut: false,
        from: 'EndpointSlice',
        passedOver: true,
        objectName: 'web-abcde',
        labels: { 'kubernetes.io/service-name': 'web', ...labels },
        line: 1,
      },
    ]);
    expect(value.nodes).toEqual([
      { name: 'node-1', labels: { 'topology.kubernetes.io/zone': 'zone-a' }, zone: 'zone-a', addresses: [], podCidrs: [], line: 1 },
    ]);
  });

  it('read Endpoints, v1beta1 slices and typed lists of -o json, with the line of each object', () => {
    const text = JSON.stringify(
      {
        apiVersion: 'v1',
        kind: 'EndpointsList',
        items: [
          {
            metadata: { name: 'web', namespace: 'prod' },
            subsets: [
              {
                addresses: [{ ip: '10.0.0.5', nodeName: 'node-1' }],
                notReadyAddresses: [{ ip: '10.0.0.6' }],
                ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
              },
            ],
          },
          { metadata: { name: '__proto__', namespace: 'prod' }, subsets: 'none of these' },
          { metadata: {} },
        ],
      },
      null,
      2,
    );
    const value = read(text);
    if (value?.kind !== 'Objects') return expect.fail('not read as objects');
    expect(value.endpointPorts).toEqual([
      {
        namespace: 'prod',
        service: 'web',
        portName: 'http',
        protocol: 'tcp',
        port: 8080,
        endpoints: [
          { address: '10.0.0.5', node: 'node-1', ready: true, serving: true, terminating: false },
          { address: '10.0.0.6', ready: false, serving: false, terminating: false },
        ],
        cut: false,
        from: 'Endpoints',
        objectName: 'web',
        line: 5,
      },
    ]);
    expect(value.diagnostics?.map(({ code }) => code)).toEqual(['snapshot/bad-object']);
    const slice = read(
      JSON.stringify({
        apiVersion: 'discovery.k8s.io/v1beta1',
        kind: 'EndpointSlice',
        metadata: { name: 'web-abcde', namespace: 'prod' },
        endpoints: [
          {
            addresses: ['fd00::5'],
            topology: { 'kubernetes.io/hostname': 'node-2' },
            conditions: { ready: false, serving: true, terminating: true },
          },
        ],
        ports: [{ name: null, port: 53, protocol: 'UDP' }],
      }),
    );
    expect(slice?.kind === 'Objects' ? slice.endpointPorts : slice).toEqual([
      {
        namespace: 'prod',
        service: 'web',
        portName: '',
        protocol: 'udp',
        port: 53,
        endpoints: [
          {
            address: 'fd00::5',
            node: 'node-2',
            ready: false,
            serving: true,
            terminating: true,
            conditions: { ready: false, serving: true, terminating: true },
          },
        ],
        cut: false,
        from: 'EndpointSlice',
        objectName: 'web-abcde',
        line: 1,
      },
    ]);
  });

  it('read the three generations of kube-proxy logs', () => {
    // Public logs of Kubernetes 1.9 (kubespray#2201), 1.18 (kubernetes#70304) and our own of 1.30.
    const glog = `E1218 09:59:28.463326       1 server_others.go:299] can't determine whether to use ipvs proxy, error:error getting ipset version, error: executable file not found in $PATH
I1218 09:59:28.464584       1 server_others.go:138] Using iptables Proxier.
`;
    const klog = `> W1026 20:50:47.323161       1 proxier.go:397] Failed to load kernel module nf_conntrack_ipv4 with modprobe. You can ignore this message when kube-proxy is running inside container without mounting /lib/modules
> E1026 20:50:47.326512       1 server_others.go:304] can't determine whether to use ipvs proxy, error: IPVS proxier will not be used because the following required kernel modules are not loaded: [nf_conntrack_ipv4]
> I1026 20:50:47.328336       1 server_others.go:140] Using iptables Proxier.
`;
    const structured = `I1122 21:13:06.768214    2656 server.go:1062] "Successfully retrieved node IP(s)" IPs=["192.168.10.11","fd00::1"]
I1122 21:14:33.368494    3365 server.go:872] "Version info" version="v1.30.3"
time="2026-11-22T20:49:22Z" level=warning msg="Running modprobe ip_vs failed"
E1122 21:13:07.964627    2656 proxier.go:634] "Could not create dummy VS" err="no such file or directory" scheduler="fastest"
E1122 21:13:07.972956    2656 server.go:558] "Error running ProxyServer" err="can't use the IPVS proxier: no such file or directory"
`;
    const statements = [glog, klog, structured].map((text) => {
      const value = read(text);
      return value?.kind === 'ProxyLog' ? value.statements : value;
    });
    expect(statements).toEqual([
      [
        { kind: 'ipvs-unusable', obstacle: { kind: 'ipset', reason: 'executable file not found in $PATH' }, line: 1 },
        { kind: 'mode-used', mode: 'iptables', line: 2, time: '1218 09:59:28' },
      ],
      [
        { kind: 'module-not-loaded', module: 'nf_conntrack_ipv4', line: 1 },
        { kind: 'ipvs-unusable', obstacle: { kind: 'modules', modules: ['nf_conntrack_ipv4'] }, line: 2 },
        { kind: 'mode-used', mode: 'iptables', line: 3, time: '1026 20:50:47' },
      ],
      [
        { kind: 'node-addresses', addresses: ['192.168.10.11', 'fd00::1'], line: 1 },
        { kind: 'version', version: 'v1.30.3', line: 2 },
        { kind: 'ipvs-unusable', obstacle: { kind: 'scheduler', scheduler: 'fastest' }, line: 4 },
        { kind: 'ipvs-unusable', obstacle: { kind: 'other', reason: 'no such file or directory' }, line: 5 },
        { kind: 'exited', reason: "can't use the IPVS proxier: no such file or directory", line: 5 },
      ],
    ]);
  });

  it('read gates, unknown modes and the end of ipvs mode from logs', () => {
    const text = `I1116 09:02:43.479194       1 feature_gate.go:156] feature gates: map[SupportIPVSProxyMode:true AllAlpha:false]
W0720 05:19:33.061016       1 server_others.go:289] Flag proxy-mode="ipvz" unknown, assuming iptables proxy
W0720 05:19:33.061016       1 server_others.go:289] Flag proxy-mode="" unknown, assuming iptables proxy
I0212 11:19:29.343337       1 server_others.go:10] "Unknown proxy mode, assuming iptables proxy" proxyMode="ipvz"
E0212 11:19:29.343337       1 server_linux.go:10] "The ipvs proxier is now deprecated and may be removed in a future release. Please use 'nftables' instead."
`;
    const value = read(text);
    expect(value?.kind === 'ProxyLog' ? value.statements : value).toEqual([
      { kind: 'feature-gates', gates: { SupportIPVSProxyMode: true, AllAlpha: false }, line: 1 },
      { kind: 'mode-unknown', mode: 'ipvz', line: 2 },
      { kind: 'mode-unknown', mode: 'ipvz', line: 4 },
      { kind: 'mode-deprecated', mode: 'ipvs', line: 5 },
    ]);
  });

  it('read a row of kubectl that was typed in, with another width than the columns, by its blanks', () => {
    const value = read(
      'NAMESPACE   NAME   TYPE        CLUSTER-IP    EXTERNAL-IP   PORT(S)                      AGE\nprod        web    NodePort    10.96.0.7     <none>        80:30080/TCP,443:30443/TCP   14d\nprod        new    ClusterIP   10.96.0.8     <none>        80/TCP    1d\n',
    );
    expect(
      value?.kind === 'Services'
        ? value.services.map(({ name, clusterIps, ports }) => [name, clusterIps, ports.map(({ port }) => port)])
        : value,
    ).toEqual([
      ['web', ['10.96.0.7'], [80, 443]],
      ['new', ['10.96.0.8'], [80]],
    ]);
  });

  it('read a KubeProxyConfiguration, alone and inside its ConfigMap', () => {
    const body = `apiVersion: kubeproxy.config.k8s.io/v1alpha1
bindAddress: 0.0.0.0
clusterCIDR: 10.244.0.0/16
featureGates:
  SupportIPVSProxyMode: true
iptables:
  masqueradeAll: false
  masqueradeBit: null
ipvs:
  excludeCIDRs:
  - 192.0.2.0/24
  - "198.51.100.0/24"
  scheduler: "sed"
  strictARP: true
kind: KubeProxyConfiguration
mode: ipvs  # asked for by the platform team
nodePortAddresses: []
`;
    const expected = {
      mode: 'ipvs',
      scheduler: 'sed',
      clusterCidr: '10.244.0.0/16',
      masqueradeAll: false,
      strictArp: true,
      excludeCidrs: ['192.0.2.0/24', '198.51.100.0/24'],
      nodePortAddresses: [],
      featureGates: { SupportIPVSProxyMode: true },
    };
    expect(read(body)).toEqual({
      kind: 'ProxyConfiguration',
      file: 'KubeProxyConfiguration',
      configuration: { ...expected, line: 16 },
      diagnostics: [],
    });
    const indented = body.replaceAll(/^(?=.)/gm, '    ');
    const map = `apiVersion: v1\ndata:\n  config.conf: |-\n${indented}  kubeconfig.conf: |-\n    apiVersion: v1\n    kind: Config\nkind: ConfigMap\n`;
    expect(read(map)).toEqual({
      kind: 'ProxyConfiguration',
      file: 'KubeProxyConfiguration',
      configuration: { ...expected, line: 19 },
      diagnostics: [],
    });
  });

  it('read the MasterConfiguration of early kubeadm, with the lines people leave out', () => {
    const text = `kind: MasterConfiguration
apiVersion: kubeadm.k8s.io/v1alpha1
...
kubeProxy:
  config:
    featureGates: SupportIPVSProxyMode=true
    mode: ipvs
...
`;
    expect(read(text)).toEqual({
      kind: 'ProxyConfiguration',
      file: 'MasterConfiguration',
      configuration: { mode: 'ipvs', excludeCidrs: [], nodePortAddresses: [], featureGates: { SupportIPVSProxyMode: true }, line: 7 },
      diagnostics: [],
    });
  });

  it('read what shells and ip say of things that are not there', () => {
    expect(
      [
        '/bin/sh: 1: ipset: not found',
        '-bash: ipset: command not found',
        'sh: ipset: not found',
        'bash: line 3: ipset: command not found',
      ].map(read),
    ).toEqual(Array.from({ length: 4 }, () => ({ kind: 'NoProgram', name: 'ipset' })));
    expect(read('Device "kube-ipvs0" does not exist.\n')).toEqual({ kind: 'NoInterface', name: 'kube-ipvs0' });
    expect(read('sysctl: cannot stat /proc/sys/net/ipv4/vs: No such file or directory\nnet.ipv4.ip_forward = 1\n')).toEqual({
      kind: 'Sysctls',
      settings: [{ name: 'net.ipv4.ip_forward', value: '1', line: 2 }],
      absent: ['net.ipv4.vs'],
      diagnostics: [],
    });
  });

  it('claim nothing of text they do not know', () => {
    expect(['hello\n', '{"a": 1}', '{', 'mode: ipvs\n', 'kind: Pod\n', 'Linux\n', 'a = b\n', '6\n', '\n'].map(read)).toEqual(
      Array.from({ length: 9 }, () => undefined),
    );
  });

  it.each(READER_DIAGNOSTICS.map((kind) => [kind.code, kind] as const))('raise %s for its sample', (code, kind) => {
    const { diagnostics = [] } = read(kind.sample) ?? parseSection({ tool: 'kubectl', text: kind.sample });
    expect(diagnostics.map((diagnostic) => [diagnostic.code, diagnostic.severity])).toEqual([[code, kind.severity]]);
    for (const { span } of diagnostics) expect(span.start <= span.end && span.end <= kind.sample.length).toBe(true);
  });
});

describe('routes, rules of routing and sockets', () => {
  // iproute2 6.1 in a network namespace of its own
  const read = (text: string): unknown =>
    readSnapshot([{ name: 'node.txt', content: text }]).parts.map(({ content }) =>
      content.kind === 'reader' ? content.value : content.kind,
    );

  it('are read as ip and ss print them', () => {
    expect(
      read(
        '# ip route show table all\n10.2.0.0/16 via 10.1.0.2 dev lo \nblackhole 10.3.0.0/16 \nlocal 10.1.0.1 dev lo table local proto kernel scope host src 10.1.0.1 \n',
      ),
    ).toEqual([
      {
        kind: 'Routes',
        routes: [
          { destination: '10.2.0.0/16', via: '10.1.0.2', device: 'lo', line: 2 },
          { destination: '10.3.0.0/16', type: 'blackhole', line: 3 },
          { destination: '10.1.0.1', type: 'local', device: 'lo', table: 'local', source: '10.1.0.1', line: 4 },
        ],
      },
    ]);
    expect(read('# ip -6 route\nfd00:1::/64 dev lo metric 1024 pref medium\n')).toEqual([
      { kind: 'Routes', routes: [{ destination: 'fd00:1::/64', device: 'lo', line: 2 }] },
    ]);
    expect(read('# ip rule\n0:\tfrom all lookup local\n32765:\tfrom all fwmark 0x4000/0x4000 lookup 100\n')).toEqual([
      {
        kind: 'RoutingRules',
        rules: [
          { priority: 0, selector: 'from all', table: 'local', line: 2 },
          { priority: 32765, selector: 'from all fwmark 0x4000/0x4000', mark: '0x4000/0x4000', table: '100', line: 3 },
        ],
      },
    ]);
    expect(
      read(
        '# ss -lntu\nNetid State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess\ntcp   LISTEN 0      4096       127.0.0.1:10249      0.0.0.0:*\nudp   UNCONN 0      0            [::]%eth0:546           *:*\n',
      ),
    ).toEqual([
      {
        kind: 'Sockets',
        sockets: [
          { protocol: 'tcp', state: 'LISTEN', address: '127.0.0.1', port: 10249, line: 3 },
          { protocol: 'udp', state: 'UNCONN', address: '::', port: 546, line: 4 },
        ],
      },
    ]);
  });

  it('are not sentences that begin with an address', () => {
    expect(read('10.0.0.1 is the gateway\ndefault is fine\n')).toEqual(['unknown']);
  });
});
