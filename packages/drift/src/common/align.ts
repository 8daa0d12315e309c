import { diffArrays } from 'diff';
import { addToGroup } from './add-to-group.ts';

/** How the elements of two sequences belong together. All numbers are places, from 0. */
export interface Alignment {
  /** Equal elements in the same order, ascending on both sides. */
  readonly kept: readonly (readonly [number, number])[];
  /** Equal elements whose place among the kept ones differs. */
  readonly moved: readonly (readonly [number, number])[];
  readonly removed: readonly number[];
  readonly added: readonly number[];
}

/** Above this many cells a stretch without unique elements is paired greedily instead of by longest common subsequence. */
const MAX_CELLS = 40_000;

interface Stretch {
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
}

/**
 * Pairs the equal elements of two sequences, keeping as many as possible in order. Swapped sequences give the same pairs, swapped.
 *
 * Elements that occur once on each side are the anchors (patience); what stands between them is paired by npm's `diff` (Myers)
 * while it is small, and greedily from there on. Equal elements left over on both sides are `moved`. Time grows
 * with the length times its logarithm, whatever the input.
 *
 * @example
 * align(['a', 'b', 'c'], ['c', 'a', 'b']) // => { kept: [[0, 1], [1, 2]], moved: [[2, 0]], removed: [], added: [] }
 */
export function align(before: readonly string[], after: readonly string[]): Alignment {
  if (!isAhead(after, before)) return alignInOrder(before, after);
  const { kept, moved, removed, added } = alignInOrder(after, before);
  const swapped = (pairs: Alignment['kept']): [number, number][] => pairs.map(([one, other]) => [other, one]);
  return { kept: swapped(kept), moved: swapped(moved).sort(([one], [other]) => one - other), removed: added, added: removed };
}

/** Whether a sequence comes before another in the order of a dictionary. */
function isAhead(sequence: readonly string[], other: readonly string[]): boolean {
  const place = sequence.findIndex((element, index) => element !== other[index]);
  if (place < 0) return sequence.length < other.length;
  const rival = other[place];
  return rival !== undefined && (sequence[place] as string) < rival;
}

function alignInOrder(before: readonly string[], after: readonly string[]): Alignment {
  const kept: [number, number][] = [];
  const work: Stretch[] = [{ beforeStart: 0, beforeEnd: before.length, afterStart: 0, afterEnd: after.length }];
  for (let stretch = work.pop(); stretch !== undefined; stretch = work.pop()) {
    const inner = trimEqualEnds(before, after, stretch, kept);
    if (inner.beforeStart === inner.beforeEnd || inner.afterStart === inner.afterEnd) continue;
    const anchors = longestRising(uniquePairs(before, after, inner));
    if (anchors.length === 0) pairWithoutAnchors(before, after, inner, kept);
    else split(inner, anchors, work, kept);
  }
  kept.sort((one, other) => one[0] - other[0]);
  return withMoves(before, after, kept);
}

function trimEqualEnds(before: readonly string[], after: readonly string[], stretch: Stretch, kept: [number, number][]): Stretch {
  let { beforeStart, beforeEnd, afterStart, afterEnd } = stretch;
  while (beforeStart < beforeEnd && afterStart < afterEnd && before[beforeStart] === after[afterStart])
    kept.push([beforeStart++, afterStart++]);
  while (beforeStart < beforeEnd && afterStart < afterEnd && before[beforeEnd - 1] === after[afterEnd - 1])
    kept.push([--beforeEnd, --afterEnd]);
  return { beforeStart, beforeEnd, afterStart, afterEnd };
}

/** Pairs of elements that occur once on each side of the stretch, by place in `before`. */
function uniquePairs(before: readonly string[], after: readonly string[], stretch: Stretch): [number, number][] {
  const inBefore = onlyPlaces(before, stretch.beforeStart, stretch.beforeEnd);
  const inAfter = onlyPlaces(after, stretch.afterStart, stretch.afterEnd);
  const pairs: [number, number][] = [];
  for (const [element, place] of inBefore) {
    const other = inAfter.get(element);
    if (place >= 0 && other !== undefined && other >= 0) pairs.push([place, other]);
  }
  return pairs;
}

