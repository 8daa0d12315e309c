import { wholeNumber } from '../codec.ts';
import type { TargetExtension } from '../extension.ts';
import { bare, listedRow, savedRow, shown, type Row } from '../row.ts';

/** `-j TCPMSS`: sets the maximum segment size, to `size` or, without it, to what the path carries. */
export interface TcpmssTarget {
  readonly kind: 'TcpmssTarget';
  readonly name: 'TCPMSS';
  readonly size?: number;
}

const SIZE = wholeNumber(0xffff);

const build =
  (word: string) =>
  (row: Row): TcpmssTarget =>
    shown<TcpmssTarget>({ kind: 'TcpmssTarget', name: 'TCPMSS', size: row.read(word, SIZE) });

/** `-j TCPMSS`. */
export const tcpmssTarget: TargetExtension<TcpmssTarget> = {
  type: 'target',
  name: 'TCPMSS',
  kind: 'TcpmssTarget',
  listing: listedRow([{ word: 'TCPMSS set', takes: 1 }, bare('TCPMSS clamp to PMTU')], [], build('TCPMSS set')),
  print: ({ size }) => (size === undefined ? 'TCPMSS clamp to PMTU' : `TCPMSS set ${size}`),
  save: savedRow(['--set-mss', bare('--clamp-mss-to-pmtu')], build('--set-mss')),
  printSave: ({ size }) => (size === undefined ? ' --clamp-mss-to-pmtu' : ` --set-mss ${size}`),
  samples: ['TCPMSS clamp to PMTU', 'TCPMSS set 1400'],
};
