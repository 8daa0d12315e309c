import { node, type Line } from '@netdrift/core';
import { hexNumber } from '../codec.ts';
import { DSCP_CLASS } from '../fields/dscp-class.ts';
import type { MatchExtension } from '../extension.ts';
import { joinedSign, savedRow, sign } from '../row.ts';

/** `-m dscp`: the differentiated services field, 0-63. */
export interface DscpMatch {
  readonly kind: 'DscpMatch';
  readonly not: boolean;
  readonly value: number;
}

const VALUE = hexNumber(2, 0x3f);

const listed = (line: Line, not: number, value: number): DscpMatch => ({
  kind: 'DscpMatch',
  not: not >= 0,
  value: line.read(value, VALUE),
});

/** `-m dscp`; the tools print the number of a class. */
export const dscpMatch: MatchExtension<DscpMatch> = {
  type: 'match',
  name: 'dscp',
  kind: 'DscpMatch',
  listing: {
    starts: ['DSCP match'],
    grammar(g) {
      g.word('DSCP match');
      const not = g.sign();
      return node(listed, not, g.value());
    },
  },
  print: (match) => `DSCP match ${joinedSign(match)}${VALUE.print(match.value)}`,
  save: savedRow(['--dscp', '--dscp-class'], (row) => ({
    kind: 'DscpMatch',
    not: row.not('--dscp') || row.not('--dscp-class'),
    value: row.read('--dscp', VALUE) ?? row.read('--dscp-class', DSCP_CLASS) ?? 0,
  })),
  printSave: (match) => ` ${sign(match)}--dscp ${VALUE.print(match.value)}`,
  samples: ['DSCP match 0x2e', 'DSCP match !0x00'],
};
