import { wholeNumber, wordList, type Codec } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { bare, joinOptions, joinShown, listedRow, savedRow, shown, type Row, type RowWord } from '../row.ts';

/** Packets by second, minute, hour or day. */
export interface PacketRate {
  readonly packets: number;
  readonly unit: 'sec' | 'min' | 'hour' | 'day';
}

/** `-m hashlimit`: a rate for each group of packets. A listing never shows the name of the table. */
export interface HashlimitMatch {
  readonly kind: 'HashlimitMatch';
  readonly compare: 'up-to' | 'above';
  /** Packets by time, or bytes by second. */
  readonly rate: PacketRate | { readonly bytes: number };
  /** Packets, or bytes where the rate is in bytes. */
  readonly burst?: number;
  /** What makes a group: `srcip`, `srcport`, `dstip`, `dstport`. */
  readonly mode?: readonly string[];
  readonly name?: string;
  readonly tableSize?: number;
  readonly tableMaximum?: number;
  /** In milliseconds, like `tableExpiry`. */
  readonly tableCleanup?: number;
  readonly tableExpiry?: number;
  readonly sourcePrefixLength?: number;
  readonly destinationPrefixLength?: number;
  readonly rateMatch?: true;
  /** In seconds. */
  readonly rateInterval?: number;
}

const UNITS = ['sec', 'min', 'hour', 'day'] as const;
const BYTE_UNITS: readonly (readonly [name: string, size: number])[] = [
  ['m', 1_048_576],
  ['k', 1024],
  ['', 1],
];

/** `10kb` as bytes. */
function decodeBytes(text: string): number | undefined {
  const [, digits, name] = /^(\d{1,15})([mk]?)b$/.exec(text) ?? [];
  const size = BYTE_UNITS.find(([unit]) => unit === name)?.[1];
  return digits === undefined || size === undefined ? undefined : Number(digits) * size;
}

function printBytes(bytes: number): string {
  const [name, size] = BYTE_UNITS.find(([, unit]) => bytes >= unit && bytes % unit === 0) ?? ['', 1];
  return `${bytes / size}${name}b`;
}

/** `5/min`, `10kb/s`; restore files may say `5/minute` or, by the second, `5`. */
const RATE: Codec<HashlimitMatch['rate']> = {
  expected: 'a number and /sec, /min, /hour, /day or b/s',
  decode(text) {
    const bytes = text.endsWith('/s') ? decodeBytes(text.slice(0, -2)) : undefined;
    if (bytes !== undefined) return { bytes };
    const [, packets, word = 'sec'] = /^(\d+)(?:\/([a-z]+))?$/.exec(text) ?? [];
    const unit = UNITS.find((one) => word.startsWith(one) || one.startsWith(word));
    return packets === undefined || unit === undefined ? undefined : { packets: Number(packets), unit };
  },
  print: (rate) => ('bytes' in rate ? `${printBytes(rate.bytes)}/s` : `${rate.packets}/${rate.unit}`),
};

/** `5`, `1mb`. */
const BURST: Pick<Codec<number>, 'expected' | 'decode'> = {
  expected: 'a number of packets or bytes',
  decode: (text) => (/^\d{1,15}$/.test(text) ? Number(text) : decodeBytes(text)),
};

const NUMBER = wholeNumber(0xffffffff);
const MODES = wordList('-');
const SAVED_MODES = wordList(',');

/** Word of a listing, its key and its option, in the order of print. */
const NUMBERS = [
  ['htable-size', 'tableSize'],
  ['htable-max', 'tableMaximum'],
  ['htable-gcinterval', 'tableCleanup'],
  ['htable-expire', 'tableExpiry'],
  ['srcmask', 'sourcePrefixLength'],
  ['dstmask', 'destinationPrefixLength'],
] as const;

const WORDS: readonly RowWord[] = [
  { word: 'burst', takes: 1 },
  { word: 'mode', takes: 1, known: true },
  ...NUMBERS.map(([word]): RowWord => ({ word, takes: 1 })),
  { word: 'rate-match' },
  { word: 'rate-interval', takes: 1 },
];

