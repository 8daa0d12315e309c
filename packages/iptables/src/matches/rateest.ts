import { node, type Line } from '@netdrift/core';
import { decodeWhole, type Codec } from '../codec.ts';
import type { MatchExtension, PrintStyle } from '../extension.ts';
import { bare, joinOptions, joinShown, savedRow, shown, type Row } from '../row.ts';

/**
 * `-m rateest`: the rate of an estimator compared with a number or with that of another one. `delta`: `first` minus the
 * rate is compared, with `second` or with the same of the other. Rates of `bps` are bytes by second.
 */
export interface RateestMatch {
  readonly kind: 'RateestMatch';
  readonly not: boolean;
  readonly estimator: string;
  readonly delta?: true;
  readonly unit: 'bps' | 'pps';
  readonly compare: 'lt' | 'gt' | 'eq';
  readonly first?: number;
  readonly second?: number;
  readonly other?: string;
}

const COMPARISONS = ['lt', 'gt', 'eq'] as const;
const UNITS = ['bps', 'pps'] as const;
const BITS = new Map([
  ['', 1],
  ['k', 1e3],
  ['m', 1e6],
  ['g', 1e9],
]);

/** `625` as bytes by second, `5000bit`, `5Kbit`; packets are a number alone. */
const RATE: Pick<Codec<number>, 'expected' | 'decode'> = {
  expected: 'a rate',
  decode(text) {
    const [, digits, unit] = /^(\d{1,12})([kmg]?)bit$/i.exec(text) ?? [];
    if (digits === undefined || unit === undefined) return decodeWhole(text, 0xffffffff);
    return (Number(digits) * (BITS.get(unit.toLowerCase()) ?? 1)) / 8;
  },
};

/** As the tool rounds it, where it does not print the number itself. */
function printBits(bytes: number): string {
  const bits = bytes * 8;
  if (bits >= 1e9) return `${Math.round(bits / 1e6)}Mbit`;
  return bits >= 1e6 ? `${Math.round(bits / 1e3)}Kbit` : `${bits}bit`;
}

/** The words of a listing by their place: what stands before the comparison, and behind it. */
interface Listed {
  readonly unit: RateestMatch['unit'];
  readonly value: number;
}

const unitOf =
  (unit: RateestMatch['unit']) =>
  (_line: Line, value: number): Listed => ({ unit, value });
const comparison = (compare: RateestMatch['compare']) => (): RateestMatch['compare'] => compare;

function listed(
  line: Line,
  estimator: number,
  delta: number,
  unit: Listed,
  second: number,
  not: number,
  compare: RateestMatch['compare'],
  behind: number,
  other: Listed | number,
): RateestMatch {
  const read = (at: number): number | undefined => (at < 0 ? undefined : line.read(at, RATE));
  const isDelta = delta >= 0;
  const base = {
    kind: 'RateestMatch',
    not: not >= 0,
    estimator: line.name(estimator),
    delta: isDelta ? true : undefined,
    unit: unit.unit,
    compare,
  } as const;
  if (typeof other !== 'number') {
    const name = behind < 0 ? '' : line.name(behind);
    return shown<RateestMatch>({ ...base, first: read(unit.value), second: read(other.value), other: name });
  }
  // Bytes stand before the comparison, packets behind it.
  const values = [unit.value, second, behind].filter((at) => at >= 0);
  const [one = -1, two = -1] = values;
  return shown<RateestMatch>({ ...base, first: read(isDelta ? one : -1), second: read(isDelta ? two : one), other: undefined });
}

