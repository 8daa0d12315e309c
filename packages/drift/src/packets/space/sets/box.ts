import type { Intervals } from '../../../world/field.ts';
import { intersect, isWithin, subtract } from './intervals.ts';
import { lieIn, negated, type Unseen, withUnseen } from './unseen.ts';

/** The dimensions of a box that hold values, in the order of {@link Box.fields}. Interfaces are numbers of classes. */
export const DIMENSIONS = [
  'protocol',
  'source',
  'destination',
  'sourcePort',
  'destinationPort',
  'state',
  'icmpType',
  'tcpFlags',
  'in',
  'out',
] as const;

/** A dimension that holds values. */
export type Dimension = (typeof DIMENSIONS)[number];

/** Place of each dimension in {@link Box.fields}. */
export const PLACE = Object.fromEntries(DIMENSIONS.map((name, place) => [name, place])) as Readonly<Record<Dimension, number>>;

/** Marks whose bits under the mask are those of the value. */
export interface Cube {
  readonly mask: number;
  readonly value: number;
}

/** Packets that meet a list of conditions, all at once. Never empty: an operation that leaves nothing gives undefined. */
export interface Box {
  /** By {@link PLACE}; undefined = any value. */
  readonly fields: readonly (Intervals | undefined)[];
  readonly mark: Cube;
  readonly connectionMark: Cube;
  /** What has to be so that nobody can see; ascending by number. */
  readonly unseen: readonly Unseen[];
}

const ANY_CUBE: Cube = { mask: 0, value: 0 };

/** All packets. */
export const EVERYTHING: Box = { fields: DIMENSIONS.map(() => undefined), mark: ANY_CUBE, connectionMark: ANY_CUBE, unseen: [] };

/** The packets of a box whose field has one of the values. */
export function withField(box: Box, place: number, values: Intervals): Box | undefined {
  const known = box.fields[place];
  const both = known === undefined ? values : intersect(known, values);
  if (both.length === 0) return undefined;
  return { ...box, fields: box.fields.with(place, both) };
}

/** A box whose packets may have any value of a field. */
export function withoutField(box: Box, place: number): Box {
  return { ...box, fields: box.fields.with(place, undefined) };
}

/** The packets of a box that have a mark. */
export function withMark(box: Box, register: 'mark' | 'connectionMark', cube: Cube): Box | undefined {
  const both = meetCubes(box[register], cube);
  return both === undefined ? undefined : { ...box, [register]: both };
}

/** The packets of a box for which a quantity that nobody sees has one of the values. */
export function withCondition(box: Box, condition: Unseen): Box | undefined {
  const unseen = withUnseen(box.unseen, condition);
  return unseen && { ...box, unseen };
}

/** The packets that are in both boxes. */
export function meetBoxes(one: Box, other: Box): Box | undefined {
  const mark = meetCubes(one.mark, other.mark);
  const connectionMark = meetCubes(one.connectionMark, other.connectionMark);
  if (mark === undefined || connectionMark === undefined) return undefined;
  const fields: (Intervals | undefined)[] = [];
  for (let place = 0; place < one.fields.length; place++) {
    const [known, asked] = [one.fields[place], other.fields[place]];
    if (known === undefined || asked === undefined) {
      fields.push(known ?? asked);
      continue;
    }
    const both = intersect(known, asked);
    if (both.length === 0) return undefined;
    fields.push(both);
  }
  let unseen: readonly Unseen[] | undefined = one.unseen;
  for (const condition of other.unseen) {
    unseen = withUnseen(unseen, condition);
    if (unseen === undefined) return undefined;
  }
  return { fields, mark, connectionMark, unseen };
}

function meetCubes(one: Cube, other: Cube): Cube | undefined {
  if (((one.value ^ other.value) & one.mask & other.mask) !== 0) return undefined;
  if ((other.mask & ~one.mask) === 0) return one;
  return { mask: (one.mask | other.mask) >>> 0, value: (one.value | other.value) >>> 0 };
}

/** One dimension in which a box reaches beyond another: a field by its place, one bit of a mark, one quantity that nobody sees. */
export type Excess =
  | { readonly kind: 'field'; readonly place: number }
  | { readonly kind: 'mark' | 'connectionMark'; readonly bit: number }
  | { readonly kind: 'unseen'; readonly limit: Unseen };

/**
 * The dimensions in which a box reaches beyond another one: none where it lies within it. Undefined where they have nothing in common.
 *
 * @example
 * excesses(allTcp, tcpToPort80) // => [{ kind: 'field', place: PLACE.destinationPort }]
 */
export function excesses(box: Box, beyond: Box): Excess[] | undefined {
  const found: Excess[] = [];
  for (let place = 0; place < box.fields.length; place++) {
    const limit = beyond.fields[place];
    if (limit === undefined) continue;
    const values = box.fields[place];
    if (values === undefined) found.push({ kind: 'field', place });
    else if (!isWithin(values, limit)) {
      if (intersect(values, limit).length === 0) return undefined;
      found.push({ kind: 'field', place });
    }
  }
  for (const kind of ['mark', 'connectionMark'] as const) {
    const [known, limit] = [box[kind], beyond[kind]];
    if (((known.value ^ limit.value) & known.mask & limit.mask) !== 0) return undefined;
    for (let open = (limit.mask & ~known.mask) >>> 0; open !== 0; open = (open & (open - 1)) >>> 0)
      found.push({ kind, bit: (open & -open) >>> 0 });
  }
  for (const limit of beyond.unseen) {
    const lies = lieIn(box.unseen, limit);
    if (lies === 'none') return undefined;
    if (lies === 'some') found.push({ kind: 'unseen', limit });
  }
  return found;
}

/** The part of a box that is beyond another one in one dimension (`outside`), or that is not (`inside`). */
export function partOf(box: Box, beyond: Box, excess: Excess, side: 'outside' | 'inside', full: readonly Intervals[]): Box | undefined {
  switch (excess.kind) {
    case 'field': {
      const limit = beyond.fields[excess.place] as Intervals;
      return withField(
        box,
        excess.place,
        side === 'inside' ? limit : subtract(box.fields[excess.place] ?? (full[excess.place] as Intervals), limit),
      );
    }
    case 'mark':
    case 'connectionMark': {
      const value = (beyond[excess.kind].value & excess.bit) >>> 0;
      return withMark(box, excess.kind, { mask: excess.bit, value: side === 'inside' ? value : (value ^ excess.bit) >>> 0 });
    }
    case 'unseen':
      return withCondition(box, side === 'inside' ? excess.limit : negated(excess.limit));
  }
}

/** Equal for equal boxes. */
export function boxKey({ fields, mark, connectionMark, unseen }: Box): string {
  let key = '';
  for (const values of fields) key += values === undefined ? '|' : `${values.join()}|`;
  return mark.mask === 0 && connectionMark.mask === 0 && unseen.length === 0
    ? key
    : `${key}${mark.mask}.${mark.value}.${connectionMark.mask}.${connectionMark.value}.${unseenKey(unseen)}`;
}

/** Equal where the same is known of what nobody sees. */
export function unseenKey(unseen: readonly Unseen[]): string {
  return unseen.map((one) => `${one.number}:${one.in.join()}`).join(';');
}
