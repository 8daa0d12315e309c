import { node, type Line } from '@netdrift/core';
import { numberRange, type NumberRange } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { joinedSign, savedRow, sign } from '../row.ts';

/** `-m length`: bytes of the packet from `low` to `high`, both included. */
export interface LengthMatch extends NumberRange {
  readonly kind: 'LengthMatch';
  readonly not: boolean;
}

const LENGTH = numberRange(0xffff);
const ANY: NumberRange = { low: 0, high: 0xffff };

const listed = (line: Line, not: number, length: number): LengthMatch => ({
  kind: 'LengthMatch',
  not: not >= 0,
  ...line.read(length, LENGTH),
});

/** `-m length`. */
export const lengthMatch: MatchExtension<LengthMatch> = {
  type: 'match',
  name: 'length',
  kind: 'LengthMatch',
  listing: {
    starts: ['length'],
    grammar(g) {
      g.word('length');
      const not = g.sign();
      return node(listed, not, g.value());
    },
  },
  print: (match) => `length ${joinedSign(match)}${LENGTH.print(match)}`,
  save: savedRow(['--length'], (row) => ({ kind: 'LengthMatch', not: row.not('--length'), ...(row.read('--length', LENGTH) ?? ANY) })),
  printSave: (match) => ` ${sign(match)}--length ${LENGTH.print(match)}`,
  samples: ['length 100:1500', 'length !40'],
};