function build(row: Row, prefix: string, compare: HashlimitMatch['compare'], rate: HashlimitMatch['rate']): HashlimitMatch {
  const number = (word: string): number | undefined => row.read(`${prefix}${word}`, NUMBER);
  return shown<HashlimitMatch>({
    kind: 'HashlimitMatch',
    compare,
    rate,
    burst: row.read(`${prefix}burst`, BURST),
    mode: row.read(`${prefix}mode`, prefix === '' ? MODES : SAVED_MODES),
    name: row.text('--hashlimit-name'),
    tableSize: number('htable-size'),
    tableMaximum: number('htable-max'),
    tableCleanup: number('htable-gcinterval'),
    tableExpiry: number('htable-expire'),
    sourcePrefixLength: number('srcmask'),
    destinationPrefixLength: number('dstmask'),
    rateMatch: row.flag(`${prefix}rate-match`),
    rateInterval: number('rate-interval'),
  });
}

const NONE = { packets: 0, unit: 'sec' } as const;

function printBurst({ rate, burst }: HashlimitMatch): string | undefined {
  if (burst === undefined) return undefined;
  return 'bytes' in rate ? printBytes(burst) : String(burst);
}

function printNumbers(match: HashlimitMatch, prefix: string): (string | undefined)[] {
  return NUMBERS.map(([word, key]) => {
    const value = match[key];
    return value === undefined ? undefined : `${prefix}${word} ${value}`;
  });
}

/** `-m hashlimit`. */
export const hashlimitMatch: MatchExtension<HashlimitMatch> = {
  type: 'match',
  name: 'hashlimit',
  kind: 'HashlimitMatch',
  listing: listedRow(
    [
      { word: 'limit: above', takes: 1 },
      { word: 'limit: up to', takes: 1 },
    ],
    WORDS,
    (row) => {
      const isAbove = row.has('limit: above');
      return build(row, '', isAbove ? 'above' : 'up-to', row.read(isAbove ? 'limit: above' : 'limit: up to', RATE) ?? NONE);
    },
  ),
  print(match) {
    const { compare, rate, mode, rateMatch, rateInterval } = match;
    const burst = printBurst(match);
    return joinShown(
      `limit: ${compare === 'above' ? 'above' : 'up to'} ${RATE.print(rate)}`,
      burst && `burst ${burst}`,
      mode && `mode ${MODES.print(mode)}`,
      ...printNumbers(match, ''),
      rateMatch && 'rate-match',
      rateInterval !== undefined && `rate-interval ${rateInterval}`,
    );
  },
  save: savedRow(
    [
      '--hashlimit-upto|--hashlimit',
      '--hashlimit-above',
      '--hashlimit-burst',
      '--hashlimit-mode',
      '--hashlimit-name',
      ...NUMBERS.map(([word]) => `--hashlimit-${word}`),
      bare('--hashlimit-rate-match'),
      '--hashlimit-rate-interval',
    ],
    (row) => {
      const isAbove = row.has('--hashlimit-above');
      const option = isAbove ? '--hashlimit-above' : '--hashlimit-upto';
      return build(row, '--hashlimit-', isAbove === row.not(option) ? 'up-to' : 'above', row.read(option, RATE) ?? NONE);
    },
  ),
  printSave(match) {
    const { compare, rate, mode, name, rateMatch, rateInterval } = match;
    const burst = printBurst(match);
    return joinOptions(
      `--hashlimit-${compare === 'above' ? 'above' : 'upto'} ${RATE.print(rate)}`,
      burst && `--hashlimit-burst ${burst}`,
      mode && `--hashlimit-mode ${SAVED_MODES.print(mode)}`,
      name !== undefined && `--hashlimit-name ${name}`,
      ...printNumbers(match, '--hashlimit-'),
      rateMatch && '--hashlimit-rate-match',
      rateInterval !== undefined && `--hashlimit-rate-interval ${rateInterval}`,
    );
  },
  samples: ['limit: up to 40/sec burst 20 mode srcip-dstport htable-expire 10000 srcmask 24', 'limit: above 10kb/s burst 1mb'],
};
