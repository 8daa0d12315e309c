import { node, type Line } from '@netdrift/core';
import { oneOf, type Codec } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { savedRow, shown, sign } from '../row.ts';

/** `-m connbytes`: how much a connection has carried. `low` and `high` are decimal texts: the kernel counts to 2^64-1. */
export interface ConnbytesMatch {
  readonly kind: 'ConnbytesMatch';
  readonly not: boolean;
  readonly low: string;
  /** Missing: no upper bound. */
  readonly high?: string;
  readonly mode: 'packets' | 'bytes' | 'avgpkt';
  readonly direction: 'original' | 'reply' | 'both';
}

type Amount = Pick<ConnbytesMatch, 'low' | 'high'>;

/** `100`, `100:200`, `:200`, `100:`. */
const AMOUNT: Codec<Amount> = {
  expected: 'a number or a range of numbers',
  decode(text) {
    const found = /^(\d*)(?::(\d*))?$/.exec(text);
    if (found === null || text === '') return undefined;
    const [, low = '', high = ''] = found;
    return { low: low === '' ? '0' : low, ...(high === '' ? {} : { high }) };
  },
  print: ({ low, high }) => (high === undefined ? low : `${low}:${high}`),
};

const MODE = oneOf('packets', 'bytes', 'avgpkt');
const DIRECTION = oneOf('original', 'reply', 'both');

function build(line: Line, not: number, amount: number, mode: number, direction: number): ConnbytesMatch {
  return {
    kind: 'ConnbytesMatch',
    not: not >= 0,
    ...line.read(amount, AMOUNT),
    mode: line.read(mode, MODE),
    direction: line.read(direction, DIRECTION),
  };
}

/** `-m connbytes`. */
export const connbytesMatch: MatchExtension<ConnbytesMatch> = {
  type: 'match',
  name: 'connbytes',
  kind: 'ConnbytesMatch',
  listing: {
    starts: ['connbytes'],
    words: ['connbytes mode', 'connbytes direction'],
    negatable: ['connbytes'],
    values: ['connbytes', 'connbytes mode', 'connbytes direction'],
    grammar(g) {
      g.word('connbytes');
      const not = g.sign();
      const amount = g.value();
      g.word('connbytes mode');
      const mode = g.value(1);
      g.word('connbytes direction');
      return node(build, not, amount, mode, g.value(2));
    },
  },
  print: (match) => `${sign(match)}connbytes ${AMOUNT.print(match)} connbytes mode ${match.mode} connbytes direction ${match.direction}`,
  save: savedRow(['--connbytes', '--connbytes-mode', '--connbytes-dir'], (row) =>
    shown<ConnbytesMatch>({
      kind: 'ConnbytesMatch',
      not: row.not('--connbytes'),
      low: '0',
      high: undefined,
      ...row.read('--connbytes', AMOUNT),
      mode: row.read('--connbytes-mode', MODE) ?? 'packets',
      direction: row.read('--connbytes-dir', DIRECTION) ?? 'both',
    }),
  ),
  printSave: (match) =>
    ` ${sign(match)}--connbytes ${AMOUNT.print(match)} --connbytes-mode ${match.mode} --connbytes-dir ${match.direction}`,
  samples: [
    'connbytes 100:200 connbytes mode bytes connbytes direction both',
    '! connbytes 7 connbytes mode packets connbytes direction reply',
  ],
};
