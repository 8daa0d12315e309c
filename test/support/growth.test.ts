import { describe, expect, it } from 'vitest';
import { expectLinear } from './growth.ts';

/** Takes time, and nothing else: as many steps as it is asked for. */
function spend(steps: number): number {
  let sum = 0;
  for (let step = 0; step < steps; step += 1) sum = (Math.imul(sum, 31) + step) | 0;
  return sum;
}

describe('a test of growth', () => {
  it('passes what takes time in proportion to its size, or with a logarithm more', () => {
    expectLinear((size) => spend(size * 200), 10_000);
    expectLinear((size) => spend(size * 20 * Math.log2(size)), 10_000);
  });

  it('fails where the time grows with the power 1.3 of the size', () => {
    expect(() => expectLinear((size) => spend(size ** 1.3 * 20), 10_000)).toThrow('to be less than 16');
  });
});
