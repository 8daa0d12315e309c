import { MARK } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { listedRow, savedRow, sign, type Row } from '../row.ts';

/** `-m realm` (IPv4): the realm the routing table gave the packet. */
export interface RealmMatch {
  readonly kind: 'RealmMatch';
  readonly not: boolean;
  readonly value: number;
  readonly mask: number;
}

const NONE = { value: 0, mask: 0 };

const build =
  (word: string) =>
  (row: Row): RealmMatch => ({ kind: 'RealmMatch', not: row.not(word), ...(row.read(word, MARK) ?? NONE) });

/** `-m realm`. */
export const realmMatch: MatchExtension<RealmMatch> = {
  type: 'match',
  name: 'realm',
  kind: 'RealmMatch',
  listing: listedRow([{ word: 'realm', takes: 1, not: 'before' }], [], build('realm')),
  print: (match) => `${sign(match)}realm ${MARK.print(match)}`,
  save: savedRow(['--realm'], build('--realm')),
  printSave: (match) => ` ${sign(match)}--realm ${MARK.print(match)}`,
  samples: ['realm 0x2a', '! realm 0x1/0xff'],
};
