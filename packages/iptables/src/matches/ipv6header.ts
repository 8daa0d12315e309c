import { decodeWhole, type Codec } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { bare, joinedSign, joinOptions, joinShown, listedRow, savedRow, shown, sign, type Row } from '../row.ts';

/** `-m ipv6header`: the extension headers of a packet as bits, `0x80` hop-by-hop to `0x01` any other protocol. */
export interface Ipv6headerMatch {
  readonly kind: 'Ipv6headerMatch';
  readonly not: boolean;
  readonly headers: number;
  /** More headers than these may be there. */
  readonly soft?: true;
}

/** Names from the highest bit on, and what restore files may say for them. */
const NAMES = [
  ['hop-by-hop', 'hop', '0', 'hopopt'],
  ['ipv6-opts', 'dst', '60'],
  ['ipv6-route', 'route', '43'],
  ['ipv6-frag', 'frag', '44'],
  ['ah', 'auth', '51'],
  ['esp', '50'],
  ['ipv6-nonxt', 'none', '59'],
  ['protocol', 'prot', '255'],
];

/** `hop-by-hop,ah` as bits. */
function decodeNames(text: string): number | undefined {
  let bits = 0;
  for (const word of text.split(',')) {
    const at = NAMES.findIndex((names) => names.includes(word));
    if (at < 0) return undefined;
    bits |= 0x80 >> at;
  }
  return bits;
}

const LISTED: Pick<Codec<number>, 'expected' | 'decode'> = {
  expected: 'extension headers',
  decode: (text) => (text.startsWith('0x') ? decodeWhole(text, 255) : decodeNames(text)),
};
const SAVED: Pick<Codec<number>, 'expected' | 'decode'> = { expected: 'extension headers, joined by ","', decode: decodeNames };

function printNames(headers: number): string {
  return NAMES.filter((_, at) => (headers & (0x80 >> at)) !== 0)
    .map(([name]) => name)
    .join(',');
}

const build = (row: Row, word: string, codec: typeof LISTED, soft: string): Ipv6headerMatch =>
  shown<Ipv6headerMatch>({ kind: 'Ipv6headerMatch', not: row.not(word), headers: row.read(word, codec) ?? 0, soft: row.flag(soft) });

/** `-m ipv6header`. */
export const ipv6headerMatch: MatchExtension<Ipv6headerMatch> = {
  type: 'match',
  name: 'ipv6header',
  kind: 'Ipv6headerMatch',
  listing: listedRow([bare('ipv6header')], [{ word: 'flags:', glued: true }, bare('soft')], (row) => build(row, 'flags:', LISTED, 'soft')),
  print(match, { names }) {
    const flags = names ? printNames(match.headers) : `0x${match.headers.toString(16).toUpperCase().padStart(2, '0')}`;
    return joinShown(`ipv6header flags:${joinedSign(match)}${flags}`, match.soft && 'soft');
  },
  save: savedRow(['--header', bare('--soft')], (row) => build(row, '--header', SAVED, '--soft')),
  printSave: (match) => joinOptions(`${sign(match)}--header ${printNames(match.headers)}`, match.soft && '--soft'),
  samples: ['ipv6header flags:0x80 soft', 'ipv6header flags:!0x10'],
};
