import type { MatchExtension } from '../extension.ts';
import { printQuoted, readQuoted } from '../rule/quoted.ts';
import { listedRow, savedRow, sign, type Row } from '../row.ts';

/** `-m helper`: connections that a protocol helper follows. */
export interface HelperMatch {
  readonly kind: 'HelperMatch';
  readonly not: boolean;
  readonly helper: string;
}

const build =
  (word: string) =>
  (row: Row): HelperMatch => {
    const item = row.item(word);
    return { kind: 'HelperMatch', not: row.not(word), helper: item === undefined ? '' : readQuoted(row.line, item.value) };
  };

/** `-m helper`. */
export const helperMatch: MatchExtension<HelperMatch> = {
  type: 'match',
  name: 'helper',
  kind: 'HelperMatch',
  listing: listedRow([{ word: 'helper match', takes: 1, not: 'after', quoted: true }], [], build('helper match')),
  print: (match) => `helper match ${sign(match)}"${match.helper}"`,
  save: savedRow(['--helper'], build('--helper')),
  printSave: (match) => ` ${sign(match)}--helper ${printQuoted(match.helper)}`,
  samples: ['helper match "ftp"', 'helper match ! "irc"'],
};
