import type { World } from '../../world/world.ts';
import { type Box, meetBoxes, PLACE } from './sets/box.ts';
import { isWithin } from './sets/intervals.ts';
import { type Budget, explore, type FoundRegion } from './walk/explore.ts';
import type { HopTrail } from './walk/continuation.ts';
import { openSpace } from './sets/open-space.ts';
import { type PacketSet, simplified } from './sets/packet-set.ts';
import { type Seed, seedsOf } from './seeds.ts';
import type { Entry, Space } from './space.ts';

/** What two worlds do differently to the packets that can notice one difference between them. */
export type Answer =
  | { readonly kind: 'equal' }
  | { readonly kind: 'different'; readonly regions: readonly FoundRegion[]; readonly more: boolean }
  | { readonly kind: 'undecided'; readonly entry: Entry; readonly left: PacketSet };

/** Work for one seed, in states. */
const MAX_STATES = 20_000;
/** What it may take of the reserve besides, where it has told nothing by then. */
const MAX_RESERVED = 200_000;
/** Regions that are told of one seed. */
const MAX_REGIONS = 64;

/** What becomes otherwise of the packets of a seed. */
export function answerTo({ boxes }: Pick<Seed, 'boxes'>, space: Space, maxStates = MAX_STATES): Answer {
  const { full } = space.vocabulary;
  const regions: FoundRegion[] = [];
  let reserved = MAX_RESERVED;
  const budget: Budget = {
    states: maxStates,
    regions: MAX_REGIONS,
    more: () => {
      const part = regions.length > 0 ? 0 : Math.min(maxStates, reserved, space.reserve.states);
      reserved -= part;
      space.reserve.states -= part;
      return part;
    },
  };
  let left: { entry: Entry; set: PacketSet } | undefined;
  for (const [entry, entering] of space.entries) {
    const done: Box[] = [];
    for (const seed of boxes) {
      for (const start of entering) {
        const both = meetBoxes(seed, start);
        const set = both === undefined ? undefined : simplified(both, done, full);
        if (set === undefined) continue;
        const found = explore(space, entry, set, budget);
        regions.push(...found.regions.filter((region) => !isMartian(region, space)));
        if (found.left !== undefined) left ??= { entry, set: found.left };
      }
      done.push(seed);
    }
  }
  if (regions.length > 0) return { kind: 'different', regions, more: left !== undefined };
  return left === undefined ? { kind: 'equal' } : { kind: 'undecided', entry: left.entry, left: left.set };
}

/** The kernel drops what arrives with a source address of its own (Linux `fib_validate_source`). */
function isMartian({ entry, set }: FoundRegion, { own }: Space): boolean {
  const sources = set.box.fields[PLACE.source];
  return entry === 'prerouting' && sources !== undefined && isWithin(sources, own);
}

/** One answer for the packets of two. */
export function bothAnswers(one: Answer, other: Answer): Answer {
  const regions = [one, other].flatMap((answer) => (answer.kind === 'different' ? answer.regions : []));
  const left = [one, other].find(({ kind }) => kind === 'undecided');
  if (regions.length === 0) return left ?? { kind: 'equal' };
  return {
    kind: 'different',
    regions,
    more: left !== undefined || [one, other].some((answer) => answer.kind === 'different' && answer.more),
  };
}

/** The ways of the packets of a seed through one side; `open` where there are too many. */
export function trailsOf(boxes: readonly Box[], space: Space, side: 0 | 1): (HopTrail | undefined)[] | 'open' {
  const found: (HopTrail | undefined)[] = [];
  const budget: Budget = { states: MAX_STATES, regions: Number.MAX_SAFE_INTEGER, sides: [side], trails: true };
  for (const [entry, entering] of space.entries) {
    for (const start of entering) {
      for (const seed of boxes) {
        const set = meetBoxes(seed, start);
        const { regions, left } = set === undefined ? { regions: [] } : explore(space, entry, { box: set, nots: [] }, budget);
        if (left !== undefined) return 'open';
        for (const { net } of regions) for (const { trail } of net) found.push(trail);
      }
    }
  }
  return found;
}

/** Compares two worlds of one family: what each difference between them does to packets. */
export function compareWorlds(
  before: World,
  after: World,
): { readonly space: Space; readonly answers: readonly { readonly seed: Seed; readonly answer: Answer }[] } {
  const space = openSpace(before, after);
  return { space, answers: seedsOf(space, space.ways()).map((seed) => ({ seed, answer: answerTo(seed, space) })) };
}
