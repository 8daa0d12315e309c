import type { MatchExtension } from '../extension.ts';
import { printQuoted, readQuoted } from '../rule/quoted.ts';
import { listedRow, savedRow, type Row } from '../row.ts';

/** `-m nfacct`: counts the packet on a named counter. */
export interface NfacctMatch {
  readonly kind: 'NfacctMatch';
  readonly counter: string;
}

const build =
  (word: string) =>
  (row: Row): NfacctMatch => {
    const item = row.item(word);
    return { kind: 'NfacctMatch', counter: item === undefined ? '' : readQuoted(row.line, item.value) };
  };

/** `-m nfacct`; extensions/libxt_nfacct.c. Both forms print two blanks before the name (1.8.9). */
export const nfacctMatch: MatchExtension<NfacctMatch> = {
  type: 'match',
  name: 'nfacct',
  kind: 'NfacctMatch',
  listing: listedRow([{ word: 'nfacct-name', takes: 1 }], [], build('nfacct-name')),
  print: ({ counter }) => `nfacct-name  ${printQuoted(counter)}`,
  save: savedRow(['--nfacct-name'], build('--nfacct-name')),
  printSave: ({ counter }) => ` --nfacct-name  ${printQuoted(counter)}`,
  samples: ['nfacct-name  http-traffic'],
};