/** Place of each element; -1 for one that occurs more than once. */
function onlyPlaces(elements: readonly string[], start: number, end: number): Map<string, number> {
  const places = new Map<string, number>();
  for (let place = start; place < end; place++) {
    const element = elements[place] as string;
    places.set(element, places.has(element) ? -1 : place);
  }
  return places;
}

/** The longest run of pairs whose second numbers rise; the first numbers rise already. */
function longestRising(pairs: readonly [number, number][]): [number, number][] {
  const tails: number[] = [];
  const previous: number[] = [];
  pairs.forEach((pair, index) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tails[middle] as number] as [number, number])[1] < pair[1]) low = middle + 1;
      else high = middle;
    }
    previous[index] = low === 0 ? -1 : (tails[low - 1] as number);
    tails[low] = index;
  });
  const rising: [number, number][] = [];
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index] as number) rising.push(pairs[index] as [number, number]);
  return rising.reverse();
}

function split(stretch: Stretch, anchors: readonly [number, number][], work: Stretch[], kept: [number, number][]): void {
  let beforeStart = stretch.beforeStart;
  let afterStart = stretch.afterStart;
  for (const [beforeEnd, afterEnd] of anchors) {
    work.push({ beforeStart, beforeEnd, afterStart, afterEnd });
    kept.push([beforeEnd, afterEnd]);
    beforeStart = beforeEnd + 1;
    afterStart = afterEnd + 1;
  }
  work.push({ beforeStart, beforeEnd: stretch.beforeEnd, afterStart, afterEnd: stretch.afterEnd });
}

function pairWithoutAnchors(before: readonly string[], after: readonly string[], stretch: Stretch, kept: [number, number][]): void {
  const rows = stretch.beforeEnd - stretch.beforeStart;
  const columns = stretch.afterEnd - stretch.afterStart;
  if (rows * columns <= MAX_CELLS) pairByCommonSubsequence(before, after, stretch, kept);
  else pairGreedily(before, after, stretch, kept);
}

function pairByCommonSubsequence(before: readonly string[], after: readonly string[], stretch: Stretch, kept: [number, number][]): void {
  const runs = diffArrays(before.slice(stretch.beforeStart, stretch.beforeEnd), after.slice(stretch.afterStart, stretch.afterEnd));
  let { beforeStart, afterStart } = stretch;
  for (const { count, added, removed } of runs) {
    if (!added && !removed) for (let index = 0; index < count; index++) kept.push([beforeStart + index, afterStart + index]);
    if (!added) beforeStart += count;
    if (!removed) afterStart += count;
  }
}

function pairGreedily(before: readonly string[], after: readonly string[], stretch: Stretch, kept: [number, number][]): void {
  const places = new Map<string, { places: number[]; next: number }>();
  for (let place = stretch.afterStart; place < stretch.afterEnd; place++) {
    const element = after[place] as string;
    const entry = places.get(element);
    if (entry === undefined) places.set(element, { places: [place], next: 0 });
    else entry.places.push(place);
  }
  let last = -1;
  for (let place = stretch.beforeStart; place < stretch.beforeEnd; place++) {
    const entry = places.get(before[place] as string);
    if (entry === undefined) continue;
    while (entry.next < entry.places.length && (entry.places[entry.next] as number) <= last) entry.next++;
    const partner = entry.places[entry.next];
    if (partner === undefined) continue;
    entry.next++;
    kept.push([place, partner]);
    last = partner;
  }
}

function withMoves(before: readonly string[], after: readonly string[], kept: readonly (readonly [number, number])[]): Alignment {
  const keptBefore = new Uint8Array(before.length);
  const keptAfter = new Uint8Array(after.length);
  for (const [one, other] of kept) {
    keptBefore[one] = 1;
    keptAfter[other] = 1;
  }
  const free = new Map<string, number[]>();
  for (let place = after.length - 1; place >= 0; place--) {
    if (keptAfter[place] === 1) continue;
    const element = after[place] as string;
    addToGroup(free, element, place);
  }
  const moved: [number, number][] = [];
  const removed: number[] = [];
  for (let place = 0; place < before.length; place++) {
    if (keptBefore[place] === 1) continue;
    const partner = free.get(before[place] as string)?.pop();
    if (partner === undefined) removed.push(place);
    else moved.push([place, partner]);
  }
  const added = [...free.values()].flat().sort((one, other) => one - other);
  return { kept, moved, removed, added };
}
