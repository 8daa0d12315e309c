import type { Intervals } from '../../../world/field.ts';
import { type Box, type Excess, excesses, partOf } from './box.ts';
import { type PacketSet, simplified } from './packet-set.ts';

/** More trials than this and the answer is open. A set of the kinds that rules make needs a handful. */
const MAX_TRIALS = 4000;

/**
 * A box that lies in the set as a whole, so that any packet of it is one of the set: the proof that the set is not empty.
 *
 * Undefined where it is empty, `open` where that took too many trials. The same set gives the same box.
 */
export function solve(set: PacketSet, full: readonly Intervals[], maxTrials = MAX_TRIALS): Box | 'open' | undefined {
  const work: PacketSet[] = [set];
  let trials = 0;
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    if (++trials > maxTrials) return 'open';
    const simple = simplified(next.box, next.nots, full);
    if (simple === undefined) continue;
    const [not, beyond] = narrowest(simple);
    if (not === undefined) return simple.box;
    let inside: Box | undefined = simple.box;
    const parts: PacketSet[] = [];
    for (const excess of beyond) {
      if (inside === undefined) break;
      const outside = partOf(inside, not, excess, 'outside', full);
      if (outside !== undefined) parts.push({ box: outside, nots: simple.nots });
      inside = partOf(inside, not, excess, 'inside', full);
    }
    work.push(...parts.reverse());
  }
  return undefined;
}

/** The box to be left that leaves the fewest ways to do so. */
function narrowest({ box, nots }: PacketSet): [Box | undefined, readonly Excess[]] {
  let found: [Box | undefined, readonly Excess[]] = [undefined, []];
  for (const not of nots) {
    const beyond = excesses(box, not) ?? [];
    if (found[0] === undefined || beyond.length < found[1].length) found = [not, beyond];
  }
  return found;
}
