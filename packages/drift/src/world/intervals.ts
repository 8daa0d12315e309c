import { ADDRESS_MAX, FIELD_MAX, type Field, type Intervals, type Value } from './field.ts';
import { above, below } from './values.ts';

/** Pairs in any order as intervals: sorted, and joined where they touch. */
export function toIntervals(pairs: readonly (readonly [low: Value, high: Value])[]): Intervals {
  if (pairs.length === 1) return [(pairs[0] as readonly [Value, Value])[0], (pairs[0] as readonly [Value, Value])[1]];
  const sorted = pairs.toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  const joined: Value[] = [];
  for (const [low, high] of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && low <= above(last)) {
      if (high > last) joined[joined.length - 1] = high;
    } else joined.push(low, high);
  }
  return joined;
}

/** Everything of a field that does not lie in the intervals. */
export function complement(intervals: Intervals, field: Field, family: 'ipv4' | 'ipv6'): Intervals {
  const isAddress = field === 'source' || field === 'destination';
  const max = isAddress ? ADDRESS_MAX[family] : FIELD_MAX[field];
  return gaps(intervals, isAddress && family === 'ipv6' ? 0n : 0, max);
}

/** What the intervals leave free from a first value to a last one. */
export function gaps(intervals: Intervals, first: Value, max: Value): Intervals {
  let next = first;
  const rest: Value[] = [];
  for (let at = 0; at < intervals.length; at += 2) {
    const low = intervals[at] as Value;
    const high = intervals[at + 1] as Value;
    if (low > next) rest.push(next, below(low));
    next = above(high);
  }
  if (next <= max) rest.push(next, max);
  return rest;
}

/** Whether a value lies in the intervals. */
export function holds(intervals: Intervals, value: Value): boolean {
  if (intervals.length === 2) return (intervals[0] as Value) <= value && value <= (intervals[1] as Value);
  let low = 0;
  let high = intervals.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((intervals[2 * middle + 1] as Value) < value) low = middle + 1;
    else high = middle;
  }
  return 2 * low < intervals.length && (intervals[2 * low] as Value) <= value;
}
