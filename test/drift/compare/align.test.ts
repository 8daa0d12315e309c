import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align } from '../../../packages/drift/src/common/align.ts';
import { expectLinear } from '../../support/growth.ts';

const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { maxLength: 30 });

describe('aligning two sequences', () => {
  it('keeps what stays in order, and moves one element rather than two', () => {
    expect(align(['a', 'b', 'c'], ['c', 'a', 'b'])).toEqual({
      kept: [
        [0, 1],
        [1, 2],
      ],
      moved: [[2, 0]],
      removed: [],
      added: [],
    });
  });

  it('tells what is gone and what has come', () => {
    expect(align(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual({
      kept: [
        [0, 0],
        [2, 2],
      ],
      moved: [],
      removed: [1],
      added: [1],
    });
  });

  it('pairs copies as often as both sides have them', () => {
    expect(align(['a', 'a', 'a'], ['a'])).toEqual({ kept: [[0, 0]], moved: [], removed: [1, 2], added: [] });
  });

  it('accounts for every element once, pairs equal ones only, and keeps in order', () => {
    fc.assert(
      fc.property(words, words, (before, after) => {
        const { kept, moved, removed, added } = align(before, after);
        const pairs = [...kept, ...moved];
        expect(pairs.map(([one, other]) => before[one] === after[other])).toEqual(pairs.map(() => true));
        expect([...pairs.map(([one]) => one), ...removed].sort((one, other) => one - other)).toEqual(before.map((_, index) => index));
        expect([...pairs.map(([, other]) => other), ...added].sort((one, other) => one - other)).toEqual(after.map((_, index) => index));
        for (let index = 1; index < kept.length; index++) {
          expect((kept[index] as [number, number])[0]).toBeGreaterThan((kept[index - 1] as [number, number])[0]);
          expect((kept[index] as [number, number])[1]).toBeGreaterThan((kept[index - 1] as [number, number])[1]);
        }
        // Nothing that both sides have left is called removed and added.
        const left = new Set(removed.map((place) => before[place]));
        expect(added.filter((place) => left.has(after[place]))).toEqual([]);
      }),
    );
  });

  it('finds no difference between a sequence and itself', () => {
    fc.assert(
      fc.property(words, (sequence) => {
        expect(align(sequence, sequence).kept).toHaveLength(sequence.length);
      }),
    );
  });

  it.each([
    [
      'reversed',
      (length: number): [string[], string[]] => [
        Array.from({ length }, (_, index) => `r${index}`),
        Array.from({ length }, (_, index) => `r${length - index}`),
      ],
    ],
    ['copies of one element against one', (length: number): [string[], string[]] => [Array.from({ length }, () => 'same'), ['same']]],
    [
      'few elements in random order',
      (length: number): [string[], string[]] => [
        Array.from({ length }, (_, index) => `r${(index * 7919) % 13}`),
        Array.from({ length }, (_, index) => `r${(index * 104729) % 11}`),
      ],
    ],
    [
      'all new',
      (length: number): [string[], string[]] => [
        Array.from({ length }, (_, index) => `a${index}`),
        Array.from({ length }, (_, index) => `b${index}`),
      ],
    ],
  ])('takes time in proportion to the number of elements: %s', (_, make) => {
    expectLinear((length) => void align(...make(length)), 10_000, 40);
  });
});
