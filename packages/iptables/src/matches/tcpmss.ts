import { node, type Line } from '@netdrift/core';
import { numberRange, type NumberRange } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { joinedSign, savedRow, sign } from '../row.ts';

/** `-m tcpmss`: the maximum segment size a SYN packet offers, from `low` to `high`. */
export interface TcpmssMatch extends NumberRange {
  readonly kind: 'TcpmssMatch';
  readonly not: boolean;
}

const SIZE = numberRange(0xffff);
const ANY: NumberRange = { low: 0, high: 0xffff };

const listed = (line: Line, not: number, size: number): TcpmssMatch => ({
  kind: 'TcpmssMatch',
  not: not >= 0,
  ...line.read(size, SIZE),
});

/** `-m tcpmss`. */
export const tcpmssMatch: MatchExtension<TcpmssMatch> = {
  type: 'match',
  name: 'tcpmss',
  kind: 'TcpmssMatch',
  listing: {
    starts: ['tcpmss match'],
    grammar(g) {
      g.word('tcpmss match');
      const not = g.sign();
      return node(listed, not, g.value());
    },
  },
  print: (match) => `tcpmss match ${joinedSign(match)}${SIZE.print(match)}`,
  save: savedRow(['--mss'], (row) => ({ kind: 'TcpmssMatch', not: row.not('--mss'), ...(row.read('--mss', SIZE) ?? ANY) })),
  printSave: (match) => ` ${sign(match)}--mss ${SIZE.print(match)}`,
  samples: ['tcpmss match 500:1460', 'tcpmss match !1400'],
};
