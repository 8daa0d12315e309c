import type { Severity } from '../report.ts';

/** What the catalogue says of one kind of finding. */
export interface FindingKind {
  /** Permanent; never used again for another meaning. */
  readonly id: string;
  /** Severity unless the finding itself says otherwise. */
  readonly severity: Severity;
  /** What is so, in a few words. */
  readonly title: string;
  /** What it means for traffic. */
  readonly why: string;
}

const ROWS: readonly (readonly [id: string, severity: Severity, title: string, why: string])[] = [
  [
    'lint.ipvs.service-no-destinations',
    'none',
    'a virtual service without destinations',
    'connections to it are refused; that is right for a service without endpoints',
  ],
  ['lint.ipvs.all-weight-zero', 'critical', 'all destinations of a virtual service have weight 0', 'no new connection is served'],
  ['lint.ipvs.weight-zero-idle', 'warning', 'a destination with weight 0 and no connection', 'nothing is left to drain: it was forgotten'],
  [
    'lint.ipvs.mixed-forwarding',
    'warning',
    'the destinations of a service have different forwarding methods',
    'replies of some of them may not come back',
  ],
  ['lint.ipvs.fwm-masq-port-zero', 'none', 'a firewall-mark service masquerades to port 0', 'packets keep their own port, as is usual'],
  [
    'lint.ipvs.port-differs',
    'warning',
    'a destination has another port than its service, and is sent packets as they are',
    'direct routing and tunnelling change no port: packets arrive at the port of the service',
  ],
  [
    'lint.ipvs.weight-zero-fails',
    'warning',
    'a destination of weight 0 keeps its place in the table of sh, mh or dh',
    'new connections that are hashed to it fail',
  ],
  [
    'lint.ipvs.connections-to-gone',
    'warning',
    'connections to a destination that the table does not have',
    'what they send is dropped until they end, or until a packet makes IPVS forget them',
  ],
  [
    'lint.ipvs.vip-is-node-address',
    'warning',
    'a virtual service on an address of the node',
    'the node itself can no longer be reached there',
  ],
  ['lint.ipvs.vip-is-destination', 'notice', 'a virtual service is also a destination', 'packets are balanced twice'],
  ['lint.ipvs.duplicate-destination-across-services', 'none', 'one endpoint behind two services', 'both services fail with it'],
  [
    'lint.ipvs.mixed-schedulers',
    'notice',
    'virtual services of kube-proxy with different schedulers',
    'kube-proxy sets one for all: changed by hand, or a restart is under way',
  ],
  ['lint.fwm.port-with-two-marks', 'warning', 'two rules set different marks on the same packets', 'the later one decides'],
  ['lint.fwm.mark-without-service', 'warning', 'a mark that no virtual service uses', 'marked packets are not balanced'],
  ['lint.fwm.service-without-mark', 'warning', 'a virtual service for a mark that no rule sets', 'no packet reaches it'],
  [
    'lint.iptables.dangling-jump',
    'notice',
    'a jump to a chain that is not listed',
    'the listing is incomplete: what the chain does is unknown',
  ],
  ['lint.iptables.orphan-chain', 'none', 'a chain with rules that nothing jumps to', 'its rules never see a packet'],
  [
    'lint.iptables.refcount-mismatch',
    'notice',
    'the reference count of a chain differs from the jumps listed',
    'the listing is incomplete',
  ],
  ['lint.iptables.duplicate-rule', 'none', 'the same rule several times', 'further copies have no effect; very many of them cost time'],
  [
    'lint.iptables.shadowed-rule',
    'notice',
    'a rule that no packet can meet',
    'rules before it take all its packets, or its conditions exclude each other: what it was meant to do does not happen',
  ],
  ['lint.iptables.redundant-rule', 'none', 'a rule whose packets rules before it treat alike', 'it has no effect of its own'],
  [
    'lint.nat.duplicate-dnat',
    'warning',
    'two rules translate the same packets to different places',
    'the first one decides, the second has no effect',
  ],
  ['lint.nat.cycle', 'warning', 'chains jump in a circle', 'no kernel accepts such rules: the text is damaged'],
  [
    'lint.kube.chain-hash-mismatch',
    'notice',
    'the name of a chain of kube-proxy belongs to another service',
    'written by hand, or by another program',
  ],
  ['lint.kube.comment-mismatch', 'warning', 'the rules of one chain name different services', 'packets of one service may reach another'],
  ['lint.kube.share-skewed', 'notice', 'endpoints of one service get different shares', 'some take more connections than others'],
  [
    'lint.kube.sep-without-dnat',
    'warning',
    'the chain of an endpoint has no DNAT rule',
    'packets for the endpoint are not forwarded to it',
  ],
  ['lint.kube.svc-empty', 'warning', 'the chain of a service leads to no endpoint', 'packets to the service are not forwarded'],
  ['lint.kube.svc-unused', 'warning', 'nothing jumps to the chain of a service', 'the service is not reachable at its address'],
  [
    'lint.kube.mixed-mode-leftover',
    'warning',
    'IPVS and rules of iptables mode serve the same addresses',
    'one of them is left over and is no longer kept up to date',
  ],
  ['lint.kube.leftover', 'notice', 'rules of kube-proxy are left over that nothing keeps up to date', 'they still handle packets'],
  ['lint.kube.filter-nat-contradiction', 'critical', 'a rule refuses packets to a service that has endpoints', 'connections to it fail'],
  [
    'lint.kube.postrouting-bypassed',
    'warning',
    'a rule takes packets before KUBE-POSTROUTING',
    'marked packets are not masqueraded, and replies to them are lost',
  ],
  [
    'lint.kube.masquerade-mark-unread',
    'critical',
    'the mark for masquerading is set and no rule reads it',
    'nothing is masqueraded: replies to clients outside and to hairpins are lost',
  ],
  [
    'lint.kube.node-port-not-masqueraded',
    'warning',
    'a node port leads to endpoints of other nodes without masquerading',
    'their replies do not come back by this node: clients from outside get none',
  ],
  [
    'lint.kube.service-taken',
    'warning',
    'a rule takes connections to a service before the rules of kube-proxy',
    'they go elsewhere than to the endpoints of the service',
  ],
  [
    'lint.kube.connections-to-gone',
    'warning',
    'tracked connections to an endpoint that their service no longer has',
    'they go on as they began: what they send reaches nobody once the pod is gone',
  ],
  ['lint.kube.anchor-missing', 'critical', 'nothing jumps to a chain of kube-proxy', 'its rules have no effect'],
  [
    'lint.kube.nodeport-not-last',
    'warning',
    'the jump for node ports is missing, not last, or open to other addresses',
    'node ports do not work as they should',
  ],
  ['lint.kube.hostport-before-services', 'notice', 'host ports come before services', 'a host port hides a node port of the same number'],
  [
    'lint.kube.no-masquerade-rule',
    'warning',
    'a cluster CIDR is set and no rule masquerades',
    'clients outside the cluster get no reply from cluster IPs',
  ],
  [
    'lint.kube.endpoint-outside-cluster-cidr',
    'notice',
    'most endpoints are outside the cluster CIDR',
    'the configured range is not that of the pods',
  ],
  [
    'lint.kube.conflicting-cidrs',
    'warning',
    'rules exempt different ranges from masquerading',
    'services treat the same client differently',
  ],
  [
    'lint.kube.ipset-program-missing',
    'warning',
    'ipvs mode is configured and the program ipset is missing',
    'kube-proxy falls back to iptables mode, or exits from 1.26 on',
  ],
  ['lint.kube.scheduler-unknown', 'critical', 'the configured scheduler does not exist', 'kube-proxy does not start'],
  [
    'lint.kube.ipvs-unusable',
    'warning',
    'ipvs mode is configured and not available',
    'kube-proxy falls back to iptables mode, or exits from 1.26 on',
  ],
  [
    'lint.kube.restore-failing',
    'critical',
    "kube-proxy's log says that its rules could not be set",
    'services and endpoints that changed since are not in the rules',
  ],
  [
    'lint.kube.sync-failing',
    'critical',
    "kube-proxy's log says that it could not bring the node up to date",
    'services and endpoints that changed since are not served',
  ],
  [
    'lint.kube.ipset-failing',
    'critical',
    "kube-proxy's log says that an ip set could not be set",
    'packets are masqueraded or dropped by members of before',
  ],
  [
    'lint.kube.ipvs-failing',
    'critical',
    "kube-proxy's log says that IPVS could not be set",
    'a service or an endpoint is not served as it should',
  ],
  [
    'lint.kube.cleanup-failing',
    'warning',
    "kube-proxy's log says that something of before could not be taken away",
    'connections or rules of before go on',
  ],
  ['lint.kube.log-error', 'notice', "kube-proxy's log has an error", 'it is told as it stands'],
  ['lint.kube.mode-unknown', 'warning', 'a proxy mode was asked for that kube-proxy does not know', 'it runs in iptables mode'],
  [
    'lint.kube.mode-switched',
    'notice',
    "kube-proxy's log shows starts in different modes",
    'what the mode before has set up may be left over',
  ],
  [
    'lint.nft.table-partial',
    'critical',
    "a part of kube-proxy's table of nft is missing",
    'connections to services are not handled as the rest of the table says',
  ],
  ['lint.kube.not-running', 'critical', 'kube-proxy ended with an error', 'rules are no longer kept up to date, or were never set up'],
  [
    'lint.modules.ipvs-incomplete',
    'warning',
    'a module that ipvs mode needs is missing',
    'kube-proxy falls back to iptables mode, or exits from 1.26 on',
  ],
  [
    'lint.backend.legacy-and-nft',
    'warning',
    'rules in both backends of iptables',
    'packets pass through both, and each tool shows only one of them',
  ],
  ['snapshot.views-disagree', 'none', 'two listings of one table differ', 'they were captured at different times'],
  ['x.service-without-ipvs', 'warning', 'a service that IPVS does not serve', 'its address is not served'],
  ['x.service-without-iptables', 'warning', 'a service that no rule serves', 'its address is not served'],
  ['x.service-without-nftables', 'warning', 'a service that no map or rule of nft serves', 'its address is not served'],
  [
    'x.ipvs-service-orphan',
    'warning',
    'a virtual service that belongs to no Service of the cluster',
    'left over, or made by somebody else',
  ],
  [
    'x.iptables-service-orphan',
    'warning',
    'rules serve a service that the cluster does not have',
    'left over: connections reach what is no longer its endpoint',
  ],
  [
    'x.nftables-service-orphan',
    'warning',
    'maps or rules of nft serve a service that the cluster does not have',
    'left over: connections reach what is no longer its endpoint',
  ],
  ['x.endpoint-not-expected', 'critical', 'connections go to an endpoint the service does not have', 'they fail, or reach something else'],
  [
    'x.endpoint-missing',
    'critical',
    'an endpoint of the service gets no connections',
    'the others take its share; without others the service is down',
  ],
  [
    'x.source-not-expected',
    'notice',
    'the source address is replaced where kube-proxy would keep it, or kept where it would replace it',
    'the receiver sees another client, or its replies do not come back',
  ],
  ['x.service-not-served', 'critical', 'connections to a service are not delivered, though kube-proxy would deliver them', 'they fail'],
  ['x.service-not-refused', 'notice', 'connections to a service without endpoints are not refused', 'clients wait instead of being told'],
  [
    'x.source-not-restricted',
    'critical',
    'clients outside of the source ranges of a service are served',
    'the service is open to those it is closed to',
  ],
  [
    'x.affinity-not-expected',
    'warning',
    'clients are kept at one endpoint for another time than the service asks for',
    'sessions break, or stick too long',
  ],
  [
    'x.scheduler-not-expected',
    'warning',
    'a virtual service has another scheduler or other flags than kube-proxy gives it',
    'connections are shared out in another way',
  ],
  ['x.ipset-missing', 'critical', 'a set of kube-proxy does not exist', 'rules that look into it cannot be loaded'],
  [
    'x.ipset-member-missing',
    'critical',
    'a service is not in a set of kube-proxy',
    'rules that look into the set treat its packets otherwise',
  ],
  [
    'x.ipset-member-not-expected',
    'warning',
    'a set of kube-proxy holds what no service of the cluster asks for',
    'left over, or added by hand: packets are treated as those of a service',
  ],
  ['x.ipvs-address-missing', 'critical', 'the address of a service is not on kube-ipvs0', 'packets to it do not reach IPVS'],
  [
    'x.ipvs-address-not-expected',
    'warning',
    'an address on kube-ipvs0 that no service of the cluster has',
    'packets to it end at the node',
  ],
  ['x.rule-missing', 'critical', 'a rule that kube-proxy writes is missing', 'packets of services are treated otherwise'],
  ['x.rule-not-expected', 'warning', 'a rule in a chain of kube-proxy that it does not write', 'packets of services are treated otherwise'],
  [
    'x.weight-not-expected',
    'warning',
    'kube-proxy gives every endpoint weight 1, this one has another',
    'changed by hand: it gets more or fewer connections',
  ],
  [
    'x.ipvs-loopback-entry-missing',
    'warning',
    'a local endpoint is not in the set KUBE-LOOP-BACK',
    'it cannot reach itself through its service',
  ],
];

/** Every kind of finding, by the order of the areas. */
export const FINDING_CATALOGUE: readonly FindingKind[] = ROWS.map(([id, severity, title, why]) => ({ id, severity, title, why }));

const BY_ID = new Map(FINDING_CATALOGUE.map((kind) => [kind.id, kind]));

/** The severity a kind of finding has by itself. */
export function severityOf(id: string): Severity {
  return BY_ID.get(id)?.severity ?? 'notice';
}
