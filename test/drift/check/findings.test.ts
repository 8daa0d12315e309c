import { describe, expect, it } from 'vitest';
import { readSnapshot } from '@netdrift/drift';
import { checkSnapshot } from '../../../packages/drift/src/check/check.ts';
import { FINDING_CATALOGUE } from '../../../packages/drift/src/check/finding-catalogue.ts';

type Files = Readonly<Record<string, string>>;

const IPVS = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
`;
const ipvs = (lines: string): Files => ({ 'ipvsadm.txt': IPVS + lines });

/** A save of the nat table with chains and rules. */
const nat = (lines: string): Files => ({ 'save.txt': table('nat', ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'], lines) });
const filter = (lines: string): Files => ({ 'filter-save.txt': table('filter', ['INPUT', 'FORWARD', 'OUTPUT'], lines) });
const mangle = (lines: string): Files => ({
  'mangle-save.txt': table('mangle', ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'], lines),
});

function table(name: string, chains: readonly string[], lines: string): string {
  const declared = [...lines.matchAll(/^-A (\S+)/gm)].map(([, chain = '']) => chain).filter((chain) => !chains.includes(chain));
  const extra = [...lines.matchAll(/^:(\S+)$/gm)].map(([, chain = '']) => chain);
  const own = [...new Set([...declared, ...extra])].map((chain) => `:${chain} - [0:0]\n`);
  return `*${name}\n${chains.map((chain) => `:${chain} ACCEPT [0:0]\n`).join('')}${own.join('')}${lines.replace(/^:\S+\n/gm, '')}COMMIT\n`;
}

const ANCHORS = `-A PREROUTING -j KUBE-SERVICES
-A OUTPUT -j KUBE-SERVICES
-A POSTROUTING -j KUBE-POSTROUTING
-A KUBE-POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
`;
/** One service of iptables mode with two endpoints; hashes are those kube-proxy makes. */
const service = (
  second = '-A KUBE-SVC-NPX46M4PTMTKRN6Y -m comment --comment "default/kubernetes:https" -j KUBE-SEP-B\n',
): string => `${ANCHORS}-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y
-A KUBE-SVC-NPX46M4PTMTKRN6Y -m comment --comment "default/kubernetes:https" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-A
${second}-A KUBE-SEP-A -p tcp -m tcp -j DNAT --to-destination 10.0.0.1:6443
-A KUBE-SEP-B -p tcp -m tcp -j DNAT --to-destination 10.0.0.2:6443
`;
/** The same with chains of endpoints that are called as kube-proxy calls such chains. */
const sep = (lines: string): string => lines.replace(/KUBE-SEP-([AB])/g, (_, one: string) => `KUBE-SEP-${one.repeat(16)}`);
/** A table of kube-proxy in nftables mode that serves some places. */
const NFT = (elements: string): Files => ({
  'nft.txt': `table ip kube-proxy {
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { ${elements} }
	}

	chain nat-prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		ip daddr . meta l4proto . th dport vmap @service-ips
	}

	chain service-AAAAAAAA-prod/web/tcp/ {
		meta l4proto tcp dnat to 10.244.0.5:80
	}

	chain service-AAAAAAAA-prod/gone/tcp/ {
		meta l4proto tcp dnat to 10.244.0.9:80
	}
}
`,
});
const SVC = (rows: string): Files => ({
  'svc.txt': `NAMESPACE     NAME         TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)         AGE\n${rows}`,
});
const OBJECTS = (node: string): Files => ({
  'objects.json': JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        kind: 'Service',
        metadata: { name: 'web', namespace: 'prod' },
        spec: { clusterIP: '10.96.0.5', ports: [{ port: 80, protocol: 'TCP' }] },
      },
      { kind: 'Service', metadata: { name: 'dns', namespace: 'kube-system' }, spec: { clusterIP: 'None', ports: [] } },
      {
        kind: 'EndpointSlice',
        metadata: { name: 'web-abcde', namespace: 'prod', labels: { 'kubernetes.io/service-name': 'web' } },
        endpoints: [{ addresses: ['10.244.0.5'], nodeName: 'node-1' }],
        ports: [{ name: '', port: 80, protocol: 'TCP' }],
      },
      { kind: 'Node', metadata: { name: node }, status: { addresses: [{ type: 'InternalIP', address: '192.168.10.11' }] } },
    ],
  }),
});
/** Services of one namespace's object with other keys of its spec, in iptables mode or ipvs mode. */
const OBJECTS_WITH = (spec: object, status: object = {}): Files => {
  const objects = JSON.parse(OBJECTS('node-1')['objects.json'] ?? '') as { items: { spec?: object; status?: object }[] };
  const [web = {}, ...others] = objects.items;
  return { 'objects.json': JSON.stringify({ ...objects, items: [{ ...web, spec: { ...web.spec, ...spec }, status }, ...others] }) };
};
const WEB = 'TCP  10.96.0.5:80 rr\n  -> 10.244.0.5:80                Masq    1      0          0         \n';
const SET = (name: string, members = ''): string => `create ${name} hash:ip,port family inet hashsize 1024 maxelem 65536\n${members}`;
const KUBE_IPVS0 =
  '24: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default \n    inet 10.96.0.9/32 scope global kube-ipvs0\n';
/** prod/web in iptables mode, with its address of a load balancer. */
const WEB_RULES = `${ANCHORS}-A KUBE-SERVICES -d 10.96.0.5/32 -p tcp -m comment --comment "prod/web cluster IP" -m tcp --dport 80 -j KUBE-SVC-AAAAAAAAAAAAAAAA
-A KUBE-SERVICES -d 192.0.2.5/32 -p tcp -m comment --comment "prod/web loadbalancer IP" -m tcp --dport 80 -j KUBE-SVC-AAAAAAAAAAAAAAAA
-A KUBE-SVC-AAAAAAAAAAAAAAAA -m comment --comment "prod/web -> 10.244.0.5:80" -j KUBE-SEP-AAAAAAAAAAAAAAAA
-A KUBE-SEP-AAAAAAAAAAAAAAAA -s 10.244.0.5/32 -m comment --comment "prod/web" -j KUBE-MARK-MASQ
-A KUBE-SEP-AAAAAAAAAAAAAAAA -p tcp -m comment --comment "prod/web" -m tcp -j DNAT --to-destination 10.244.0.5:80
`;
const BY_SETS = `${ANCHORS}-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ\n-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT\n:KUBE-NODE-PORT\n`;

/** For each kind of finding the smallest node that has it. */
const SAMPLES: Readonly<Record<string, Files>> = {
  'lint.ipvs.service-no-destinations': ipvs('TCP  10.0.0.1:80 rr\n'),
  'lint.ipvs.all-weight-zero': ipvs('TCP  10.0.0.1:80 rr\n  -> 10.1.0.1:80                  Masq    0      3          0         \n'),
  'lint.ipvs.weight-zero-idle': {
    ...ipvs(
      'TCP  10.0.0.1:80 rr\n  -> 10.1.0.1:80                  Masq    0      0          0         \n  -> 10.1.0.2:80                  Masq    1      0          0         \n',
    ),
    ...nat(''),
  },
  'lint.ipvs.address-missing': {
    ...ipvs('TCP  10.96.0.1:443 rr\n  -> 192.168.10.11:6443           Masq    1      0          0         \n'),
    ...SVC('default       kubernetes   ClusterIP   10.96.0.1    <none>        443/TCP         1d\n'),
    'ip-addr.txt':
      '4: kube-ipvs0: <BROADCAST,NOARP> mtu 1500 qdisc noop state DOWN group default \n    inet 10.96.0.10/32 scope global kube-ipvs0\n       valid_lft forever preferred_lft forever\n',
  },
  'lint.ipvs.connections-untracked': {
    'proxy-mode.txt': 'ipvs\n',
    ...ipvs('TCP  10.96.0.1:443 rr\n  -> 192.168.10.11:6443           Masq    1      0          0         \n'),
    'sysctl.txt': 'net.ipv4.vs.conntrack = 0\n',
  },
  'lint.node.not-forwarding': {
    'proxy-mode.txt': 'ipvs\n',
    ...ipvs('TCP  10.96.0.1:443 rr\n  -> 192.168.10.11:6443           Masq    1      0          0         \n'),
    'sysctl.txt': 'net.ipv4.ip_forward = 0\n',
  },
  'lint.node.no-route': {
    ...ipvs('TCP  10.96.0.1:443 rr\n  -> 10.244.3.5:6443             Masq    1      0          0         \n'),
    'ip-route.txt': 'default via 192.0.2.1 dev eth0 \nblackhole 10.244.3.0/24 \n',
  },
  'lint.ipvs.mixed-forwarding': ipvs(
    'TCP  10.0.0.1:80 rr\n  -> 10.1.0.1:80                  Route   1      0          0         \n  -> 10.1.0.2:80                  Tunnel  1      0          0         \n',
  ),
  'lint.ipvs.fwm-masq-port-zero': ipvs('FWM  7 rr\n  -> 10.1.0.1:0                   Masq    1      0          0         \n'),
  'lint.ipvs.port-differs': ipvs('TCP  10.0.0.1:80 rr\n  -> 10.1.0.1:8080                Route   1      0          0         \n'),
  'lint.ipvs.weight-zero-fails': ipvs(
    'TCP  10.0.0.1:80 sh\n  -> 10.1.0.1:80                  Masq    0      0          0         \n  -> 10.1.0.2:80                  Masq    1      0          0         \n',
  ),
  'lint.ipvs.connections-to-gone': {
    ...ipvs('TCP  10.0.0.1:80 rr\n  -> 10.1.0.1:80                  Masq    1      0          0         \n'),
    'ipvsadm-lnc.txt':
      'IPVS connection entries\npro expire state       source             virtual            destination\nTCP 14:59  ESTABLISHED 192.0.2.9:40112    10.0.0.1:80        10.1.0.2:80\n',
  },
  'lint.ipvs.vip-is-node-address': {
    ...ipvs('TCP  192.168.10.11:22 rr\n  -> 10.1.0.1:22                  Masq    1      0          0         \n'),
    ...OBJECTS('node-1'),
  },
  'lint.ipvs.vip-is-destination': ipvs(
    'TCP  10.0.0.1:80 rr\n  -> 10.0.0.2:80                  Masq    1      0          0         \nTCP  10.0.0.2:80 rr\n  -> 10.1.0.2:80                  Masq    1      0          0         \n',
  ),
  'lint.ipvs.duplicate-destination-across-services': {
    ...ipvs(
      'TCP  10.96.0.5:80 rr\n  -> 10.1.0.1:80                  Masq    1      0          0         \nTCP  10.96.0.6:80 rr\n  -> 10.1.0.1:80                  Masq    1      0          0         \n',
    ),
    ...SVC(
      'prod          web          ClusterIP   10.96.0.5    <none>        80/TCP          1d\nother         web          ClusterIP   10.96.0.6    <none>        80/TCP          1d\n',
    ),
  },
  'lint.ipvs.mixed-schedulers': { ...ipvs('TCP  10.0.0.1:80 rr\nTCP  10.0.0.2:80 rr\nTCP  10.0.0.3:80 wlc\n'), 'proxy-mode.txt': 'ipvs' },
  'lint.fwm.port-with-two-marks': {
    ...ipvs('FWM  2 rr\nFWM  1 rr\n'),
    ...mangle(
      '-A PREROUTING -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x1/0xffffffff\n-A PREROUTING -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x2/0xffffffff\n',
    ),
  },
  'lint.fwm.mark-without-service': {
    ...ipvs('FWM  1 rr\n'),
    ...mangle(
      '-A PREROUTING -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x1/0xffffffff\n-A PREROUTING -p tcp -m tcp --dport 81 -j MARK --set-xmark 0x10/0xffffffff\n',
    ),
  },
  'lint.fwm.service-without-mark': { ...ipvs('FWM  16 rr\n'), ...mangle('') },
  'lint.iptables.dangling-jump': {
    'nat.txt':
      'Chain PREROUTING (policy ACCEPT)\ntarget     prot opt source               destination         \nGONE       all  --  0.0.0.0/0            0.0.0.0/0           \n',
  },
  'lint.iptables.orphan-chain': filter('-A FORGOTTEN -s 10.0.0.1/32 -j DROP\n'),
  'lint.iptables.refcount-mismatch': {
    'filter.txt':
      'Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination         \n\nChain MINE (2 references)\ntarget     prot opt source               destination         \n',
  },
  'lint.iptables.duplicate-rule': filter('-A INPUT -s 10.0.0.1/32 -j DROP\n'.repeat(100)),
  'lint.nat.duplicate-dnat': nat(
    '-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.1:80\n-A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.2:80\n',
  ),
  'lint.iptables.shadowed-rule': filter('-A INPUT -p tcp -j ACCEPT\n-A INPUT -s 10.0.0.1/32 -p tcp -j DROP\n'),
  'lint.iptables.redundant-before-wider': filter('-A INPUT -s 10.0.0.5/32 -j ACCEPT\n-A INPUT -s 10.0.0.0/8 -j ACCEPT\n'),
  'lint.iptables.redundant-rule': filter('-A INPUT -p tcp -j DROP\n-A INPUT -s 10.0.0.1/32 -p tcp -j DROP\n'),
  'lint.kube.masquerade-mark-unread': nat(
    '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000\n-A POSTROUTING -m mark --mark 0x8000/0x8000 -j MASQUERADE\n',
  ),
  'lint.kube.unmarked-masqueraded': nat(
    '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000\n-A POSTROUTING -j KUBE-POSTROUTING\n-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0\n-A KUBE-POSTROUTING -j MASQUERADE --random-fully\n',
  ),
  'lint.kube.node-port-not-masqueraded': nat(
    ':KUBE-SVC-AAAAAAAAAAAAAAAA - [0:0]\n-A KUBE-NODEPORTS -p tcp -m comment --comment "prod/web:http" -m tcp --dport 30080 -j KUBE-SVC-AAAAAAAAAAAAAAAA\n',
  ),
  'lint.nat.cycle': nat('-A PREROUTING -j ONE\n-A ONE -j TWO\n-A TWO -j ONE\n'),
  'lint.kube.chain-hash-mismatch': nat(service().replaceAll('KUBE-SVC-NPX46M4PTMTKRN6Y', 'KUBE-SVC-AAAAAAAAAAAAAAAA')),
  'lint.kube.comment-mismatch': nat(service('-A KUBE-SVC-NPX46M4PTMTKRN6Y -m comment --comment "default/other:https" -j KUBE-SEP-B\n')),
  'lint.kube.share-skewed': nat(service().replace('0.50000000000', '0.20000000000')),
  'lint.kube.sep-without-dnat': nat(
    '-A KUBE-SERVICES -j KUBE-SEP-PNVO2D3C2MVULPBS\n-A KUBE-SEP-PNVO2D3C2MVULPBS -s 10.0.0.1/32 -j KUBE-MARK-MASQ\n:KUBE-MARK-MASQ\n',
  ),
  'lint.kube.svc-empty': nat(
    `${ANCHORS}-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y\n:KUBE-SVC-NPX46M4PTMTKRN6Y\n`,
  ),
  'lint.kube.svc-unused': nat(service().replace(/^-A KUBE-SERVICES.*\n/m, '-A KUBE-SERVICES -d 10.96.0.9/32 -j RETURN\n')),
  'lint.kube.mixed-mode-leftover': {
    ...ipvs('TCP  10.96.0.1:443 rr\n  -> 10.0.0.1:6443                Masq    1      0          0         \n'),
    ...nat(
      `${service()}-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ\n`.replaceAll(
        'KUBE-SEP-A',
        'KUBE-SEP-AAAAAAAAAAAAAAAA',
      ),
    ),
  },
  'lint.kube.leftover': nat(`${service()}-A CILIUM_POST_nat -j RETURN\n`),
  'lint.kube.filter-nat-contradiction': {
    ...nat(service()),
    ...filter('-A FORWARD -d 10.0.0.0/24 -p tcp -m tcp --dport 6443 -j REJECT --reject-with icmp-port-unreachable\n'),
  },
  'lint.kube.postrouting-bypassed': nat(
    ANCHORS.replace('-A POSTROUTING', '-A POSTROUTING -s 10.244.0.0/16 -d 10.244.0.0/16 -j RETURN\n-A POSTROUTING'),
  ),
  'lint.kube.service-taken': nat(service().replace('-A PREROUTING', '-A PREROUTING -d 10.0.0.0/8 -j RETURN\n-A PREROUTING')),
  'lint.kube.connections-to-gone': {
    ...nat(service()),
    'conntrack.txt':
      'tcp      6 86399 ESTABLISHED src=10.244.1.9 dst=10.96.0.1 sport=40001 dport=443 src=10.0.0.77 dst=10.244.1.9 sport=6443 dport=40001 [ASSURED] mark=0 use=1\n',
  },
  'lint.kube.led-to-another': nat(
    sep(
      service().replace(
        '-A KUBE-SEP-A',
        '-A KUBE-SEP-A -s 10.0.0.1/32 -m comment --comment "prod/web:http" -j KUBE-MARK-MASQ\n-A KUBE-SEP-A',
      ),
    ),
  ),
  'lint.kube.not-served': {
    ...nat(service('').replace(/^-A KUBE-SVC.*\n/m, '-A KUBE-SVC-NPX46M4PTMTKRN6Y -j KUBE-MARK-MASQ\n')),
    ...filter(''),
  },
  'lint.kube.served-in-part': {
    ...nat(service('')),
    ...filter(''),
  },
  'lint.kube.endpoint-never-chosen': nat(sep(service().replace(' -m statistic --mode random --probability 0.50000000000', ''))),
  'lint.kube.hairpin-not-masqueraded': nat(
    sep(service().replace('-A KUBE-SEP-A', '-A KUBE-SEP-A -s 10.0.0.1/32 -j KUBE-MARK-MASQ\n-A KUBE-SEP-A')),
  ),
  'lint.ipvs.node-port-address-missing': {
    ...ipvs(
      'TCP  192.0.2.10:30080 rr\nTCP  192.0.2.11:30080 rr\nTCP  192.0.2.10:30443 rr\nTCP  192.0.2.11:30443 rr\nTCP  192.0.2.10:30081 rr\n',
    ),
    'ipset.txt': `create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536
