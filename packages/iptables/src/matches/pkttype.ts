import { oneOf } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { listedRow, savedRow, sign, type Row } from '../row.ts';

/** `-m pkttype`: whom the link layer sent the packet to. */
export interface PkttypeMatch {
  readonly kind: 'PkttypeMatch';
  readonly not: boolean;
  readonly value: 'unicast' | 'broadcast' | 'multicast';
}

const TYPE = oneOf('unicast', 'broadcast', 'multicast');

const build = (row: Row, word: string, not: boolean): PkttypeMatch => ({
  kind: 'PkttypeMatch',
  not,
  value: row.read(word, TYPE) ?? 'unicast',
});

/** `-m pkttype`. */
export const pkttypeMatch: MatchExtension<PkttypeMatch> = {
  type: 'match',
  name: 'pkttype',
  kind: 'PkttypeMatch',
  listing: listedRow(
    [
      { word: 'PKTTYPE =', takes: 1 },
      { word: 'PKTTYPE !=', takes: 1 },
    ],
    [],
    (row) => (row.has('PKTTYPE !=') ? build(row, 'PKTTYPE !=', true) : build(row, 'PKTTYPE =', false)),
  ),
  print: ({ not, value }) => `PKTTYPE ${not ? '!=' : '='} ${value}`,
  save: savedRow(['--pkt-type'], (row) => build(row, '--pkt-type', row.not('--pkt-type'))),
  printSave: (match) => ` ${sign(match)}--pkt-type ${match.value}`,
  samples: ['PKTTYPE = multicast', 'PKTTYPE != unicast'],
};
