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
  ['ipvs.service.removed', 'critical', 'a virtual service is gone', 'connections to its address reach no destination', 'ipvs.service.added'],
  ['ipvs.service.readdressed', 'warning', 'a virtual service has another address', 'the old address leads nowhere'],
  ['ipvs.service.blackholed', 'critical', 'a virtual service has no usable destination', 'new connections to it are refused', 'ipvs.service.recovered'],
  ['ipvs.service.recovered', 'notice', 'a virtual service has a usable destination again', 'new connections to it are served', 'ipvs.service.blackholed'],
  ['ipvs.service.scheduler-changed', 'notice', 'another scheduler', 'new connections are divided in another way; sh and mh also keep clients with their server'],
  ['ipvs.service.persistence-changed', 'notice', 'persistence was added, removed or changed', 'clients stay with their server, or no longer do'],
  ['ipvs.service.flags-changed', 'notice', 'other scheduler flags', 'new connections are divided in another way'],
  ['ipvs.destination.added', 'by effect', 'a destination was added', 'it takes a share of the new connections', 'ipvs.destination.removed'],
  ['ipvs.destination.removed', 'by effect', 'a destination is gone', 'its connections are cut, its share goes to the others', 'ipvs.destination.added'],
  ['ipvs.destination.draining', 'notice', 'a weight fell to 0', 'established connections stay, new ones go to the others', 'ipvs.destination.undrained'],
  ['ipvs.destination.undrained', 'notice', 'a weight rose from 0', 'the destination takes new connections again', 'ipvs.destination.draining'],
  ['ipvs.destination.weight-changed', 'by effect', 'another weight', 'the shares of new connections change where the scheduler looks at weights'],
  ['ipvs.destination.forwarding-changed', 'critical', 'another forwarding method', 'packets reach the destination in another way, and replies may not come back'],
  ['ipvs.destination.limits-changed', 'notice', 'other connection limits', 'the destination takes fewer or more connections at once'],
  ['ipvs.destination.tunnel-changed', 'critical', 'another encapsulation', 'the destination may not understand the packets'],
  ['ipvs.endpoints.replaced', 'notice', 'destinations were replaced by as many others on the same port', 'a rollout: the service stays, connections to the old ones are cut'],
  ['ipset.member.added', 'by effect', 'a set has one member more', 'rules that look into the set treat it as the others', 'ipset.member.removed'],
  ['ipset.member.removed', 'by effect', 'a set has one member less', 'rules that look into the set no longer meet it', 'ipset.member.added'],
  ['ipset.set.added', 'by effect', 'a set appeared', 'only rules that name it look into it', 'ipset.set.removed'],
  ['ipset.set.removed', 'by effect', 'a set is gone', 'rules that named it cannot be there any more', 'ipset.set.added'],
  ['ipset.set.redefined', 'by effect', 'a set is of another type or has other options', 'the same members may stand for other packets'],
  ['ipset.set.recreated', 'none', 'a set was destroyed and made again', 'it holds what it held'],
  ['interface.address.added', 'notice', 'an interface has one address more', 'the node takes packets to it as its own', 'interface.address.removed'],
  ['interface.address.removed', 'critical', 'an interface has one address less', 'the node no longer takes packets to it as its own', 'interface.address.added'],
  ['iptables.chain.added', 'by effect', 'a chain appeared', 'only packets that a rule sends there meet it', 'iptables.chain.removed'],
  ['iptables.chain.removed', 'by effect', 'a chain is gone', 'its rules decide nothing any more', 'iptables.chain.added'],
  ['iptables.chain.renamed', 'none', 'a chain has another name', 'it holds the same rules, and the jumps follow'],
  ['iptables.chain.policy-changed', 'by effect', 'another policy', 'packets that no rule decides are treated differently'],
  ['iptables.chain.orphaned', 'by effect', 'no rule leads to the chain any more', 'its rules meet no packet', 'iptables.chain.attached'],
  ['iptables.chain.attached', 'by effect', 'a rule leads to the chain again', 'its rules meet packets', 'iptables.chain.orphaned'],
  ['iptables.rule.added', 'by effect', 'a rule was added', 'packets that meet it are treated by it', 'iptables.rule.removed'],
  ['iptables.rule.removed', 'by effect', 'a rule is gone', 'packets that met it go on to the next rules', 'iptables.rule.added'],
  ['iptables.rule.moved', 'by effect', 'a rule stands in another place', 'packets meet it earlier or later'],
  ['iptables.rule.match-changed', 'by effect', 'a rule asks for something else', 'other packets meet it'],
  ['iptables.rule.target-changed', 'by effect', 'a rule does something else', 'the packets that meet it are treated differently'],
  ['iptables.rule.multiplicity-changed', 'none', 'a rule is there more or fewer times', 'copies decide nothing; very many cost time'],
  ['iptables.rule.newly-shadowed', 'warning', 'a rule stands below one that takes all its packets', 'it can never match: what it was added for does not happen'],
  ['iptables.rule.comment-changed', 'none', 'another comment', 'comments decide nothing'],
  ['iptables.filter.newly-rejected', 'critical', 'packets are dropped or rejected that passed', 'connections fail', 'iptables.filter.newly-accepted'],
  ['iptables.filter.newly-accepted', 'warning', 'packets pass that were dropped or rejected', 'something can be reached that could not', 'iptables.filter.newly-rejected'],
  ['iptables.owner.wiped', 'critical', 'all chains of one program are gone', 'what it set up no longer works', 'iptables.owner.appeared'],
  ['iptables.owner.appeared', 'notice', 'chains of a program appeared', 'it takes part in deciding about packets', 'iptables.owner.wiped'],
  ['iptables.order.same-effect', 'none', 'rules stand in another order', 'no packet can tell the difference'],
  ['nat.dnat.added', 'by effect', 'a destination is translated', 'connections go to another address', 'nat.dnat.removed'],
  ['nat.dnat.removed', 'by effect', 'a destination is no longer translated', 'connections go to the address they ask for', 'nat.dnat.added'],
  ['nat.dnat.retargeted', 'by effect', 'a destination is translated to another address', 'connections go somewhere else'],
  ['nat.share-changed', 'by effect', 'other shares', 'new connections are divided in another way'],
  ['nat.snat.added', 'by effect', 'the source address is replaced', 'the receiver sees the node in place of the client', 'nat.snat.removed'],
  ['nat.snat.removed', 'by effect', 'the source address is kept', 'the receiver sees the client; replies that do not come back through this node are lost', 'nat.snat.added'],
  ['nat.mark-changed', 'by effect', 'another mark', 'rules and virtual services that read the mark treat the packet differently'],
  ['nat.source-restriction-changed', 'warning', 'other source ranges are let in', 'clients are shut out, or let in'],
  ['kube.service.added', 'notice', 'a service port appeared', 'its addresses lead to its endpoints', 'kube.service.removed'],
  ['kube.service.removed', 'critical', 'a service port is gone', 'its addresses lead nowhere', 'kube.service.added'],
  ['kube.service.endpoints-changed', 'by effect', 'other endpoints', 'new connections are divided among other endpoints'],
  ['kube.service.no-endpoints', 'critical', 'no endpoint is left', 'new connections are refused', 'kube.service.has-endpoints'],
  ['kube.service.has-endpoints', 'notice', 'there is an endpoint again', 'new connections are served', 'kube.service.no-endpoints'],
  ['kube.service.no-local-endpoints', 'critical', 'no endpoint on this node is left', 'connections from outside are dropped', 'kube.service.has-local-endpoints'],
  ['kube.service.has-local-endpoints', 'notice', 'there is an endpoint on this node again', 'connections from outside are served', 'kube.service.no-local-endpoints'],
  ['kube.service.cluster-ip-changed', 'critical', 'another cluster IP', 'the old address leads nowhere'],
  ['kube.service.port-changed', 'critical', 'another port', 'the old port leads nowhere'],
  ['kube.service.node-port-changed', 'critical', 'another node port', 'the old port leads nowhere'],
  ['kube.service.external-address-changed', 'critical', 'other external or load-balancer addresses', 'the old address leads nowhere'],
  ['kube.service.policy-changed', 'warning', 'another traffic policy', 'connections go to endpoints of this node alone, or no longer do'],
  ['kube.service.affinity-changed', 'notice', 'another session affinity', 'clients stay with their endpoint, or no longer do'],
  ['kube.service.frontends-disagree', 'warning', 'the addresses of a service port no longer lead to the same endpoints', 'where a client gets depends on the address it asks for', 'kube.service.frontends-agree'],
  ['kube.service.frontends-agree', 'notice', 'the addresses of a service port lead to the same endpoints again', 'clients get to the same endpoints by every address', 'kube.service.frontends-disagree'],
  ['kube.config.cluster-cidr-changed', 'warning', 'another cluster CIDR', 'other sources keep their address on the way to cluster IPs'],
  ['kube.config.masquerade-all-changed', 'warning', 'masquerade-all was turned on or off', 'all connections to cluster IPs are masqueraded, or only those from outside the cluster CIDR'],
  ['kube.config.masquerade-bit-changed', 'warning', 'another mark for masquerading', 'rules of others that read the old mark no longer meet it'],
  ['kube.config.scheduler-changed', 'notice', 'another scheduler for all services', 'new connections are divided in another way'],
  ['kube.config.node-port-addresses-changed', 'warning', 'node ports answer at other addresses of the node', 'the addresses that are gone lead nowhere'],
  ['kube.mode.changed', 'by effect', 'services are led by another mechanism', 'connections get to endpoints in another way'],
  ['kube.mode.fallback', 'by effect', 'kube-proxy fell back from ipvs to iptables', 'connections get to endpoints in another way', 'kube.mode.recovered'],
  ['kube.mode.recovered', 'by effect', 'kube-proxy is in ipvs mode again after a fallback', 'connections get to endpoints in another way', 'kube.mode.fallback'],
  ['kube.anchor.missing', 'critical', 'nothing leads into the chains of kube-proxy', 'what these chains do does not happen', 'kube.anchor.restored'],
  ['kube.anchor.restored', 'notice', 'something leads into the chains of kube-proxy again', 'what these chains do happens again', 'kube.anchor.missing'],
  ['kube.anchor.moved', 'by effect', 'the jump into the chains of kube-proxy stands in another place', 'other rules are asked before them'],
  ['kube.sync.stalled', 'critical', 'the cluster asks for something else, and the node does as before', 'kube-proxy does not follow: connections go to endpoints that are gone, or not to new ones', 'kube.sync.caught-up'],
  ['kube.sync.caught-up', 'none', 'the cluster asks for what the node did already', 'the node does what the cluster asks for', 'kube.sync.stalled'],
  ['modules.loaded', 'none', 'a kernel module was loaded', 'needed by nothing here', 'modules.unloaded'],
  ['modules.unloaded', 'none', 'a kernel module was unloaded', 'needed by nothing here', 'modules.loaded'],
  ['modules.builtin.added', 'none', 'a kernel module is built in', 'the kernel is another one', 'modules.builtin.removed'],
  ['modules.builtin.removed', 'none', 'a kernel module is not built in any more', 'the kernel is another one', 'modules.builtin.added'],
  ['modules.required-missing', 'critical', 'a kernel module that ipvs mode needs is missing', 'kube-proxy cannot run in ipvs mode', 'modules.required-present'],
  ['modules.required-present', 'notice', 'a kernel module that ipvs mode needs is there, and was missing', 'kube-proxy can run in ipvs mode', 'modules.required-missing'],
];

/** Every kind of change there is, by id. */
export const CATALOGUE: ReadonlyMap<string, CatalogueEntry> = new Map(
  ROWS.map(([id, severity, title, why, mirror]) => [id, { id, severity, title, why, mirror: mirror ?? id }]),
);
