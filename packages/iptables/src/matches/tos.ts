import type { MatchExtension } from '../extension.ts';
import { joinedSign, listedRow, savedRow, sign, type Row } from '../row.ts';
import { TOS, tosName } from '../fields/tos-values.ts';

/** `-m tos`: the type of service under a mask, both 0-255. */
export interface TosMatch {
  readonly kind: 'TosMatch';
  readonly not: boolean;
  readonly value: number;
  readonly mask: number;
}

const NONE = { value: 0, mask: 0 };

const build = (row: Row, word: string): TosMatch => ({ kind: 'TosMatch', not: row.not(word), ...(row.read(word, TOS) ?? NONE) });

/** `-m tos`; no blank stands before a number, and without `-n` a listing names what it can. */
export const tosMatch: MatchExtension<TosMatch> = {
  type: 'match',
  name: 'tos',
  kind: 'TosMatch',
  listing: listedRow([{ word: 'tos' }, { word: 'tos match', takes: 1, not: 'after' }], [{ word: 'match', glued: true }], (row) =>
    build(row, row.has('tos match') ? 'tos match' : 'match'),
  ),
  print(match, { names }) {
    const name = names ? tosName(match) : undefined;
    return name === undefined ? `tos match${joinedSign(match)}${TOS.print(match)}` : `tos match${match.not ? ' !' : ''} ${name}`;
  },
  save: savedRow(['--tos'], (row) => build(row, '--tos')),
  printSave: (match) => ` ${sign(match)}--tos ${TOS.print(match)}`,
  samples: ['tos match0x10/0x3f', 'tos match!0x02/0x3f'],
};
