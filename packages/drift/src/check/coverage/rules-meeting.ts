import { addToGroup } from '../../common/add-to-group.ts';
import { once } from '../../common/once.ts';
import type { Box } from '../../packets/space/sets/box.ts';
import { HOLDS } from '../../packets/space/sets/unseen.ts';
import type { Intervals } from '../../world/field.ts';
import { type PlacesOf, valueBlocks } from './value-blocks.ts';

type Places = readonly (readonly number[])[];

/** Fewer rules than this are not told apart any further. */
const FEW = 16;

/** Places of rules before or behind a place: the nearest first, and no more than asked for. */
type Nearest = (box: Box, side: 'before' | 'behind', place: number, most: number) => readonly number[];

/** Finds rules of a chain by what they meet. */
export interface RulesMeeting {
  /** Those that may have packets in common with a box. */
  readonly meeting: Nearest;
  /** Of those, the ones that may meet all packets of the box. */
  readonly holding: Nearest;
}

/**
 * Finds the rules that may have packets in common with a box. Rules for other values of the field, or of the quantity that no listing
 * shows, that tells most of them apart are passed over at once.
 *
 * @param boxes what each rule of a chain may meet, by its place; undefined: it is not asked about
 */
export function rulesMeeting(boxes: readonly (Box | undefined)[]): RulesMeeting {
  const asked = boxes.flatMap((box, place) => (box === undefined ? [] : [{ box, place }]));
  const all = [asked.map(({ place }) => place)];
  const fields = new Map<number, PlacesOf>();
  const quantities = new Map<number, PlacesOf>();
  const byCondition = once(() => {
    const found = new Map<number | undefined, number[]>();
    for (const { box, place } of asked) addToGroup(found, box.unseen[0]?.number, place);
    return found;
  });
  return {
    meeting: (box, side, place, most) => nearest(fewestFor(box, all), side, place, most),
    holding: (box, side, place, most) => {
      // A rule that asks for what the box leaves open does not meet all of it.
      const known = asked.length < FEW ? all : [undefined, ...box.unseen.map(({ number }) => number)].map((one) => byCondition().get(one) ?? []);
      return nearest(fewestFor(box, known), side, place, most);
    },
  };

  function fewestFor(box: Box, known: Places): Places {
    let fewest = known;
    for (const { find, values } of indexesFor(box)) {
      if (count(fewest) < FEW) break;
      const found = find()(values);
      if (count(found) < count(fewest)) fewest = found;
    }
    return fewest;
  }

  /** The indexes that may tell rules apart for a box, with its values there; each is made when it is asked. */
  function* indexesFor({ fields: known, unseen }: Box): Generator<{ readonly find: () => PlacesOf; readonly values: Intervals }> {
    for (const [field, values] of known.entries())
      if (values !== undefined) yield { find: () => indexOf(fields, field, (one) => one.fields[field]), values };
    for (const { number, in: values } of unseen)
      if (!isYesOrNo(values))
        yield { find: () => indexOf(quantities, number, (one) => one.unseen.find((other) => other.number === number)?.in), values };
  }

  function indexOf(indexes: Map<number, PlacesOf>, key: number, valuesOf: (box: Box) => Intervals | undefined): PlacesOf {
    const made = indexes.get(key) ?? valueBlocks(asked.map(({ box, place }) => ({ place, values: valuesOf(box) })));
    indexes.set(key, made);
    return made;
  }
}

/** Of what holds or does not, one half of all rules is the most that could be passed over. */
function isYesOrNo(values: Intervals): boolean {
  return values.length === 2 && (values[1] === HOLDS[1] || values[1] === Number.MAX_SAFE_INTEGER);
}

function count(lists: Places): number {
  return lists.reduce((sum, { length }) => sum + length, 0);
}

function nearest(lists: Places, side: 'before' | 'behind', place: number, most: number): readonly number[] {
  const found = lists.flatMap((places) => {
    const at = firstFrom(places, side === 'before' ? place : place + 1);
    return side === 'before' ? places.slice(Math.max(0, at - most), at) : places.slice(at, at + most);
  });
  return [...new Set(found)].sort(side === 'before' ? (one, other) => other - one : (one, other) => one - other).slice(0, most);
}

/** Where the first place stands that is not before another one. */
function firstFrom(places: readonly number[], place: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] as number) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