function saved(row: Row): RateestMatch {
  const compare = COMPARISONS.find((one) => row.has(`--rateest-${one}`)) ?? 'eq';
  const unit = UNITS.find((one) => ['', '1', '2'].some((nth) => row.has(`--rateest-${one}${nth}`))) ?? 'bps';
  const read = (option: string): number | undefined => ((row.item(option)?.value ?? -1) < 0 ? undefined : row.read(option, RATE));
  return shown<RateestMatch>({
    kind: 'RateestMatch',
    not: row.not(`--rateest-${compare}`),
    estimator: row.text('--rateest') ?? row.text('--rateest1') ?? '',
    delta: row.flag('--rateest-delta'),
    unit,
    compare,
    first: read(`--rateest-${unit}1`),
    second: read(`--rateest-${unit}2`) ?? read(`--rateest-${unit}`),
    other: row.text('--rateest2'),
  });
}

function printRates(match: RateestMatch, { names }: PrintStyle): string[] {
  const rate = (value: number | undefined): string | undefined =>
    value === undefined ? undefined : match.unit === 'bps' && names ? printBits(value) : String(value);
  const { unit, first, second, other } = match;
  const compare = `${match.not ? '! ' : ''}${match.compare}`;
  const parts =
    other === undefined
      ? unit === 'bps'
        ? [unit, rate(first), rate(second), compare]
        : [unit, rate(first), compare, rate(second)]
      : [unit, rate(first), compare, other, unit, rate(second)];
  return parts.filter((part) => part !== undefined);
}

/** `-m rateest`. */
export const rateestMatch: MatchExtension<RateestMatch> = {
  type: 'match',
  name: 'rateest',
  kind: 'RateestMatch',
  listing: {
    starts: ['rateest match'],
    words: ['delta', ...UNITS, ...COMPARISONS],
    values: ['rateest match'],
    grammar(g) {
      g.word('rateest match');
      const estimator = g.value();
      const delta = g.maybe(() => g.word('delta'));
      const unit = g.choose(
        UNITS.map((word, at) => () => {
          g.word(word);
          return node(
            unitOf(word),
            g.maybe(() => g.bare(at), at + 1),
          );
        }),
      );
      const second = g.maybe(() => g.bare(2), 3);
      const not = g.sign();
      const compare = g.choose(
        COMPARISONS.map((word) => () => {
          g.word(word);
          return node(comparison(word));
        }),
        1,
      );
      const behind = g.maybe(() => g.bare(3), 4);
      const other = g.maybe(
        () =>
          g.choose(
            UNITS.map((word, at) => () => {
              g.word(word, 1);
              return node(
                unitOf(word),
                g.maybe(() => g.bare(at + 4), at + 5),
              );
            }),
            2,
          ),
        7,
      );
      return node(listed, estimator, delta, unit, second, not, compare, behind, other);
    },
  },
  print: (match, style) => joinShown(`rateest match ${match.estimator}`, match.delta && 'delta', ...printRates(match, style)),
  save: savedRow(
    [
      '--rateest',
      '--rateest1',
      '--rateest2',
      bare('--rateest-delta'),
      ...COMPARISONS.map((one) => bare(`--rateest-${one}`)),
      ...UNITS.flatMap((unit) => ['', '1', '2'].map((nth) => ({ word: `--rateest-${unit}${nth}`, takes: 1, optional: true }) as const)),
    ],
    saved,
  ),
  printSave(match) {
    const { estimator, delta, unit, first, second, other } = match;
    const rate = (value: number): string => (unit === 'bps' ? printBits(value) : String(value));
    const option = `--rateest-${unit}`;
    const with1 = (value: number | undefined): string => (value === undefined ? '' : ` ${rate(value)}`);
    return joinOptions(
      delta && '--rateest-delta',
      `${other === undefined ? '--rateest' : '--rateest1'} ${estimator}`,
      delta && `${option}1${with1(first)}`,
      `${match.not ? '! ' : ''}--rateest-${match.compare}`,
      `${option}${delta === true ? '2' : ''}${with1(second)}`,
      other !== undefined && `--rateest2 ${other}`,
    );
  },
  samples: ['rateest match RE1 bps 625 gt', 'rateest match RE1 delta pps 0 lt RE2 pps 42', 'rateest match RE1 pps eq 5'],
};
