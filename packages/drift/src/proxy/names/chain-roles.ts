import { CHAIN } from './fixed-names.ts';

/** What a chain of kube-proxy's is for. */
export type ChainRole =
  | 'services'
  | 'node-ports'
  | 'postrouting'
  | 'mark-masquerade'
  | 'mark-drop'
  | 'load-balancer'
  | 'firewall'
  | 'forward'
  | 'canary'
  | 'service'
  | 'local-service'
  | 'external'
  | 'service-firewall'
  | 'endpoint';

const FIXED: ReadonlyMap<string, ChainRole> = new Map([
  [CHAIN.services, 'services'],
  [CHAIN.externalServices, 'services'],
  // ipvs mode says NODE-PORT, iptables mode NODEPORTS.
  [CHAIN.nodePort, 'node-ports'],
  [CHAIN.nodePorts, 'node-ports'],
  [CHAIN.postrouting, 'postrouting'],
  [CHAIN.markMasq, 'mark-masquerade'],
  [CHAIN.markDrop, 'mark-drop'],
  [CHAIN.loadBalancer, 'load-balancer'],
  [CHAIN.firewall, 'firewall'],
  [CHAIN.proxyFirewall, 'firewall'],
  [CHAIN.sourceRangesFirewall, 'firewall'],
  [CHAIN.ipvsFilter, 'firewall'],
  [CHAIN.ipvsOutFilter, 'firewall'],
  [CHAIN.forward, 'forward'],
  [CHAIN.proxyCanary, 'canary'],
  [CHAIN.kubeletCanary, 'canary'],
]);

/** Chains of one service port: `KUBE-SVC-` and 16 characters that all chains of the port share; KUBE-SEP has its own. */
const HASHED: readonly (readonly [string, ChainRole])[] = [
  ['KUBE-SVC-', 'service'],
  ['KUBE-SVL-', 'local-service'],
  ['KUBE-XLB-', 'external'],
  ['KUBE-EXT-', 'external'],
  ['KUBE-FW-', 'service-firewall'],
  ['KUBE-SEP-', 'endpoint'],
];

/** The role of a chain by its name, or undefined for a chain that is not kube-proxy's. */
export function chainRole(name: string): ChainRole | undefined {
  return FIXED.get(name) ?? HASHED.find(([prefix]) => name.startsWith(prefix))?.[1];
}

/** Whether a chain of a service port leads to its endpoints: to all of them, or to those of the node. */
export function isEndpointList(name: string): boolean {
  const role = chainRole(name);
  return role === 'service' || role === 'local-service';
}

/** Whether kube-proxy or kubelet makes chains of such a name. */
export function isProxyChain(name: string): boolean {
  return name.startsWith('KUBE-');
}

/** Whether the chain belongs to one service port or one endpoint of it. */
export function isServiceChain(name: string): boolean {
  return HASHED.some(([prefix]) => name.startsWith(prefix));
}
