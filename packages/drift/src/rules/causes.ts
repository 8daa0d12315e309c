/** What is known of one kind of cause. */
export interface CauseKind {
  /** Permanent; never used again for another meaning. */
  readonly id: string;
  /** What happened, in a few words. */
  readonly title: string;
  /** How it is recognised. */
  readonly why: string;
}

const ROWS: readonly (readonly [id: string, title: string, why: string])[] = [
  [
    'cause.proxy-mode-changed',
    'another mechanism handles services',
    'IPVS, iptables rules and nftables tables of kube-proxy are told apart by what they hold',
  ],
  ['cause.proxy-upgraded', 'another version of kube-proxy wrote the rules', 'the rules have the form of another range of versions'],
  [
    'cause.cluster-cidr-changed',
    'kube-proxy has another cluster CIDR, or none',
    'the rules that exempt pods from masquerading name another range',
  ],
  [
    'cause.masquerade-all-toggled',
    'masquerade-all was turned on or off',
    'connections to cluster IPs are masqueraded whatever their source, or no longer',
  ],
  [
    'cause.scheduler-changed',
    'kube-proxy has another scheduler',
    'nine of ten virtual services or more went from one scheduler to one other',
  ],
  ['cause.traffic-policy-changed', 'the traffic policy of a service changed', 'several ports of one service have another policy'],
  ['cause.service-added', 'a service was added', 'all its ports appeared'],
  ['cause.service-removed', 'a service was removed', 'all its ports are gone'],
  ['cause.rollout', 'the endpoints of a service were replaced', 'as many endpoints on the same port took their place'],
  ['cause.endpoint-ip-changed', 'an endpoint has another address', 'one address was replaced by one other in several service ports'],
  ['cause.node-drained', 'a node was drained', 'several services lost their endpoints in one /24 (/64), and none leads there any longer'],
  [
    'cause.proxy-restart-gap',
    'kube-proxy has not finished its first sync',
    'four of five virtual services or more lost all endpoints at once',
  ],
  ['cause.owner-wiped', 'the rules of one program were deleted', 'nothing jumps to its chains, or the IPVS table is empty'],
  ['cause.ruleset-flushed', 'the rules of several programs were deleted', 'nothing jumps to the chains of any of them'],
  ['cause.rename-only', 'only names differ', 'the names of chains and an order without effect'],
];

/** Every kind of cause that explains several changes of a report at once. */
export const CAUSE_CATALOGUE: readonly CauseKind[] = ROWS.map(([id, title, why]) => ({ id, title, why }));
