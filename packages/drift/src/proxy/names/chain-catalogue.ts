import { CHAIN } from './fixed-names.ts';

/** Versions of kube-proxy that make something: the first one, and the first one that no longer does. Missing = as far as known. */
export interface VersionRange {
  /** `1.26` */
  readonly from?: string;
  /** `1.25` = up to 1.24. */
  readonly before?: string;
}

/** A chain that kube-proxy or kubelet makes by a fixed name. */
export interface CatalogueChain {
  readonly name: string;
  readonly table: 'nat' | 'filter' | 'mangle';
  /** The proxy mode that makes it; `any` where both do, `kubelet` where kubelet fills it. */
  readonly mode: 'ipvs' | 'iptables' | 'any' | 'kubelet';
  readonly versions: VersionRange;
  /** What the chain is for. */
  readonly role: string;
  /** Built-in chains it is jumped to from. Empty: it is reached from other chains, or by nothing. */
  readonly anchors: readonly string[];
  /** It stands empty or without references on a healthy node. */
  readonly mayBeIdle: boolean;
}

/**
 * Read in kubernetes pkg/proxy/ipvs/proxier.go and pkg/proxy/iptables/proxier.go of 1.14, 1.16 to 1.18, 1.20 to 1.23,
 * 1.25 to 1.30; seen with 1.20.2 and 1.30.3.
 */
const ROWS: readonly (readonly [
  name: string,
  table: CatalogueChain['table'],
  mode: CatalogueChain['mode'],
  versions: string,
  anchors: string,
  idle: boolean,
  role: string,
])[] = [
  [CHAIN.services, 'nat', 'any', '-', 'PREROUTING OUTPUT', false, 'where packets to services enter'],
  [CHAIN.postrouting, 'nat', 'any', '-', 'POSTROUTING', false, 'masquerades marked packets'],
  [CHAIN.markMasq, 'nat', 'any', '-', '', true, 'marks packets for masquerading'],
  [CHAIN.markDrop, 'nat', 'any', '-1.25', '', true, 'marks packets for dropping; kubelet fills it'],
  [CHAIN.nodePort, 'nat', 'ipvs', '-', '', true, 'decides whether packets to node ports are masqueraded'],
  [CHAIN.loadBalancer, 'nat', 'ipvs', '-', '', true, 'decides about packets to load-balancer addresses'],
  [CHAIN.firewall, 'nat', 'ipvs', '-1.25', '', true, 'lets allowed sources pass to load-balancer addresses'],
  [CHAIN.nodePorts, 'nat', 'iptables', '-', '', true, 'leads packets to node ports to their services'],
  [CHAIN.proxyCanary, 'nat', 'iptables', '1.16-', '', true, 'tells kube-proxy when its rules were flushed'],
  [CHAIN.proxyCanary, 'filter', 'iptables', '1.16-', '', true, 'tells kube-proxy when its rules were flushed'],
  [CHAIN.proxyCanary, 'mangle', 'iptables', '1.16-', '', true, 'tells kube-proxy when its rules were flushed'],
  [CHAIN.kubeletCanary, 'nat', 'kubelet', '1.18-', '', true, 'tells kubelet when its rules were flushed'],
  [CHAIN.kubeletCanary, 'filter', 'kubelet', '1.18-', '', true, 'tells kubelet when its rules were flushed'],
  [CHAIN.kubeletCanary, 'mangle', 'kubelet', '1.18-', '', true, 'tells kubelet when its rules were flushed'],
  [CHAIN.forward, 'filter', 'any', '-', 'FORWARD', false, 'accepts packets of services on their way'],
  [CHAIN.nodePort, 'filter', 'ipvs', '1.21-', 'INPUT', true, 'accepts packets to health check node ports'],
  [CHAIN.nodePorts, 'filter', 'iptables', '1.21-', 'INPUT', true, 'accepts packets to health check node ports'],
  [CHAIN.services, 'filter', 'iptables', '-', 'FORWARD OUTPUT', true, 'rejects packets to services without endpoints'],
  [
    CHAIN.externalServices,
    'filter',
    'iptables',
    '1.13-',
    'INPUT FORWARD',
    true,
    'rejects packets from outside to services without endpoints',
  ],
  [
    CHAIN.proxyFirewall,
    'filter',
    'any',
    '1.25-',
    'INPUT FORWARD',
    true,
    'leads packets to restricted load-balancer addresses to the check of their source',
  ],
  [CHAIN.sourceRangesFirewall, 'filter', 'ipvs', '1.25-', '', true, 'lets allowed sources pass to load-balancer addresses, drops others'],
  [CHAIN.ipvsFilter, 'filter', 'ipvs', '1.26-', 'INPUT', false, 'rejects packets to service addresses that ask for no service'],
  [
    CHAIN.ipvsOutFilter,
    'filter',
    'ipvs',
    '1.29-',
    'OUTPUT',
    true,
    'drops packets of this node to load-balancer addresses that do not allow it',
  ],
  [
    CHAIN.firewall,
    'filter',
    'kubelet',
    '-',
    'INPUT OUTPUT',
    true,
    'drops marked packets, and packets to loopback addresses that do not come from there',
  ],
];

/** Every chain with a fixed name. */
export const CATALOGUE_CHAINS: readonly CatalogueChain[] = ROWS.map(([name, table, mode, versions, anchors, mayBeIdle, role]) => ({
  name,
  table,
  mode,
  versions: rangeOf(versions),
  role,
  anchors: anchors === '' ? [] : anchors.split(' '),
  mayBeIdle,
}));

/** `1.21-`, `-1.25`, `1.16-1.25` or `-`: from the first version on, up to but not including the second. */
export function rangeOf(text: string): VersionRange {
  const [from = '', before = ''] = text.split('-');
  return { ...(from === '' ? {} : { from }), ...(before === '' ? {} : { before }) };
}

/** What is known of a chain of this name in this table; undefined for chains of service ports and of others. */
export function catalogueChain(name: string, table: string): CatalogueChain | undefined {
  return CATALOGUE_CHAINS.find((chain) => chain.name === name && chain.table === table);
}
