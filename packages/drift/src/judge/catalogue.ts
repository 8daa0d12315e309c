import type { Severity } from '../report.ts';

/** What the catalogue says of one kind of change. */
export interface CatalogueEntry {
  /** Permanent; never used again for another meaning. */
  readonly id: string;
  /** Severity where nothing else is known; `by effect` = from what happens to traffic. */
  readonly severity: Severity | 'by effect';
  /** What happened, in a few words. */
  readonly title: string;
  /** What it means for traffic. */
  readonly why: string;
  /** The id of the change in the other direction; the same id where one id tells both. */
  readonly mirror: string;
}

const ROWS: readonly (readonly [id: string, severity: CatalogueEntry['severity'], title: string, why: string, mirror?: string])[] = [
  ['ipvs.service.added', 'notice', 'a virtual service appeared', 'the address now leads to its destinations', 'ipvs.service.removed'],
  ['ipvs.service.removed', 'critical', 'a virtual service is gone', 'connections to its address no longer reach a destination', 'ipvs.service.added'],
  ['ipvs.service.readdressed', 'warning', 'the address of a virtual service changed', 'the old address is no longer served'],
  ['ipvs.service.blackholed', 'critical', 'a virtual service has no usable destination', 'new connections to it are refused', 'ipvs.service.recovered'],
  ['ipvs.service.recovered', 'notice', 'a virtual service has a usable destination again', 'new connections to it are served', 'ipvs.service.blackholed'],
  ['ipvs.service.scheduler-changed', 'notice', 'the scheduler changed', 'new connections are distributed differently; sh and mh also keep a client on its server'],
  ['ipvs.service.persistence-changed', 'notice', 'persistence was added, removed or changed', 'clients stay on their server, or no longer do'],
  ['ipvs.service.flags-changed', 'notice', 'the scheduler flags changed', 'new connections are distributed differently'],
  ['ipvs.timeouts.changed', 'notice', 'idle connections are forgotten after another time', 'what comes later may go to another destination'],
  ['ipvs.daemon.added', 'notice', 'a synchronisation daemon runs now', 'connections are kept in step with another machine', 'ipvs.daemon.removed'],
  ['ipvs.daemon.removed', 'warning', 'a synchronisation daemon no longer runs', 'a machine that takes over does not have the connections', 'ipvs.daemon.added'],
  ['ipvs.daemon.changed', 'warning', 'a synchronisation daemon has other settings', 'unless the other machine has them too, connections are not kept in step'],
  ['ipvs.destination.added', 'by effect', 'a destination was added', 'it takes a share of the new connections', 'ipvs.destination.removed'],
  ['ipvs.destination.removed', 'by effect', 'a destination was removed', 'its connections are cut, its share goes to the others', 'ipvs.destination.added'],
  ['ipvs.destination.draining', 'by effect', 'a weight was set to 0', 'established connections stay; new ones go to the others, or fail where sh, mh or dh still sends them to it', 'ipvs.destination.undrained'],
  ['ipvs.destination.undrained', 'notice', 'a weight rose from 0', 'the destination takes new connections again', 'ipvs.destination.draining'],
  ['ipvs.destination.weight-changed', 'by effect', 'a weight changed', 'the shares of new connections change if the scheduler uses weights'],
  ['ipvs.destination.forwarding-changed', 'critical', 'the forwarding method changed', 'packets are forwarded differently, and replies may not come back'],
  ['ipvs.destination.limits-changed', 'notice', 'the connection limits changed', 'the destination takes fewer or more connections at once'],
  ['ipvs.destination.tunnel-changed', 'critical', 'the encapsulation changed', 'the destination may not understand the packets'],
  ['ipvs.endpoints.replaced', 'notice', 'destinations were replaced by the same number on the same port', 'a rollout: the service stays, connections to the old ones are cut'],
  ['ipset.member.added', 'by effect', 'a member was added to a set', 'rules that use the set match it like the other members', 'ipset.member.removed'],
  ['ipset.member.removed', 'by effect', 'a member was removed from a set', 'rules that use the set no longer match it', 'ipset.member.added'],
  ['ipset.set.added', 'by effect', 'a set was created', 'it matters only to rules that use it', 'ipset.set.removed'],
  ['ipset.set.removed', 'by effect', 'a set was destroyed', 'no rule can use it any longer', 'ipset.set.added'],
  ['ipset.set.redefined', 'by effect', 'the type or the options of a set changed', 'the same members may match other packets'],
  ['ipset.set.recreated', 'none', 'a set was destroyed and created again', 'its members are the same'],
  ['interface.address.added', 'notice', 'an address was added to an interface', 'the node accepts packets to it as its own', 'interface.address.removed'],
  ['interface.address.removed', 'critical', 'an address was removed from an interface', 'the node no longer accepts packets to it as its own', 'interface.address.added'],
  ['iptables.chain.added', 'by effect', 'a chain was created', 'it matters only to packets that a rule sends there', 'iptables.chain.removed'],
  ['iptables.chain.removed', 'by effect', 'a chain was deleted', 'its rules no longer have any effect', 'iptables.chain.added'],
  ['iptables.chain.renamed', 'none', 'a chain was renamed', 'its rules are the same, and the jumps to it follow'],
  ['iptables.chain.policy-changed', 'by effect', 'the policy of a chain changed', 'packets that no rule decides are treated differently'],
  ['iptables.chain.orphaned', 'by effect', 'no rule jumps to a chain any longer', 'its rules no longer see a packet', 'iptables.chain.attached'],
  ['iptables.chain.attached', 'by effect', 'a rule jumps to a chain again', 'its rules see packets again', 'iptables.chain.orphaned'],
  ['iptables.rule.added', 'by effect', 'a rule was added', 'packets that match it are handled by it', 'iptables.rule.removed'],
  ['iptables.rule.removed', 'by effect', 'a rule was removed', 'packets that matched it go on to the next rules', 'iptables.rule.added'],
  ['iptables.rule.moved', 'by effect', 'a rule was moved', 'packets reach it earlier or later'],
  ['iptables.rule.match-changed', 'by effect', 'the matches of a rule changed', 'it matches other packets'],
  ['iptables.rule.target-changed', 'by effect', 'the target of a rule changed', 'the packets that match it are treated differently'],
  ['iptables.rule.multiplicity-changed', 'none', 'a rule appears more or fewer times', 'further copies have no effect; very many of them cost time'],
  ['iptables.rule.newly-shadowed', 'warning', 'earlier rules take every packet that a rule would match', 'the rule can never match'],
  ['iptables.rule.comment-changed', 'none', 'the comment of a rule changed', 'comments have no effect'],
  ['iptables.filter.newly-rejected', 'critical', 'packets that used to pass are dropped or rejected', 'connections fail', 'iptables.filter.newly-accepted'],
  ['iptables.filter.newly-accepted', 'warning', 'packets that used to be dropped or rejected pass', 'something can be reached that could not be reached before', 'iptables.filter.newly-rejected'],
  ['iptables.owner.wiped', 'critical', 'all chains of one program were deleted', 'what it set up no longer works', 'iptables.owner.appeared'],
  ['iptables.owner.appeared', 'notice', 'chains of a program were created', 'it now handles packets too', 'iptables.owner.wiped'],
  ['iptables.order.same-effect', 'none', 'the order of rules changed', 'no effect on traffic'],
  ['nat.dnat.added', 'by effect', 'a destination address is translated', 'connections go to another address', 'nat.dnat.removed'],
  ['nat.dnat.removed', 'by effect', 'a destination address is no longer translated', 'connections keep their original destination', 'nat.dnat.added'],
  ['nat.dnat.retargeted', 'by effect', 'a destination address is translated to another one', 'connections go elsewhere'],
  ['nat.share-changed', 'by effect', 'the shares of endpoints changed', 'new connections are distributed differently'],
  ['nat.snat.added', 'by effect', 'the source address is replaced', 'the receiver sees the node instead of the client', 'nat.snat.removed'],
  ['nat.snat.removed', 'by effect', 'the source address is kept', 'the receiver sees the client; replies that do not come back through this node are lost', 'nat.snat.added'],
  ['nat.mark-changed', 'by effect', 'the mark changed', 'rules and virtual services that read the mark treat the packet differently'],
  ['nat.source-restriction-changed', 'warning', 'the allowed source ranges changed', 'clients are shut out, or let in'],
  ['kube.service.added', 'notice', 'a service port was added', 'its addresses lead to its endpoints', 'kube.service.removed'],
  ['kube.service.removed', 'critical', 'a service port was removed', 'its addresses are no longer served', 'kube.service.added'],
  ['kube.service.endpoints-changed', 'by effect', 'the endpoints changed', 'new connections are distributed among other endpoints'],
  ['kube.service.no-endpoints', 'critical', 'no endpoint is left', 'new connections are refused', 'kube.service.has-endpoints'],
  ['kube.service.has-endpoints', 'notice', 'the service has an endpoint again', 'new connections are served', 'kube.service.no-endpoints'],
  ['kube.service.no-local-endpoints', 'critical', 'no endpoint on this node is left', 'connections from outside are dropped', 'kube.service.has-local-endpoints'],
  ['kube.service.has-local-endpoints', 'notice', 'the service has an endpoint on this node again', 'connections from outside are served', 'kube.service.no-local-endpoints'],
  ['kube.service.cluster-ip-changed', 'critical', 'the cluster IP changed', 'the old address is no longer served'],
  ['kube.service.port-changed', 'critical', 'the port changed', 'the old port is no longer served'],
  ['kube.service.node-port-changed', 'critical', 'the node port changed', 'the old port is no longer served'],
  ['kube.service.external-address-changed', 'critical', 'the external or load-balancer addresses changed', 'the old address is no longer served'],
  ['kube.service.policy-changed', 'warning', 'the traffic policy changed', 'connections go only to endpoints on this node, or no longer do'],
  ['kube.service.affinity-changed', 'notice', 'the session affinity changed', 'clients stay on their endpoint, or no longer do'],
  ['kube.service.frontends-disagree', 'warning', 'the addresses of a service port no longer lead to the same endpoints', 'which endpoints a client reaches depends on the address it uses', 'kube.service.frontends-agree'],
  ['kube.service.frontends-agree', 'notice', 'the addresses of a service port lead to the same endpoints again', 'clients reach the same endpoints at every address', 'kube.service.frontends-disagree'],
  ['kube.config.cluster-cidr-changed', 'warning', 'the cluster CIDR changed', 'connections to cluster IPs from other sources are masqueraded'],
  ['kube.config.masquerade-all-changed', 'warning', 'masquerade-all was turned on or off', 'all connections to cluster IPs are masqueraded, or only those from outside the cluster CIDR'],
  ['kube.config.masquerade-bit-changed', 'warning', 'the mark for masquerading changed', 'rules of other programs that read the old mark no longer match'],
  ['kube.config.scheduler-changed', 'notice', 'the scheduler of all services changed', 'new connections are distributed differently'],
  ['kube.config.node-port-addresses-changed', 'warning', 'node ports answer at other addresses of the node', 'the addresses that were removed are no longer served'],
  ['kube.mode.changed', 'by effect', 'another mechanism handles services', 'connections reach endpoints in another way'],
  ['kube.mode.fallback', 'by effect', 'kube-proxy fell back from ipvs to iptables', 'connections reach endpoints in another way', 'kube.mode.recovered'],
  ['kube.mode.recovered', 'by effect', 'kube-proxy is in ipvs mode again after a fallback', 'connections reach endpoints in another way', 'kube.mode.fallback'],
  ['kube.anchor.missing', 'critical', 'nothing jumps to a chain of kube-proxy any longer', 'its rules have no effect', 'kube.anchor.restored'],
  ['kube.anchor.restored', 'notice', 'a rule jumps to a chain of kube-proxy again', 'its rules have effect again', 'kube.anchor.missing'],
  ['kube.anchor.moved', 'by effect', 'the jump to a chain of kube-proxy was moved', 'other rules come before it'],
  ['kube.sync.stalled', 'critical', 'the cluster changed and the node did not follow', 'kube-proxy lags behind: connections go to endpoints that are gone, or not to new ones', 'kube.sync.caught-up'],
  ['kube.sync.caught-up', 'none', 'the node already did what the cluster now asks for', 'node and cluster agree', 'kube.sync.stalled'],
  ['modules.loaded', 'none', 'a kernel module was loaded', 'nothing here needs it', 'modules.unloaded'],
  ['modules.unloaded', 'none', 'a kernel module was unloaded', 'nothing here needs it', 'modules.loaded'],
  ['modules.builtin.added', 'none', 'a kernel module is built in', 'another kernel is installed', 'modules.builtin.removed'],
  ['modules.builtin.removed', 'none', 'a kernel module is no longer built in', 'another kernel is installed', 'modules.builtin.added'],
  ['modules.required-missing', 'critical', 'a kernel module that ipvs mode needs is missing', 'kube-proxy cannot run in ipvs mode', 'modules.required-present'],
  ['modules.required-present', 'notice', 'a kernel module that ipvs mode needs is present again', 'kube-proxy can run in ipvs mode', 'modules.required-missing'],
];

/** Every kind of change there is, by id. */
export const CATALOGUE: ReadonlyMap<string, CatalogueEntry> = new Map(
  ROWS.map(([id, severity, title, why, mirror]) => [id, { id, severity, title, why, mirror: mirror ?? id }]),
);
