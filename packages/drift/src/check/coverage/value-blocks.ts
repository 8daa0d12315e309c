import type { Intervals, Value } from '../../world/field.ts';

/** Intervals that are told apart; more are taken for everything between the first and the last. */
const MAX_INTERVALS = 16;

/** The smallest block of 2^shift values that holds an interval: its number among the blocks of that size. */
interface Block {
  readonly shift: number;
  readonly number: Value;
}

/** Lists of places, each ascending, that together hold every entry that may have a value in common with those asked for. */
export type PlacesOf = (values: Intervals) => readonly (readonly number[])[];

/**
 * Finds entries by their values, at a cost that does not grow with how many there are. Values lie in blocks as addresses lie in prefixes:
 * two intervals have nothing in common unless the block of one holds that of the other.
 *
 * @param entries their values by place; undefined: any value
 */
export function valueBlocks(entries: readonly { readonly place: number; readonly values: Intervals | undefined }[]): PlacesOf {
  const any: number[] = [];
  const placed: { readonly place: number; readonly block: Block }[] = [];
  const levels = new Map<number, Map<Value, number[]>>();
  const within = new Map<number, Map<Value, number[]>>();
  for (const { place, values } of entries)
    if (values === undefined) any.push(place);
    else
      for (const block of blocksOf(values)) {
        placed.push({ place, block });
        addPlace(levelOf(levels, block.shift), block.number, place);
      }
  return (values) => {
    const lists: (readonly number[])[] = [any];
    for (const { shift, number } of blocksOf(values)) {
      for (const [level, places] of levels) if (level >= shift) lists.push(places.get(shifted(number, level - shift)) ?? []);
      lists.push(smallerThan(shift).get(number) ?? []);
    }
    return lists.filter(({ length }) => length > 0);
  };

  /** The entries in smaller blocks, by the blocks of a size that hold these. */
  function smallerThan(shift: number): ReadonlyMap<Value, readonly number[]> {
    const known = within.get(shift);
    if (known !== undefined) return known;
    const made = levelOf(within, shift);
    for (const { place, block } of placed) if (block.shift < shift) addPlace(made, shifted(block.number, shift - block.shift), place);
    return made;
  }
}

function blocksOf(values: Intervals): Block[] {
  const whole = values.length > MAX_INTERVALS * 2 ? [values[0] as Value, values.at(-1) as Value] : values;
  return Array.from({ length: whole.length / 2 }, (_, at) => {
    let [number, high] = [whole[at * 2] as Value, whole[at * 2 + 1] as Value];
    let shift = 0;
    for (; number !== high; shift++) [number, high] = [shifted(number, 1), shifted(high, 1)];
    return { shift, number };
  });
}

function shifted(value: Value, by: number): Value {
  return typeof value === 'bigint' ? value >> BigInt(by) : Math.floor(value / 2 ** by);
}

function levelOf(levels: Map<number, Map<Value, number[]>>, shift: number): Map<Value, number[]> {
  const level = levels.get(shift) ?? new Map<Value, number[]>();
  levels.set(shift, level);
  return level;
}

function addPlace(level: Map<Value, number[]>, number: Value, place: number): void {
  const places = level.get(number);
  if (places === undefined) level.set(number, [place]);
  else if (places.at(-1) !== place) places.push(place);
}
