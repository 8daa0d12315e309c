import { node, type Line } from '@netdrift/core';
import { keyword, wholeNumber, type Codec } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { bare, savedRow, shown } from '../row.ts';

/** `-m connlimit`: how many connections an address, or a network of `prefixLength`, has open. */
export interface ConnlimitMatch {
  readonly kind: 'ConnlimitMatch';
  readonly side: 'source' | 'destination';
  /** Missing where a save form leaves it to the default: 32, or 128 in IPv6. */
  readonly prefixLength?: number;
  readonly compare: 'up-to' | 'above';
  readonly limit: number;
}

type Side = Pick<ConnlimitMatch, 'side' | 'prefixLength'>;

const LIMIT = wholeNumber(0xffffffff);
const LENGTH = wholeNumber(128);
const COMPARE = keyword({ '<=': 'up-to', '>': 'above' });

/** `src/32`. */
const SIDE: Codec<Side> = {
  expected: 'src or dst with a prefix length',
  decode(text) {
    const [, side, length] = /^(src|dst)\/(\d{1,3})$/.exec(text) ?? [];
    if (length === undefined || Number(length) > 128) return undefined;
    return { side: side === 'src' ? 'source' : 'destination', prefixLength: Number(length) };
  },
  print: ({ side, prefixLength }) => `${side === 'source' ? 'src' : 'dst'}/${prefixLength}`,
};

const listed = (line: Line, side: number, compare: number, limit: number): ConnlimitMatch => ({
  kind: 'ConnlimitMatch',
  ...line.read(side, SIDE),
  compare: line.read(compare, COMPARE),
  limit: line.read(limit, LIMIT),
});

/** `-m connlimit`; `! --connlimit-above` is `--connlimit-upto`. */
export const connlimitMatch: MatchExtension<ConnlimitMatch> = {
  type: 'match',
  name: 'connlimit',
  kind: 'ConnlimitMatch',
  listing: {
    starts: ['#conn'],
    values: ['#conn'],
    grammar(g) {
      g.word('#conn');
      const side = g.value();
      const compare = g.value(1);
      return node(listed, side, compare, g.value(2));
    },
  },
  print: (match, { family }) =>
    `#conn ${SIDE.print({ ...match, prefixLength: match.prefixLength ?? (family === 'ipv6' ? 128 : 32) })} ${COMPARE.print(match.compare)} ${match.limit}`,
  save: savedRow(
    ['--connlimit-upto', '--connlimit-above', '--connlimit-mask', bare('--connlimit-saddr'), bare('--connlimit-daddr')],
    (row) => {
      const isAbove = row.has('--connlimit-above');
      const option = isAbove ? '--connlimit-above' : '--connlimit-upto';
      return shown<ConnlimitMatch>({
        kind: 'ConnlimitMatch',
        side: row.has('--connlimit-daddr') ? 'destination' : 'source',
        prefixLength: row.read('--connlimit-mask', LENGTH),
        compare: isAbove === row.not(option) ? 'up-to' : 'above',
        limit: row.read(option, LIMIT) ?? 0,
      });
    },
  ),
  printSave({ side, prefixLength, compare, limit }) {
    const mask = prefixLength === undefined ? '' : ` --connlimit-mask ${prefixLength}`;
    return ` --connlimit-${compare === 'above' ? 'above' : 'upto'} ${limit}${mask} --connlimit-${side === 'source' ? 'saddr' : 'daddr'}`;
  },
  samples: ['#conn src/32 > 20', '#conn dst/64 <= 3'],
};
