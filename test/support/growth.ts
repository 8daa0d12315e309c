import { expect } from 'vitest';

/** Ten times the size takes ten times as long, and a hundred times where a step is quadratic: this lies between, far from both. */
const LIMIT = 32;
/** Below this many milliseconds the clock and the collector are what is measured. */
const FLOOR = 5;

/**
 * Expects the time that `run` takes to grow no faster than the size it is given, which is asked for `size` and ten times as much.
 *
 * CPU time of the fastest of a few runs counts; a machine that is busy with something else gets several tries.
 */
export function expectLinear(run: (size: number) => void, size: number): void {
  let growth = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 5 && growth >= LIMIT; attempt++) {
    const one = Math.max(fastest(() => run(size), 3), FLOOR);
    growth = Math.min(growth, fastest(() => run(size * 10), 2) / one);
  }
  expect(growth).toBeLessThan(LIMIT);
}

function fastest(run: () => void, times: number): number {
  const runs = Array.from({ length: times }, () => {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...runs);
}
