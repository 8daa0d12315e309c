import type { Part, Snapshot } from '../snapshot.ts';
import { thingsOf } from '../things.ts';
import { tableOf } from './moments.ts';
import { type OwnRows, ownRowsOf } from './own-rows.ts';

/**
 * Whether the first and the last moment of a host are of one host as far as the text tells. Of outputs between which words stand, and of
 * which none names a host or a time, that is told by their rows alone: an article shows examples of several machines. `between`: how many
 * moments stand between the two.
 */
export function areOfOneHost(before: Snapshot, after: Snapshot, between: number): boolean {
  const shared = new Set(before.parts.map(({ content }) => content));
  const last = after.parts.filter(({ content }) => !shared.has(content));
  const isLast = new Set(last.map(({ content }) => content));
  const first = before.parts.filter(({ content }) => !after.parts.some((part) => part.content === content) && !isLast.has(content));
  const pairs = first.flatMap((part) => last.filter((other) => showTheSame(part, other)).map((other) => [part, other] as const));
  if (!pairs.every(([part, other]) => isLoose(part, other))) return true;
  const kinds = new Set(pairs.map(([{ content }]) => content.kind));
  return [...kinds].every((kind) => {
    const ofKind = ({ content }: Part): boolean => content.kind === kind;
    return areTied(ownRowsOf(first.filter(ofKind)), ownRowsOf(last.filter(ofKind)), between);
  });
}

/** Whether two outputs are of one host by their rows; of those that have none nothing tells otherwise. */
function areTied(was: OwnRows | undefined, is: OwnRows | undefined, between: number): boolean {
  if (was === undefined || is === undefined) return true;
  if (was.particular.size > 0 && is.particular.size > 0) return haveHalf(was.particular, is.particular);
  return between === 0 && haveHalf(was.all, is.all);
}

/** Whether two outputs show the same table, set or the like, or one of them a part of it. */
function showTheSame(one: Part, other: Part): boolean {
  const things = new Set(thingsOf(one).map(tableOf));
  return thingsOf(other).some((thing) => things.has(tableOf(thing)));
}

/** Whether nothing but rows could tell that two outputs are of one host. */
function isLoose(one: Part, other: Part): boolean {
  if (one.moment !== undefined || other.moment !== undefined || one.source !== other.source) return false;
  const names = (part: Part): boolean => part.host !== undefined || part.time !== undefined;
  return (one.block ?? 0) !== (other.block ?? 0) && !(names(one) && names(other));
}

/** Whether at least half of the rows of the smaller side are on the other side too. */
function haveHalf(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [small, large] = one.size < other.size ? [one, other] : [other, one];
  if (small.size === 0) return false;
  return [...small].filter((row) => large.has(row)).length * 2 >= small.size;
}
