/** The tables of iptables. */
export type TableName = 'filter' | 'nat' | 'mangle' | 'raw' | 'security';

/** The tables that have a built-in chain (Linux `net/ipv4/netfilter/iptable_*.c`, `valid_hooks`); INPUT of nat came with 2.6.36. */
export const TABLES_OF_HOOK: ReadonlyMap<string, readonly TableName[]> = new Map([
  ['PREROUTING', ['nat', 'mangle', 'raw']],
  ['INPUT', ['filter', 'nat', 'mangle', 'security']],
  ['FORWARD', ['filter', 'mangle', 'security']],
  ['OUTPUT', ['filter', 'nat', 'mangle', 'raw', 'security']],
  ['POSTROUTING', ['nat', 'mangle']],
]);

/** Targets that the kernel takes in these tables alone: `.table` in Linux `net/netfilter/xt_*.c` and `net/ipv4/netfilter/ipt_*.c`. */
export const TABLES_OF_TARGET: ReadonlyMap<string, readonly TableName[]> = new Map<string, readonly TableName[]>([
  ...(['DNAT', 'SNAT', 'MASQUERADE', 'REDIRECT', 'NETMAP', 'SAME', 'BALANCE'] as const).map((name) => [name, ['nat']] as const),
  ...(['TPROXY', 'TOS', 'DSCP', 'ECN', 'TTL', 'HL', 'CHECKSUM', 'TCPOPTSTRIP'] as const).map((name) => [name, ['mangle']] as const),
  ...(['CT', 'NOTRACK', 'RAWDNAT', 'RAWSNAT'] as const).map((name) => [name, ['raw']] as const),
  ...(['REJECT', 'CLUSTERIP'] as const).map((name) => [name, ['filter']] as const),
  ...(['SECMARK', 'CONNSECMARK'] as const).map((name) => [name, ['mangle', 'security']] as const),
]);

/** A program, the chains that it makes by such names, and the tables in which it makes them. */
interface ChainSign {
  readonly names: RegExp;
  readonly tables: readonly TableName[];
  /** Where the program makes them. */
  readonly source: string;
}

const KUBE_PROXY = 'kubernetes pkg/proxy/iptables/proxier.go and pkg/proxy/ipvs/proxier.go, 1.14 to 1.33';

/** Chains that programs make in some tables only. A chain that a program makes in every table is no sign and not listed. */
export const CHAIN_SIGNS: readonly ChainSign[] = [
  { names: /^KUBE-(?:SVC|SVL|SEP|FW|XLB|EXT)-[A-Z2-7]{16}$/, tables: ['nat'], source: KUBE_PROXY },
  { names: /^KUBE-(?:POSTROUTING|MARK-MASQ|MARK-DROP|LOAD-BALANCER)$/, tables: ['nat'], source: KUBE_PROXY },
  { names: /^KUBE-(?:SERVICES|NODEPORTS|NODE-PORT|FIREWALL)$/, tables: ['nat', 'filter'], source: KUBE_PROXY },
  {
    names: /^KUBE-(?:FORWARD|EXTERNAL-SERVICES|PROXY-FIREWALL|SOURCE-RANGES-FIREWALL|IPVS-FILTER|IPVS-OUT-FILTER)$/,
    tables: ['filter'],
    source: KUBE_PROXY,
  },
  { names: /^KUBE-IPTABLES-HINT$/, tables: ['mangle'], source: 'kubernetes pkg/kubelet/kubelet_network_linux.go, 1.24' },
  {
    names: /^DOCKER-(?:ISOLATION-STAGE-[12]|ISOLATION|USER|FORWARD|BRIDGE|CT|INGRESS-ROUTING)$/,
    tables: ['filter'],
    source: 'moby libnetwork/drivers/bridge/setup_ip_tables_linux.go',
  },
  { names: /^DOCKER$/, tables: ['nat', 'filter'], source: 'moby libnetwork/drivers/bridge/setup_ip_tables_linux.go' },
  {
    names: /^CNI-(?:HOSTPORT-DNAT|HOSTPORT-SETMARK|HOSTPORT-MASQ|DN-[0-9a-f]+|SN-[0-9a-f]+|[0-9a-f]{24})$/,
    tables: ['nat'],
    source: 'containernetworking/plugins plugins/meta/portmap and pkg/ip/ipmasq',
  },
  {
    names: /^CNI-(?:FORWARD|ADMIN|ISOLATION-STAGE-[12])$/,
    tables: ['filter'],
    source: 'containernetworking/plugins plugins/meta/firewall',
  },
  { names: /^FLANNEL-POSTRTG$/, tables: ['nat'], source: 'flannel pkg/trafficmngr/iptables' },
  { names: /^FLANNEL-FWD$/, tables: ['filter'], source: 'flannel pkg/trafficmngr/iptables' },
  { names: /^cali-(?:nat-outgoing|fip-dnat|fip-snat)$/, tables: ['nat'], source: 'calico felix/rules/rule_defs.go' },
  {
    names: /^cali-(?:wl-to-host|from-wl-dispatch|to-wl-dispatch|[ft]w-.+)$/,
    tables: ['filter'],
    source: 'calico felix/rules/rule_defs.go',
  },
  { names: /^CILIUM_(?:PRE|POST|OUTPUT)_nat$/, tables: ['nat'], source: 'cilium pkg/datapath/iptables/iptables.go' },
  { names: /^CILIUM_(?:INPUT|OUTPUT|FORWARD)$/, tables: ['filter'], source: 'cilium pkg/datapath/iptables/iptables.go' },
  { names: /^CILIUM_(?:PRE|POST)_mangle$/, tables: ['mangle'], source: 'cilium pkg/datapath/iptables/iptables.go' },
  { names: /^CILIUM_(?:PRE|OUTPUT)_raw$/, tables: ['raw'], source: 'cilium pkg/datapath/iptables/iptables.go' },
  { names: /^ISTIO_(?:REDIRECT|IN_REDIRECT|OUTPUT)$/, tables: ['nat'], source: 'istio tools/istio-iptables/pkg/constants' },
  { names: /^ISTIO_(?:TPROXY|DIVERT)$/, tables: ['mangle'], source: 'istio tools/istio-iptables/pkg/constants' },
  {
    names: /^(?:KUBE-ROUTER-(?:INPUT|FORWARD|OUTPUT)|KUBE-POD-FW-.+|KUBE-NWPLCY-.+)$/,
    tables: ['filter'],
    source: 'kube-router pkg/controllers/netpol',
  },
  { names: /^ufw6?-/, tables: ['filter'], source: 'ufw src/ufw-init-functions' },
  { names: /^(?:f2b|fail2ban)-/, tables: ['filter'], source: 'fail2ban config/action.d/iptables.conf' },
  { names: /^LIBVIRT_(?:INP|OUT|FWI|FWO|FWX)$/, tables: ['filter'], source: 'libvirt src/network/network_iptables.c' },
  { names: /^LIBVIRT_PRT$/, tables: ['nat', 'mangle'], source: 'libvirt src/network/network_iptables.c' },
];
