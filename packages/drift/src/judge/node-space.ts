import { type Beside, podRangesOf, worldsOf } from '../kubernetes/known-node.ts';
import type { Model } from '../model/model.ts';
import { openSpace } from '../packets/space/open-space.ts';
import type { Space } from '../packets/space/space.ts';

/** What is known of the node beside the tables, per side. */
export interface BothKnown {
  readonly before: Beside;
  readonly after: Beside;
}

const NOTHING: Beside = { noInterfaces: new Set(), nodeAddresses: [], podRanges: [], sysctls: new Map() };

/** Nothing is known beside the tables. */
export const NOTHING_KNOWN: BothKnown = { before: NOTHING, after: NOTHING };

/**
 * Both snapshots ready to be compared for all packets, made when first asked for. Which addresses are the node's and which are those of pods
 * should not differ between two snapshots for want of a listing: what one side tells counts for both.
 */
export function spaceOf(before: Model, after: Model, known: BothKnown): (family: 'ipv4' | 'ipv6') => Space {
  const spaces = new Map<string, Space>();
  const nodeAddresses = [...new Set([...known.before.nodeAddresses, ...known.after.nodeAddresses])];
  const podRanges = [...new Set([...podRangesOf(before, known.before), ...podRangesOf(after, known.after)])];
  const worlds = [worldsOf(before, { ...known.before, nodeAddresses, podRanges }), worldsOf(after, { ...known.after, nodeAddresses, podRanges })] as const;
  return (family) => {
    const space = spaces.get(family) ?? openSpace(worlds[0][family], worlds[1][family]);
    spaces.set(family, space);
    return space;
  };
}
