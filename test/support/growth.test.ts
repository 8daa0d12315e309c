import { describe, expect, it } from 'vitest';
import { expectLinear } from './growth.ts';

const task = (): void => {};

/** Expects linear growth of what costs this many milliseconds, where objects cost so many: no clock is read, so that no machine decides. */
function expectLinearCost(cost: (size: number) => number, objects = (count: number): number => count / 1000): void {
  expectLinear(task, 10_000, undefined, (run, size) => (run === task ? cost(size) : objects(size)));
}

describe('a test of growth', () => {
  it('passes what takes time in proportion to its size, or with a logarithm more', () => {
    expectLinearCost((size) => size / 1000);
    expectLinearCost((size) => (size * Math.log2(size)) / 10_000);
  });

  it('fails where the time grows with the power 1.3 of the size', () => {
    expect(() => expectLinearCost((size) => size ** 1.3 / 10_000)).toThrow('to be less than 16');
  });

  it('gives a machine that is busy with something else several tries', () => {
    const busy = [100, 100, 900, 900, 30];
    expect(() => expectLinearCost((size) => (size === 10_000 ? 20 : (busy.shift() ?? 30) * 10))).not.toThrow();
  });

  it('passes what grows as objects do on a machine whose memory is shared, and fails what grows faster there', () => {
    const objects = (count: number): number => count ** 1.25 / 10_000;
    expect(() => expectLinearCost((size) => size ** 1.25 / 10_000, objects)).not.toThrow();
    expect(() => expectLinearCost((size) => size ** 1.6 / 100_000, objects)).toThrow('to be less than 16');
  });
});
