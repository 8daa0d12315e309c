import type { ClusterChange } from '../check/expected/cluster-change.ts';
import type { Differences } from '../compare/difference.ts';
import type { FlowDifferences } from './flow-differences.ts';
import type { Space } from '../packets/space/space.ts';
import type { PacketEngine } from './packet-engine.ts';
import type { Survival } from '../services/served.ts';
import type { SideView } from './side.ts';

/** Everything the judges look at, and what of it is told already. */
export interface Judgement {
  readonly before: SideView;
  readonly after: SideView;
  readonly differences: Differences;
  readonly flows: FlowDifferences;
  /** What becomes of connections to services on both sides; made when it is asked for. */
  readonly survival: () => Survival;
  /** How the cluster changed and the node followed; undefined where a side tells no services. Made when it is asked for. */
  readonly cluster: () => ClusterChange | undefined;
  /** Differences (rules, chains, members, services, flows) that a change tells already: later judges leave them out. */
  readonly told: Set<object>;
  readonly engine: PacketEngine;
  /** Both snapshots of one family ready to be compared for all packets. */
  readonly space: (family: 'ipv4' | 'ipv6') => Space;
  /** The spaces of the comparison in the other direction. */
  readonly mirroredSpace: (family: 'ipv4' | 'ipv6') => Space;
  /** Packets of endpoints to themselves that may still be led through both sides, and changes that may still be compared by themselves. */
  readonly budget: { walks: number; changes: number };
}
