import type { MatchExtension } from '../extension.ts';
import { bare, listedRow, savedRow } from '../row.ts';

/** `-m eui64` (IPv6): the source address is made from the hardware address. */
export interface Eui64Match {
  readonly kind: 'Eui64Match';
}

const EUI64: Eui64Match = { kind: 'Eui64Match' };

/** `-m eui64`; no blank stands before the word and one behind it, and the nft variant lists nothing. */
export const eui64Match: MatchExtension<Eui64Match> = {
  type: 'match',
  name: 'eui64',
  kind: 'Eui64Match',
  joined: true,
  listing: listedRow([bare('eui64')], [], () => EUI64),
  print: () => 'eui64 ',
  save: savedRow([], () => EUI64),
  printSave: () => '',
  samples: ['eui64 '],
};
