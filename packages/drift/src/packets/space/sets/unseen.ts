import type { Intervals } from '../../../world/field.ts';
import { intersect, isWithin, subtract } from './intervals.ts';

/** A quantity that no listing shows, by its number, and the values it has. A yes or no is one that is 0 where it holds. */
export interface Unseen {
  readonly number: number;
  readonly in: Intervals;
}

/** Every value of a quantity. */
const ALL: Intervals = [0, Number.MAX_SAFE_INTEGER];

/** What a yes or no is where it holds. */
export const HOLDS: Intervals = [0, 0];

/** The same quantity with the values that it has not. */
export function negated({ number, in: values }: Unseen): Unseen {
  return { number, in: otherValues(values) };
}

/** The values that are not in the intervals. */
export function otherValues(values: Intervals): Intervals {
  return subtract(ALL, values);
}

/** The quantities with one of them narrowed, in the order of their numbers; undefined where it has no value left. */
export function withUnseen(known: readonly Unseen[], { number, in: values }: Unseen): readonly Unseen[] | undefined {
  const at = known.findIndex((one) => one.number >= number);
  const same = at < 0 ? undefined : known[at];
  if (same?.number !== number)
    return values.length === 0 ? undefined : known.toSpliced(at < 0 ? known.length : at, 0, { number, in: values });
  if (isWithin(same.in, values)) return known;
  const both = intersect(same.in, values);
  return both.length === 0 ? undefined : known.with(at, { number, in: both });
}

/** How the values of a quantity lie to those of a limit: all of them in it, none, or some. */
export function lieIn(known: readonly Unseen[], limit: Unseen): 'all' | 'none' | 'some' {
  const values = known.find(({ number }) => number === limit.number)?.in ?? ALL;
  if (isWithin(values, limit.in)) return 'all';
  return intersect(values, limit.in).length === 0 ? 'none' : 'some';
}
