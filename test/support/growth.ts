import { expect } from 'vitest';

/**
 * Ten times the size takes ten times as long, and up to fourteen where ten times as much memory costs more to collect. What grows with the
 * power 1.3 of the size takes twenty times as long.
 */
const LIMIT = 16;
/** Below this many milliseconds the clock and the collector are what is measured: a larger size is asked for. */
const FLOOR = 5;
const LARGEST = 16;
const TRIES = 8;

/** What one run with this size costs, in milliseconds. */
export type Measure = (run: (size: number) => void, size: number) => number;

/**
 * Expects the time that `run` takes to grow no faster than the size it is given, which is asked for `size`, or more where that takes no time, and
 * for ten times as much.
 *
 * A table of many strings outgrows the processor's cache: what is mostly that gets a `limit` of its own, which only a quadratic step goes beyond.
 *
 * CPU time of the fastest of a few runs counts, and several tries are made. On a machine that shares its cache and memory with other work, ten
 * times as much of anything costs more than ten times the time: in each try a list of as many objects as take as long is made and collected too,
 * and what it grows by beyond ten is taken off.
 */
export function expectLinear(run: (size: number) => void, size: number, limit = LIMIT, measure: Measure = cpuMilliseconds): void {
  const fastest = (what: (size: number) => void, of: number, times: number): number =>
    Math.min(...Array.from({ length: times }, () => measure(what, of)));
  let least = size;
  while (least < size * LARGEST && fastest(run, least, 1) < FLOOR) least *= 2;
  let objects = 1000;
  const aim = fastest(run, least, 1);
  while (fastest(makeObjects, objects, 1) < aim) objects *= 2;
  let growth = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES && growth >= limit; attempt++) {
    const growthOf = (what: (size: number) => void, of: number): number => fastest(what, of * 10, 2) / fastest(what, of, 3);
    const loaded = attempt === 0 ? 1 : Math.max(1, growthOf(makeObjects, objects) / 10);
    growth = Math.min(growth, growthOf(run, least) / loaded);
  }
  expect(growth).toBeLessThan(limit);
}

/** Makes objects with a text each, and nothing else. */
function makeObjects(count: number): void {
  const made = Array.from({ length: count }, (_, index) => ({ index, text: `10.0.${index >> 8}.${index & 255}` }));
  if (made.length !== count) throw new Error('not made');
}

const cpuMilliseconds: Measure = (run, size) => {
  const start = process.cpuUsage();
  run(size);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
};
