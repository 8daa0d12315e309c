import type { Line } from './line.ts';

/** How many shapes are kept; real listings have a few dozen, hostile ones a new one for each line. */
export const MAX_SHAPES = 4_096;

/** Remembers what the grammar made of a sequence of token codes. */
export interface ShapeCache<T> {
  /** What was kept for this line's shape; nothing for a line that overflowed. */
  find(line: Line): T | undefined;
  /** Keeps `value` for this line's shape, and gives it back; past {@link MAX_SHAPES} nothing more is kept. */
  add(line: Line, value: T): T;
  /** Number of shapes kept. */
  readonly size: number;
}

interface Shape<T> {
  readonly hash: number;
  readonly codes: Uint16Array;
  readonly value: T;
}

/**
 * An empty {@link ShapeCache}: found by hash, confirmed by comparing every code, so a collision costs time and never truth.
 */
export function shapeCache<T>(): ShapeCache<T> {
  let slots = emptySlots<T>(FIRST_SLOTS);
  let mask = slots.length - 1;
  let size = 0;
  const put = (shape: Shape<T>): void => {
    let slot = spread(shape.hash) & mask;
    while (slots[slot] !== undefined) slot = (slot + 1) & mask;
    slots[slot] = shape;
  };
  const grow = (): void => {
    const before = slots;
    slots = emptySlots<T>(before.length * 4);
    mask = slots.length - 1;
    for (const shape of before) if (shape !== undefined) put(shape);
  };
  return {
    get size() {
      return size;
    },
    find(line) {
      if (line.overflow) return undefined;
      for (let slot = spread(line.hash) & mask; ; slot = (slot + 1) & mask) {
        const shape = slots[slot];
        if (shape === undefined) return undefined;
        if (shape.hash === line.hash && sameCodes(shape.codes, line)) return shape.value;
      }
    },
    add(line, value) {
      if (size >= MAX_SHAPES) return value;
      if (size * 4 >= slots.length) grow();
      put({ hash: line.hash, codes: line.types.slice(0, line.count), value });
      size += 1;
      return value;
    },
  };
}

/** A power of 4: a listing of a few lines pays for a few shapes. The table is never more than a quarter full. */
const FIRST_SLOTS = 64;

function emptySlots<T>(length: number): (Shape<T> | undefined)[] {
  return Array.from({ length }, () => undefined);
}

function spread(hash: number): number {
  return (hash ^ (hash >>> 16)) >>> 0;
}

function sameCodes(codes: Uint16Array, line: Line): boolean {
  if (codes.length !== line.count) return false;
  const { types } = line;
  for (let index = 0; index < codes.length; index += 1) if (codes[index] !== types[index]) return false;
  return true;
}
