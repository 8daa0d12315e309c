import type { Intervals, Value } from '../../world/field.ts';
import { above } from '../../world/values.ts';
import { type Box, DIMENSIONS, type Dimension, PLACE, unseenKey, withField } from './sets/box.ts';
import { explore, type FoundRegion } from './walk/explore.ts';
import { pairsOf } from './sets/intervals.ts';
import { type PacketSet, within } from './sets/packet-set.ts';
import { solve } from './sets/solve.ts';
import { lieIn } from './sets/unseen.ts';
import type { Entry, Space } from './space.ts';
import { isUnusual } from './vocabulary.ts';

/** One packet, and what has to be so of the conditions that nobody decides. */
export interface Point {
  readonly entry: Entry;
  readonly values: Readonly<Record<Dimension, Value>>;
  readonly box: Box;
}

/** Values that a reader would take for a packet, the best first. */
export type Preferences = Partial<Readonly<Record<Dimension, readonly Value[]>>>;

/** A packet of a set: of the values preferred where the set has them. Undefined where the set has none, or that was not found. */
export function pointOf(entry: Entry, set: PacketSet, preferences: Preferences, space: Space): Point | undefined {
  const { full } = space.vocabulary;
  let left = set;
  for (const name of DIMENSIONS) {
    for (const value of preferences[name] ?? []) {
      const narrowed = narrow(left, name, value, space);
      if (narrowed === undefined || typeof solve(narrowed, full) !== 'object') continue;
      left = narrowed;
      break;
    }
  }
  const sample = solve(left, full);
  if (sample === undefined || sample === 'open') return undefined;
  let box: Box = sample;
  let source: Value | undefined;
  const values = Object.fromEntries(
    DIMENSIONS.map((name) => {
      const [low, high] = widest(sample.fields[PLACE[name]] ?? (full[PLACE[name]] as Intervals));
      const value = some(low as Value, high as Value, preferences[name], name === 'destination' ? source : undefined);
      if (name === 'source') source = value;
      box = withField(box, PLACE[name], [value, value]) ?? box;
      return [name, value];
    }),
  ) as Record<Dimension, Value>;
  return { entry, values, box };
}

/** The interval with the most values: in a narrow one are addresses that few hosts have, as that of a network. */
function widest(values: Intervals): readonly [low: Value, high: Value] {
  const size = ([low, high]: readonly [Value, Value]): bigint => BigInt(high) - BigInt(low);
  return pairsOf(values).reduce((one, other) => (size(other) > size(one) ? other : one));
}

/** The value preferred where it is there; else one some way into the range: its ends look like no host. */
function some(low: Value, high: Value, preferred: readonly Value[] | undefined, other: Value | undefined): Value {
  const found = preferred?.find((value) => low <= value && value <= high);
  if (found !== undefined) return found;
  const inside = typeof low === 'bigint' ? low + 9n : low + 9;
  const next = above(inside);
  // Nobody sends to itself.
  if (inside === other && next < high) return next;
  return inside < high ? inside : low;
}

function narrow(set: PacketSet, name: Dimension, value: Value, { vocabulary: { full } }: Space): PacketSet | undefined {
  const box = withField(set.box, PLACE[name], [value, value]);
  return box === undefined ? undefined : within({ box: set.box, nots: set.nots }, box, full);
}

/**
 * What both sides do with a packet: parts of its connections, with the rules they meet. The conditions that nobody decides are the same on
 * both.
 */
export interface Fates {
  readonly box: Box;
  readonly before: FoundRegion['net'];
  readonly after: FoundRegion['net'];
}

const MAX_STATES = 20_000;

/** Leads a packet through both sides. Undefined where that takes too many states. */
export function fatesOf({ entry, box }: Point, space: Space): Fates | undefined {
  const first = oneSide(space, entry, box, 0);
  const after = first && oneSide(space, entry, first.sample, 1);
  // What the side after divides by may part what the side before did not.
  const before = after && (isAsNarrow(after.sample, first.sample) ? first : oneSide(space, entry, after.sample, 0));
  return before && { box: after.sample, before: before.net, after: after.net };
}

/** Whether a box that lies in another one is the whole of it: of one packet, only marks and conditions can be left open. */
function isAsNarrow(inside: Box, box: Box): boolean {
  return (
    unseenKey(inside.unseen) === unseenKey(box.unseen) &&
    inside.mark.mask === box.mark.mask &&
    inside.connectionMark.mask === box.connectionMark.mask
  );
}

/** Conditions that are open still are taken not to hold where either will do. */
function oneSide(space: Space, entry: Entry, box: Box, side: 0 | 1): FoundRegion | undefined {
  const { regions } = explore(
    space,
    entry,
    { box, nots: [] },
    { states: MAX_STATES, regions: Number.MAX_SAFE_INTEGER, sides: [side], trails: true },
  );
  const usual = (region: FoundRegion): number =>
    region.sample.unseen.filter((unseen) => lieIn(box.unseen, unseen) !== 'all' && isUnusual(unseen, space.vocabulary)).length;
  return regions.toSorted((one, other) => usual(one) - usual(other))[0];
}
