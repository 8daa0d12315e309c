import { expect } from 'vitest';

/**
 * Ten times the size takes ten times as long, and up to fourteen where ten times as much memory costs more to collect. What grows with the
 * power 1.3 of the size takes twenty times as long.
 */
const LIMIT = 16;
/** Below this many milliseconds the clock and the collector are what is measured: a larger size is asked for. */
const FLOOR = 5;
const LARGEST = 16;

/**
 * Expects the time that `run` takes to grow no faster than the size it is given, which is asked for `size`, or more where that takes no
 * time, and for ten times as much.
 *
 * A table of many strings outgrows the processor's cache: what is mostly that gets a `limit` of its own, which only a quadratic step goes
 * beyond.
 *
 * CPU time of the fastest of a few runs counts; a machine that is busy with something else gets several tries.
 */
export function expectLinear(run: (size: number) => void, size: number, limit = LIMIT, measure: Measure = cpuMilliseconds): void {
  const fastest = (of: number, times: number): number => Math.min(...Array.from({ length: times }, () => measure(run, of)));
  let least = size;
  while (least < size * LARGEST && fastest(least, 1) < FLOOR) least *= 2;
  let growth = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 8 && growth >= limit; attempt++) {
    const one = fastest(least, 3);
    growth = Math.min(growth, fastest(least * 10, 2) / one);
  }
  expect(growth).toBeLessThan(limit);
}

/** What one run with this size costs, in milliseconds. */
export type Measure = (run: (size: number) => void, size: number) => number;

const cpuMilliseconds: Measure = (run, size) => {
  const start = process.cpuUsage();
  run(size);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
};