create KUBE-NODE-PORT-TCP bitmap:port range 0-65535
add KUBE-NODE-PORT-TCP 30080
add KUBE-NODE-PORT-TCP 30081
add KUBE-NODE-PORT-TCP 30443
`,
    ...nat('-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT\n-A PREROUTING -j KUBE-SERVICES\n'),
  },
  'lint.ipvs.persistence-differs': {
    ...ipvs(
      `TCP  10.96.0.5:80 rr persistent 10800
  -> 10.244.0.5:80                Masq    1      0          0         
TCP  192.0.2.10:30080 rr
  -> 10.244.0.5:80                Masq    1      0          0         
`,
    ),
    'ipset.txt': `create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536
create KUBE-NODE-PORT-TCP bitmap:port range 0-65535
add KUBE-CLUSTER-IP 10.96.0.5,tcp:80
add KUBE-NODE-PORT-TCP 30080
`,
    ...nat('-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT\n-A PREROUTING -j KUBE-SERVICES\n'),
  },
  'lint.kube.anchor-missing': nat(service().replace('-A PREROUTING -j KUBE-SERVICES\n', '')),
  'lint.kube.nodeport-not-last': nat(
    `${ANCHORS}-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS\n-A KUBE-SERVICES -d 10.96.0.9/32 -j RETURN\n:KUBE-NODEPORTS\n`,
  ),
  'lint.kube.hostport-before-services': nat(
    `-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT\n${service()}:CNI-HOSTPORT-DNAT\n`,
  ),
  'lint.kube.no-masquerade-rule': {
    ...nat(service().replaceAll('KUBE-SEP-A', 'KUBE-SEP-AAAAAAAAAAAAAAAA')),
    'config.yaml': 'kind: KubeProxyConfiguration\nmode: iptables\nclusterCIDR: 10.244.0.0/16\n',
  },
  'lint.kube.endpoint-outside-cluster-cidr': {
    ...ipvs('TCP  10.96.0.5:80 rr\n  -> 172.17.0.2:80                Masq    1      0          0         \n'),
    ...nat(
      BY_SETS.replace(
        '-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP src,dst',
        '-A KUBE-SERVICES ! -s 172.16.0.0/16 -m set --match-set KUBE-CLUSTER-IP dst,dst',
      ),
    ),
  },
  'lint.kube.conflicting-cidrs': nat(
    `${ANCHORS}-A KUBE-SERVICES ! -s 10.1.0.0/16 -d 10.96.0.1/32 -p tcp -m comment --comment "a/b cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ\n-A KUBE-SERVICES ! -s 10.2.0.0/16 -d 10.96.0.2/32 -p tcp -m comment --comment "a/c cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ\n`,
  ),
  'lint.kube.ipset-program-missing': {
    'ipset.stderr.txt': '/bin/sh: 1: ipset: not found\n',
    'proxy-mode.txt': 'iptables',
    'config.yaml': 'kind: KubeProxyConfiguration\nmode: ipvs\n',
  },
  ...Object.fromEntries(
    [
      ['restore-failing', 'Failed to execute iptables-restore: exit status 1 (iptables-restore: line 51 failed'],
      ['sync-failing', '"Sync failed" retryingTime="30s"'],
      ['ipset-failing', '"Failed to make sure existence of ip set" err="error creating ipset KUBE-LOOP-BACK"'],
      ['ipvs-failing', '"Failed to add IPVS service" err="no such device"'],
      ['cleanup-failing', '"Failed to delete stale service connections" err="conntrack not found"'],
      ['log-error', '"Something that nobody knows" err="none"'],
      ['mode-unknown', '"Unknown proxy mode, assuming iptables proxy" proxyMode="ipvz"'],
      ['mode-switched', 'Using ipvs Proxier.\nI0102 03:05:05.000000       1 server_others.go:1] Using iptables Proxier.'],
    ].map(([id, message]) => [`lint.kube.${id}`, { 'kube-proxy.log': `E0102 03:04:05.000000       1 proxier.go:1] ${message}\n` }]),
  ),
  'lint.kube.scheduler-unknown': {
    'proxy-mode.txt': 'iptables',
    'config.yaml': 'kind: KubeProxyConfiguration\nmode: ipvs\nipvs:\n  scheduler: fastest\n',
  },
  'lint.kube.ipvs-unusable': {
    'kube-proxy.log': `E1122 21:13:07.972956    2656 server.go:558] "Error running ProxyServer" err="can't use the IPVS proxier: out of luck"\n`,
  },
  'lint.nft.table-partial': NFT('10.96.0.5 . tcp . 80 : goto service-AAAAAAAA-prod/web/tcp/'),
  'lint.kube.not-running': {
    'kube-proxy.log':
      'I0601 10:00:00.200000       1 server_linux.go:160] "Using nftables Proxier"\nE0601 10:00:00.300000       1 server.go:558] "Error running ProxyServer" err="unable to create proxier: kube-proxy in nftables mode requires kernel 5.13 or later"\n',
  },
  'lint.modules.ipvs-incomplete': {
    'kube-proxy.log': `E1122 20:52:25.294322     541 server_others.go:106] Can't use the IPVS proxier: IPVS proxier will not be used because the following required kernel modules are not loaded: [ip_vs_sh]\n`,
  },
  'lint.backend.legacy-and-nft': {
    'nat.txt':
      'Chain PREROUTING (policy ACCEPT)\ntarget     prot opt source               destination         \n# Warning: iptables-legacy tables present, use iptables-legacy to see them\n',
  },
  'snapshot.views-disagree': {
    'one.txt': table('filter', ['INPUT', 'FORWARD', 'OUTPUT'], ''),
    'two.txt': table('filter', ['INPUT', 'FORWARD', 'OUTPUT'], '-A INPUT -s 10.0.0.1/32 -j DROP\n'),
  },
  'x.service-without-ipvs': {
    ...ipvs('TCP  10.96.0.1:443 rr\n'),
    ...SVC(
      'default       kubernetes   ClusterIP   10.96.0.1    <none>        443/TCP         1d\nprod          web          ClusterIP   10.96.0.5    <none>        80/TCP          1d\n',
    ),
  },
  'x.service-without-iptables': {
    ...filter(''),
    ...nat(service().replaceAll('KUBE-SEP-A', 'KUBE-SEP-AAAAAAAAAAAAAAAA')),
    ...SVC(
      'default       kubernetes   ClusterIP   10.96.0.1    <none>        443/TCP         1d\nprod          web          ClusterIP   10.96.0.5    <none>        80/TCP          1d\n',
    ),
  },
  'x.service-without-nftables': { ...NFT('10.96.0.9 . tcp . 80 : goto service-AAAAAAAA-prod/gone/tcp/'), ...OBJECTS('node-1') },
  'x.nftables-service-orphan': {
    ...NFT('10.96.0.5 . tcp . 80 : goto service-AAAAAAAA-prod/web/tcp/, 10.96.0.9 . tcp . 80 : goto service-AAAAAAAA-prod/gone/tcp/'),
    ...OBJECTS('node-1'),
  },
  'x.ipvs-service-orphan': {
    ...ipvs('TCP  10.96.0.1:443 rr\nTCP  10.96.0.9:80 rr\n'),
    ...SVC(
      'default       kubernetes   ClusterIP   10.96.0.1    <none>        443/TCP         1d\nprod          db           ClusterIP   None         <none>        80/TCP          1d\n',
    ),
  },
  'x.iptables-service-orphan': { ...nat(WEB_RULES), ...filter(''), ...OBJECTS_WITH({ clusterIP: 'None' }) },
  'x.endpoint-not-expected': {
    ...ipvs(
      'TCP  10.96.0.5:80 rr\n  -> 10.244.0.5:80                Masq    1      0          0         \n  -> 10.244.0.9:80                Masq    1      0          0         \n',
    ),
    ...OBJECTS('node-1'),
  },
  'x.endpoint-missing': { ...ipvs('TCP  10.96.0.5:80 rr\n'), ...OBJECTS('node-1') },
  'x.source-not-expected': {
    ...ipvs('TCP  10.96.0.5:80 rr\n  -> 10.244.0.5:80                Masq    1      0          0         \n'),
    ...nat(`-A POSTROUTING -d 10.244.0.5/32 -j MASQUERADE\n${BY_SETS}`),
    ...OBJECTS('node-1'),
    'ipset.txt': 'create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536\nadd KUBE-CLUSTER-IP 10.96.0.5,tcp:80\n',
  },
  'x.service-not-served': { ...nat(WEB_RULES), ...filter('-A FORWARD -d 10.244.0.5/32 -j DROP\n'), ...OBJECTS('node-1') },
  'x.service-not-refused': {
    ...nat(
      `${ANCHORS}:KUBE-SVC-AAAAAAAAAAAAAAAA\n-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS\n:KUBE-NODEPORTS\n-A KUBE-SEP-AAAAAAAAAAAAAAAA -p tcp -m tcp -j DNAT --to-destination 10.244.0.5:80\n`,
    ),
    ...filter(
      '-A KUBE-SERVICES -d 10.96.0.6/32 -p tcp -m comment --comment "prod/web has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable\n',
    ),
    ...OBJECTS_WITH({ clusterIP: '10.96.0.6', ports: [{ name: 'other', port: 80, protocol: 'TCP' }] }),
  },
  'x.source-not-restricted': {
    ...nat(WEB_RULES),
    ...filter(''),
    ...OBJECTS_WITH(
      { type: 'LoadBalancer', loadBalancerSourceRanges: ['203.0.113.0/24'] },
      { loadBalancer: { ingress: [{ ip: '192.0.2.5' }] } },
    ),
  },
  'x.affinity-not-expected': { ...ipvs(WEB.replace(' rr', ' rr persistent 300')), ...OBJECTS('node-1') },
  'x.scheduler-not-expected': {
    ...ipvs(WEB.replace(' rr', ' wlc')),
    ...OBJECTS('node-1'),
    'config.yaml': 'kind: KubeProxyConfiguration\nmode: ipvs\nipvs:\n  scheduler: rr\n',
  },
  'x.ipset-missing': { ...ipvs(WEB), ...OBJECTS('node-1'), 'ipset.txt': SET('KUBE-EXTERNAL-IP') },
  'x.ipset-member-missing': { ...ipvs(WEB), ...OBJECTS('node-1'), 'ipset.txt': SET('KUBE-CLUSTER-IP') },
  'x.ipset-member-not-expected': {
    ...ipvs(WEB),
    ...OBJECTS('node-1'),
    'ipset.txt': SET('KUBE-CLUSTER-IP', 'add KUBE-CLUSTER-IP 10.96.0.5,tcp:80\nadd KUBE-CLUSTER-IP 10.96.0.7,tcp:80\n'),
  },
  'x.ipvs-address-missing': { ...ipvs(WEB), ...OBJECTS('node-1'), 'ip-addr.txt': KUBE_IPVS0 },
  'x.ipvs-address-not-expected': { ...ipvs(WEB), ...OBJECTS('node-1'), 'ip-addr.txt': KUBE_IPVS0 },
  'x.rule-missing': {
    ...ipvs(WEB),
    ...nat(BY_SETS),
    ...OBJECTS('node-1'),
    'ipset.txt': SET('KUBE-CLUSTER-IP', 'add KUBE-CLUSTER-IP 10.96.0.5,tcp:80\n'),
  },
  'x.rule-not-expected': {
    ...ipvs(WEB),
    ...nat(`-A KUBE-SERVICES -s 10.0.0.9/32 -j RETURN\n${BY_SETS}`),
    ...OBJECTS('node-1'),
    'ipset.txt': SET('KUBE-CLUSTER-IP', 'add KUBE-CLUSTER-IP 10.96.0.5,tcp:80\n'),
  },
  'x.weight-not-expected': {
    ...ipvs('TCP  10.96.0.5:80 rr\n  -> 10.244.0.5:80                Masq    5      0          0         \n'),
    ...OBJECTS('node-1'),
  },
  'x.ipvs-loopback-entry-missing': {
    ...ipvs('TCP  10.96.0.5:80 rr\n  -> 10.244.0.5:80                Masq    1      0          0         \n'),
    ...OBJECTS('node-1'),
    'ipset.txt': 'create KUBE-LOOP-BACK hash:ip,port,ip family inet hashsize 1024 maxelem 65536\n',
  },
};

describe('every kind of finding', () => {
  it('has a sample, and no sample is of an unknown kind', () => {
    expect(Object.keys(SAMPLES).sort()).toEqual(FINDING_CATALOGUE.map(({ id }) => id).sort());
  });

  it.each(FINDING_CATALOGUE.map((kind) => [kind.id, kind] as const))('%s is found in its sample', (id) => {
    const files = Object.entries(SAMPLES[id] ?? {}).map(([name, content]) => ({ name, content }));
    const report = checkSnapshot(readSnapshot(files));
    const found = report.findings.filter((finding) => finding.id === id);
    expect([id, report.troubles, found.length]).toEqual([id, [], expect.any(Number)]);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]?.text).not.toMatch(/^[A-Z][a-z]+ [a-z]+ is|\.$|undefined/);
  });
});
