import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli, folderOf, netdrift } from '../support/cli.ts';

beforeAll(buildCli, 120_000);

const service = (name: string, spec: object, status: object = {}): object => ({
  kind: 'Service',
  metadata: { name, namespace: 'prod' },
  spec,
  status,
});
const slice = (name: string, addressType: string, port: object, endpoints: readonly object[]): object => ({
  kind: 'EndpointSlice',
  metadata: { name: `${name}-${addressType}`, namespace: 'prod', labels: { 'kubernetes.io/service-name': name } },
  addressType,
  endpoints,
  ports: [port],
});
const OBJECTS = [
  {
    kind: 'Node',
    metadata: { name: 'node-1' },
    status: {
      addresses: [
        { type: 'InternalIP', address: '192.0.2.10' },
        { type: 'InternalIP', address: '2001:db8::10' },
      ],
    },
  },
  service('web', {
    type: 'NodePort',
    clusterIP: '10.96.0.5',
    clusterIPs: ['10.96.0.5', 'fd00:96::5'],
    ports: [{ name: 'http', port: 80, nodePort: 30080, protocol: 'TCP' }],
  }),
  slice('web', 'IPv4', { name: 'http', port: 8080, protocol: 'TCP' }, [
    { addresses: ['10.244.0.5'], conditions: { ready: true }, nodeName: 'node-1' },
    { addresses: ['10.244.1.5'], conditions: {}, nodeName: 'node-2' },
  ]),
  slice('web', 'IPv6', { name: 'http', port: 8080, protocol: 'TCP' }, [
    { addresses: ['fd00:10:244::5'], conditions: { ready: true }, nodeName: 'node-1' },
  ]),
  service(
    'db',
    {
      type: 'LoadBalancer',
      clusterIP: '10.96.0.7',
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 31000,
      loadBalancerSourceRanges: ['203.0.113.7/24'],
      ports: [{ port: 443, protocol: 'TCP' }],
    },
    { loadBalancer: { ingress: [{ ip: '203.0.113.50' }] } },
  ),
  slice('db', 'IPv4', { name: '', port: 5432, protocol: 'TCP' }, [
    { addresses: ['10.244.1.7'], conditions: { ready: true }, nodeName: 'node-2' },
  ]),
  service('log', {
    clusterIP: '10.96.0.8',
    ports: [{ port: 9000, protocol: 'SCTP' }],
    sessionAffinity: 'ClientIP',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
  }),
  service('far', { type: 'ExternalName', externalName: 'example.org' }),
];

const folder = (): string => folderOf({ 'objects.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: OBJECTS }) });
const expectOf = (...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
  netdrift(['expect', folder(), '--node', 'node-1', '--version', '1.30', ...args]);

/** Lines of a saved set without what the kernel chooses. */
const members = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replaceAll(/ (?:initval|hashsize|bucketsize) \S+/g, ''))
    .sort();

describe('netdrift expect', () => {
  it('prints virtual services as ipvsadm -R takes them', () => {
    const { status, stdout, stderr } = expectOf('--mode', 'ipvs', '--format', 'ipvsadm');
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: `-A -t 10.96.0.7:443 -s rr
-a -t 10.96.0.7:443 -r 10.244.1.7:5432 -m -w 1
-A -t 203.0.113.50:443 -s rr
-a -t 203.0.113.50:443 -r 10.244.1.7:5432 -m -w 1
-A --sctp-service 10.96.0.8:9000 -s rr -p 60
-A -t 10.96.0.5:80 -s rr
-a -t 10.96.0.5:80 -r 10.244.0.5:8080 -m -w 1
-a -t 10.96.0.5:80 -r 10.244.1.5:8080 -m -w 1
-A -t 192.0.2.10:30080 -s rr
-a -t 192.0.2.10:30080 -r 10.244.0.5:8080 -m -w 1
-a -t 192.0.2.10:30080 -r 10.244.1.5:8080 -m -w 1
-A -t [fd00:96::5]:80 -s rr
-a -t [fd00:96::5]:80 -r [fd00:10:244::5]:8080 -m -w 1
-A -t [2001:db8::10]:30080 -s rr
-a -t [2001:db8::10]:30080 -r [fd00:10:244::5]:8080 -m -w 1
`,
    });
    expect(stderr).toContain('node ports are put on 192.0.2.10 and 2001:db8::10 alone');
  });

  it('prints sets that ipset restore loads, and that it saves the same', ({ skip }) => {
    const { status, stdout } = expectOf('--mode', 'ipvs', '--format', 'ipset');
    expect(status).toBe(0);
    expect(stdout).toContain('add KUBE-LOAD-BALANCER-SOURCE-CIDR 203.0.113.50,tcp:443,203.0.113.0/24\n');
    const loaded = spawnSync('unshare', ['-n', 'sh', '-c', 'ipset restore && ipset save'], {
      input: stdout,
      encoding: 'utf8',
      timeout: 30_000,
    });
    if (/not permitted|not found|ENOENT/.test(`${loaded.stderr} ${String(loaded.error)}`)) return skip('ipset cannot be run here');
    expect({ status: loaded.status, members: members(loaded.stdout) }).toEqual({ status: 0, members: members(stdout) });
  });

  it.each([
    ['ipvs', '10.244.1.7:5432'],
    ['iptables', 'dropped: no local endpoints'],
    ['nftables', 'dropped: no local endpoints'],
  ])('says in %s mode where the load balancer without a local endpoint leads', (mode, to) => {
    const { status, stdout } = expectOf('--mode', mode);
    expect({ status, first: stdout.split('\n')[0] }).toEqual({
      status: 0,
      first: `What kube-proxy 1.30 in ${mode} mode would program on node node-1:`,
    });
    expect(stdout.split('\n').map((line) => line.trim().split(/ {2,}/).slice(0, 2))).toContainEqual(['outside', to]);
    expect(stdout).toContain('  prod/far: its type is ExternalName\n');
  });

  it.each(['ipvs', 'iptables', 'nftables'])('gives the same services as JSON, in %s mode', (mode) => {
    const { status, stdout } = expectOf('--mode', mode, '--format', 'json');
    const state = JSON.parse(stdout) as {
      readonly mode: string;
      readonly servicePorts: readonly { readonly name: string }[];
      readonly ipvs?: object;
    };
    expect([status, state.mode, state.servicePorts.map(({ name }) => name), state.ipvs !== undefined]).toEqual([
      0,
      mode,
      ['prod/db', 'prod/log', 'prod/web:http'],
      mode === 'ipvs',
    ]);
  });

  it.each(['ipvsadm', 'ipset'])('has no %s in other modes', (format) => {
    expect(expectOf('--mode', 'nftables', '--format', format)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: `netdrift: nftables mode does not support --format ${format}\n`,
    });
  });
});
