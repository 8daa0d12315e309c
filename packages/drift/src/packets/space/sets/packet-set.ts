import type { Intervals } from '../../../world/field.ts';
import { type Box, excesses, meetBoxes, partOf } from './box.ts';

/**
 * A set of packets: a box without what is in any of the other boxes.
 *
 * Not to match a rule adds the rule's box to the list, so that a rule divides a set in two, however many conditions it has.
 */
export interface PacketSet {
  readonly box: Box;
  readonly nots: readonly Box[];
}

/**
 * The set in its simplest form: boxes that have nothing in common with it are left out, and where it reaches beyond one in a single
 * dimension only, that part is taken from the dimension at once: "bit = 1, for bit = 0 is excluded". Undefined where nothing is left; what
 * is left may still hold no packet, see {@link solve}.
 */
export function simplified(box: Box, nots: readonly Box[], full: readonly Intervals[]): PacketSet | undefined {
  let left: Box = box;
  let open: readonly Box[] = nots;
  for (let changed = true; changed;) {
    changed = false;
    const kept: Box[] = [];
    for (const not of open) {
      const beyond = excesses(left, not);
      if (beyond === undefined) continue;
      const [only] = beyond;
      if (only === undefined) return undefined;
      if (beyond.length > 1) {
        kept.push(not);
        continue;
      }
      const rest = partOf(left, not, only, 'outside', full);
      if (rest === undefined) return undefined;
      left = rest;
      changed = true;
    }
    open = kept;
  }
  return { box: left, nots: open };
}

/** The packets of a set that are in a box. */
export function within({ box, nots }: PacketSet, limit: Box, full: readonly Intervals[]): PacketSet | undefined {
  const both = meetBoxes(box, limit);
  return both === undefined ? undefined : simplified(both, nots, full);
}

/** The packets of a set that are not in a box. */
export function without(set: PacketSet, taken: Box, full: readonly Intervals[]): PacketSet | undefined {
  const beyond = excesses(set.box, taken);
  if (beyond === undefined) return set;
  if (beyond.length === 0) return undefined;
  if (beyond.length === 1) return simplified(set.box, [...set.nots, taken], full);
  return { box: set.box, nots: [...set.nots, taken] };
}
