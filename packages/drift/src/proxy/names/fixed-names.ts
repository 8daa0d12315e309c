/**
 * The chains of kube-proxy and kubelet that have one name for all services; what each is for stands in `chain-catalogue.ts`, its role in
 * `chain-roles.ts`.
 */
export const CHAIN = {
  services: 'KUBE-SERVICES',
  externalServices: 'KUBE-EXTERNAL-SERVICES',
  nodePorts: 'KUBE-NODEPORTS',
  nodePort: 'KUBE-NODE-PORT',
  postrouting: 'KUBE-POSTROUTING',
  markMasq: 'KUBE-MARK-MASQ',
  markDrop: 'KUBE-MARK-DROP',
  forward: 'KUBE-FORWARD',
  firewall: 'KUBE-FIREWALL',
  proxyFirewall: 'KUBE-PROXY-FIREWALL',
  sourceRangesFirewall: 'KUBE-SOURCE-RANGES-FIREWALL',
  ipvsFilter: 'KUBE-IPVS-FILTER',
  ipvsOutFilter: 'KUBE-IPVS-OUT-FILTER',
  loadBalancer: 'KUBE-LOAD-BALANCER',
  hostPorts: 'KUBE-HOSTPORTS',
  proxyCanary: 'KUBE-PROXY-CANARY',
  kubeletCanary: 'KUBE-KUBELET-CANARY',
} as const;

/** Sets of ipvs mode; of IPv6 too, where they have a name of their own: `set-catalogue.ts`. */
export const SET = {
  loadBalancerFw: 'KUBE-LOAD-BALANCER-FW',
  loadBalancerSourceCidr: 'KUBE-LOAD-BALANCER-SOURCE-CIDR',
  loopBack: 'KUBE-LOOP-BACK',
  loopBack6: 'KUBE-6-LOOP-BACK',
  ipvsIps: 'KUBE-IPVS-IPS',
} as const;
