import { node, type Line } from '@netdrift/core';
import { decodeWhole, type Codec, type NumberRange } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { joinedSign, savedRow, shown, sign, type RowItem } from '../row.ts';

/** `-m mh`: the type of a mobility header (IPv6); with no key beyond `kind` any. Names are held as their numbers. */
export interface MhMatch {
  readonly kind: 'MhMatch';
  readonly types?: { readonly not: boolean } & NumberRange;
}

/** Names by number, from 0, and what restore files may say for them. */
const NAMES = [
  ['binding-refresh-request', 'brr'],
  ['home-test-init', 'hoti'],
  ['careof-test-init', 'coti'],
  ['home-test', 'hot'],
  ['careof-test', 'cot'],
  ['binding-update', 'bu'],
  ['binding-acknowledgement', 'ba'],
  ['binding-error', 'be'],
];

function decodeType(text: string): number | undefined {
  const named = NAMES.findIndex((names) => names.includes(text));
  return named < 0 ? decodeWhole(text, 255) : named;
}

/** `3`, `4:123`, `careof-test:123`. */
const TYPES: Pick<Codec<NumberRange>, 'expected' | 'decode'> = {
  expected: 'a type 0-255 or a range of them',
  decode(text) {
    const colon = text.indexOf(':');
    const low = colon === 0 ? 0 : decodeType(colon < 0 ? text : text.slice(0, colon));
    const high = colon < 0 ? low : colon === text.length - 1 ? 255 : decodeType(text.slice(colon + 1));
    return low === undefined || high === undefined ? undefined : { low, high };
  },
};

function printTypes({ low, high }: NumberRange, names: boolean): string {
  const one = (type: number): string => (names ? NAMES[type]?.[0] : undefined) ?? String(type);
  return low === high ? one(low) : `${one(low)}:${one(high)}`;
}

const apart = (_line: Line, not: number, value: number): RowItem => ({ word: 'mh', not: not >= 0, value, last: value });

function listed(line: Line, found: RowItem | number): MhMatch {
  if (typeof found === 'number') return { kind: 'MhMatch' };
  return { kind: 'MhMatch', types: { not: found.not, ...line.read(found.value, TYPES) } };
}

/** `-m mh`. */
export const mhMatch: MatchExtension<MhMatch> = {
  type: 'match',
  name: 'mh',
  kind: 'MhMatch',
  listing: {
    starts: ['mh'],
    grammar(g) {
      g.word('mh');
      const found = g.maybe(() => {
        const not = g.sign();
        return node(apart, not, g.bare());
      });
      return node(listed, found);
    },
  },
  print: ({ types }, { names }) => (types === undefined ? 'mh' : `mh ${joinedSign(types)}${printTypes(types, names)}`),
  save: savedRow(['--mh-type'], (row) => shown<MhMatch>({ kind: 'MhMatch', types: row.spread('--mh-type', TYPES) })),
  printSave: ({ types }) => (types === undefined ? '' : ` ${sign(types)}--mh-type ${printTypes(types, false)}`),
  samples: ['mh 4:123', 'mh !3', 'mh'],
};
