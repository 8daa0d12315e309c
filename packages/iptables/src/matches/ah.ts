import { rangeField, type NumberCondition } from '../fields/condition-fields.ts';
import { numberRange, wholeNumber, type Codec, type NumberRange } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';

/** `-m ah`; `length` and `reserved` are of IPv6. With no key beyond `kind` the match is loaded without conditions. */
export interface AhMatch {
  readonly kind: 'AhMatch';
  readonly spi?: NumberCondition;
  readonly length?: { readonly not: boolean; readonly value: number };
  readonly reserved?: true;
}

const RANGE = numberRange(0xffffffff);
const LENGTH = wholeNumber(0xffffffff);
const spi = rangeField('spi', 'spi', 'spis', '--ahspi', 0xffffffff);

/** What stands behind `spi:`: nothing separates the length from it. */
interface SpiAndLength extends NumberRange {
  readonly length?: { readonly not: boolean; readonly value: number };
}

/** `5`, `0:32`, `5length:32`, `5length:!32`. */
const SPI: Codec<SpiAndLength> = {
  expected: 'an SPI or a range of them',
  decode(text) {
    const at = text.indexOf('length:');
    const range = RANGE.decode(at < 0 ? text : text.slice(0, at));
    if (range === undefined || at < 0) return range;
    const not = text.startsWith('!', at + 'length:'.length);
    const value = LENGTH.decode(text.slice(at + 'length:'.length + (not ? 1 : 0)));
    return value === undefined ? undefined : { ...range, length: { not, value } };
  },
  print: RANGE.print,
};

const fields: readonly Field[] = [
  { ...spi, value: SPI, saved: RANGE },
  { key: 'length', holds: 'condition', value: LENGTH, word: 'length:', not: 'joined', option: '--ahlen' },
  { key: 'reserved', holds: 'flag', word: 'reserved', option: '--ahres' },
];

const base = fieldMatch<AhMatch>({
  name: 'ah',
  kind: 'AhMatch',
  header: 'ah',
  fields,
  samples: ['ah spi:5', 'ah spis:!0:32', 'ah spi:5length:32 reserved', 'ah '],
});

/** `-m ah`; a blank follows the word, and none stands between SPI and length. */
export const ahMatch: MatchExtension<AhMatch> = {
  ...base,
  listing: {
    ...base.listing,
    grammar(g) {
      const template = base.listing.grammar(g);
      return { build: (_line, match: AhMatch & { readonly spi?: SpiAndLength }) => lift(match), parts: [template] };
    },
  },
  print(match, style) {
    const { spi, length, reserved } = match;
    const first = spi === undefined ? '' : base.print({ kind: 'AhMatch', spi }, style).slice('ah '.length);
    const second = length === undefined ? '' : `length:${length.not ? '!' : ''}${length.value}`;
    return `ah ${first}${second}${reserved === true ? ' reserved' : ''}`;
  },
};

/** Takes a length that was read with the SPI to its own key. */
function lift(match: AhMatch & { readonly spi?: SpiAndLength }): AhMatch {
  if (match.spi?.length === undefined) return match;
  const { length, ...range } = match.spi;
  return { kind: 'AhMatch', spi: range, length, ...(match.reserved === undefined ? {} : { reserved: true }) };
}
