import type { MatchExtension } from '../extension.ts';
import { listedRow, savedRow, sign, type Row } from '../row.ts';

/** `-m u32`: an expression over the packet's bytes, as printed. */
export interface U32Match {
  readonly kind: 'U32Match';
  readonly not: boolean;
  readonly expression: string;
}

const build =
  (word: string) =>
  (row: Row): U32Match => ({ kind: 'U32Match', not: row.not(word), expression: row.text(word) ?? '' });

/** `-m u32`. */
export const u32Match: MatchExtension<U32Match> = {
  type: 'match',
  name: 'u32',
  kind: 'U32Match',
  listing: listedRow([{ word: 'u32', takes: 1, not: 'after', quoted: true }], [], build('u32')),
  print: (match) => `u32 ${sign(match)}"${match.expression}"`,
  save: savedRow(['--u32'], build('--u32')),
  printSave: (match) => ` ${sign(match)}--u32 "${match.expression}"`,
  samples: ['u32 "0x0=0x0&&0x0=0x1"', 'u32 ! "0x0>>0x16&0x3c@0x0>>0x10=0x1:0x5"'],
};
