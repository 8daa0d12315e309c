import type { Intervals, Value } from '../../../world/field.ts';
import { above, below } from '../../../world/values.ts';

/**
 * The values that are in both.
 *
 * @example
 * intersect([0, 9, 20, 29], [5, 24]) // => [5, 9, 20, 24]
 */
export function intersect(one: Intervals, other: Intervals): Intervals {
  const both: Value[] = [];
  for (let i = 0, k = 0; i < one.length && k < other.length;) {
    const [low, high] = [one[i] as Value, one[i + 1] as Value];
    const [from, to] = [other[k] as Value, other[k + 1] as Value];
    const start = low > from ? low : from;
    const end = high < to ? high : to;
    if (start <= end) both.push(start, end);
    if (high < to) i += 2;
    else k += 2;
  }
  return both;
}

/** The values of the first that are not in the second. */
export function subtract(from: Intervals, taken: Intervals): Intervals {
  const left: Value[] = [];
  let k = 0;
  for (let i = 0; i < from.length; i += 2) {
    let low = from[i] as Value;
    const high = from[i + 1] as Value;
    while (k < taken.length && (taken[k + 1] as Value) < low) k += 2;
    let next = k;
    while (next < taken.length && (taken[next] as Value) <= high) {
      if ((taken[next] as Value) > low) left.push(low, below(taken[next] as Value));
      low = above(taken[next + 1] as Value);
      next += 2;
    }
    if (low <= high) left.push(low, high);
  }
  return left;
}

/** Whether all values of the first are in the second. */
export function isWithin(inner: Intervals, outer: Intervals): boolean {
  let k = 0;
  for (let i = 0; i < inner.length; i += 2) {
    while (k < outer.length && (outer[k + 1] as Value) < (inner[i] as Value)) k += 2;
    if (k >= outer.length || (outer[k] as Value) > (inner[i] as Value) || (outer[k + 1] as Value) < (inner[i + 1] as Value)) return false;
  }
  return true;
}

/** The only value; undefined where there are more, or none. */
export function single(intervals: Intervals | undefined): Value | undefined {
  return intervals?.length === 2 && intervals[0] === intervals[1] ? intervals[0] : undefined;
}

/** Intervals as pairs. */
export function pairsOf(intervals: Intervals): (readonly [low: Value, high: Value])[] {
  return Array.from({ length: intervals.length / 2 }, (_, at) => [intervals[at * 2] as Value, intervals[at * 2 + 1] as Value] as const);
}
