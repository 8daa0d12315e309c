import type { ClusterChange } from '../check/expected/cluster-change.ts';
import type { ChainDifference, Copies, Differences, TableDifference } from '../differences/difference.ts';
import type { Space } from '../packets/space/space.ts';
import type { Survival } from '../services/survival/served.ts';
import type { Change } from '../report.ts';
import type { IpvsService, RuleEntry } from '../state/model.ts';
import type { FlowDifference, FlowDifferences } from './packets/flow-differences.ts';
import type { LoopBackMembers } from './packets/loop-back.ts';
import type { PendingCause } from './pending-change.ts';
import type { OwnedDifferences } from './services/owned-differences.ts';
import type { ServiceGroup } from './services/service-groups.ts';
import type { Sides } from './side.ts';

/** A rule of which somebody asks what its change does to packets. */
export interface RuleQuestion {
  readonly table: TableDifference;
  readonly chain: ChainDifference;
  /** Missing = the rule was added. */
  readonly before: RuleEntry | undefined;
  /** Missing = the rule is gone. */
  readonly after: RuleEntry | undefined;
  /** Copies of one rule that one side alone has: they are asked about together, in place of `before` and `after`. */
  readonly copies?: Copies;
}

/**
 * What a change does to packets: `different` with packets that are treated differently, `equal` where no packet can tell, `undecided`
 * with the reason why neither can be said.
 */
export type EffectOnPackets =
  | { readonly kind: 'different'; readonly flows: readonly FlowDifference[]; readonly packets?: Change['packets'] }
  | { readonly kind: 'equal' }
  | { readonly kind: 'undecided'; readonly reason: string };

/**
 * Says what the change of a rule does to packets. All judges ask here, and nothing becomes undecided but by an answer from here or by
 * `UNDECIDED`: it decides about all packets, not about those it tries.
 */
export interface PacketEngine {
  /** `mayCompare`: whether all packets are compared for it; where much changed, that takes too long. */
  readonly ofRule: (question: RuleQuestion, comparison: Comparison, mayCompare: boolean) => EffectOnPackets;
}

/** Programs whose rules are gone as a whole. */
export interface Wipe {
  readonly owners: readonly string[];
  readonly cause: PendingCause;
}

/** Everything that rules look at. What several of them ask for is made when it is first asked for. */
export interface Comparison extends Sides {
  readonly differences: Differences;
  readonly flows: FlowDifferences;
  /** What becomes of connections to services on both sides; made when it is asked for. */
  readonly survival: () => Survival;
  /** How the cluster changed and the node followed; undefined where a side tells no services. Made when it is asked for. */
  readonly cluster: () => ClusterChange | undefined;
  /** Differences by the service they belong to. */
  readonly owned: () => OwnedDifferences;
  /** The service ports of both sides. */
  readonly groups: () => readonly ServiceGroup[];
  /** Packets of endpoints to their own service that only one side masquerades. */
  readonly hairpins: () => readonly FlowDifference[];
  /** Programs whose rules are gone as a whole; undefined where there are none. */
  readonly wipe: () => Wipe | undefined;
  /** By destination of IPVS: the virtual services that have it on both sides. */
  readonly keptDestinations: () => ReadonlyMap<string, readonly IpvsService[]>;
  /** Members of KUBE-LOOP-BACK that come or go. */
  readonly loopBack: () => LoopBackMembers;
  readonly engine: PacketEngine;
  /** Both snapshots of one family ready to be compared for all packets. */
  readonly space: (family: 'ipv4' | 'ipv6') => Space;
  /** The spaces of the comparison in the other direction. */
  readonly mirroredSpace: (family: 'ipv4' | 'ipv6') => Space;
}
