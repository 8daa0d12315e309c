import { doubleAtLeast, doubleAtMost } from './outward.ts';

/**
 * A counter as a listing shows it: a number where it is exact and safe (up to 2^53 - 1), otherwise what was printed and the
 * closed interval it stands for. Bounds beyond 2^53 are rounded outward to doubles, so the interval always holds the value.
 */
export type Count = number | RoundedCount;

/** A counter that was printed short (`1234K`) or is too large for an exact number (`18446744073709551615`). */
export interface RoundedCount {
  readonly text: string;
  readonly low: number;
  readonly high: number;
}

const LARGEST = 0xffff_ffff_ffff_ffffn;
/** So many digits are always a safe number. */
const SAFE_DIGITS = 15;

/** A number of few digits without leading zeros; a pattern would take several times as long, and listings have two a line. */
function decimal(text: string): number | undefined {
  const first = text.charCodeAt(0);
  if (text.length > 1 && first === ZERO) return undefined;
  let value = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return text.length === 0 ? undefined : value;
}

const ZERO = 0x30;

/**
 * A counter printed in full: decimal digits up to 2^64 - 1, without leading zeros.
 *
 * @example
 * parseCount('1042') // => 1042
 */
export function parseCount(text: string): Count | undefined {
  if (text.length <= SAFE_DIGITS) return decimal(text);
  if (!/^[1-9][0-9]{0,19}$/.test(text)) return undefined;
  const number = Number(text);
  if (number <= Number.MAX_SAFE_INTEGER) return number;
  const exact = BigInt(text);
  return exact <= LARGEST ? interval(text, exact, exact) : undefined;
}

/**
 * A counter of `iptables -v`: in full, or rounded to `K`, `M`, `G`, `T`, which are powers of 1000.
 *
 * Numbers above 99999 are divided by 1000 and rounded to the nearest, again and again until at most 9999 remain; `T` is
 * the last unit. Source: `xtables_print_num` in libxtables/xtables.c, 1.4.21 to 1.8.11; `0K` is its overflow near 2^64.
 * A short form that this never prints, such as `99K`, gives `undefined`.
 *
 * @example
 * parseIptablesCount('1234K') // => { text: '1234K', low: 1233500, high: 1234499 }
 */
export function parseIptablesCount(text: string): Count | undefined {
  const short = endsInDigit(text) ? null : /^(0|[1-9][0-9]{0,7})([KMGT])$/.exec(text);
  if (short === null) return parseCount(text);
  const [, digits = '', unit = ''] = short;
  const shown = BigInt(digits);
  if (text === '0K') return interval(text, LARGEST - 499n, LARGEST);
  if (shown < (unit === 'K' ? 100n : 10n) || (unit !== 'T' && shown > 9999n)) return undefined;
  let low = shown;
  let high = shown;
  for (let power = 'KMGT'.indexOf(unit); power >= 0; power -= 1) {
    low = low * 1000n - 500n;
    high = high * 1000n + 499n;
    // What was divided was too large to be printed as it was: above 99999 in full, above 9999 in every smaller unit.
    const least = power === 0 ? 100_000n : 10_000n;
    if (low < least) low = least;
  }
  return low > LARGEST ? undefined : interval(text, low, high < LARGEST ? high : LARGEST);
}

const IPVSADM_UNITS = new Map([
  ['K', { factor: 1_000n, least: 100_000n, most: 999_999n }],
  ['M', { factor: 1_000_000n, least: 1_000n, most: 99_999n }],
  ['G', { factor: 1_000_000_000n, least: 100n, most: 99_999n }],
  ['T', { factor: 1_000_000_000_000n, least: 100n, most: 18_446_744n }],
]);

/**
 * A counter of `ipvsadm --stats` or `--rate`: in full below 100,000,000, above that cut off (not rounded) to `K`, `M`, `G`,
 * `T`, which are powers of 1000. Source: `print_largenum` in ipvsadm.c, 1.24 to 1.31. A short form that this never prints
 * was written by a person, who may have rounded it: it stands for half a unit less too.
 *
 * @example
 * parseIpvsadmCount('123456K') // => { text: '123456K', low: 123456000, high: 123456999 }
 * parseIpvsadmCount('14M') // => { text: '14M', low: 13500000, high: 14999999 }
 */
export function parseIpvsadmCount(text: string): Count | undefined {
  const short = endsInDigit(text) ? null : /^([1-9][0-9]{0,7})([KMGT])$/.exec(text);
  if (short === null) return parseCount(text);
  const [, digits = '', letter = ''] = short;
  const shown = BigInt(digits);
  const unit = IPVSADM_UNITS.get(letter);
  if (unit === undefined) return undefined;
  const isPrinted = shown >= unit.least && shown <= unit.most;
  const low = shown * unit.factor - (isPrinted ? 0n : unit.factor / 2n);
  const high = (shown + 1n) * unit.factor - 1n;
  return low > LARGEST ? undefined : interval(text, low, high < LARGEST ? high : LARGEST);
}

function endsInDigit(text: string): boolean {
  return text.charCodeAt(text.length - 1) <= NINE;
}

const NINE = 0x39;

function interval(text: string, low: bigint, high: bigint): RoundedCount {
  return { text, low: doubleAtMost(low), high: doubleAtLeast(high) };
}

/**
 * What was printed for a counter.
 *
 * @example
 * printCount({ text: '1234K', low: 1233500, high: 1234499 }) // => '1234K'
 */
export function printCount(count: Count): string {
  return typeof count === 'number' ? String(count) : count.text;
}

/**
 * The least that a counter can be.
 *
 * @example
 * countLow({ text: '1234K', low: 1233500, high: 1234499 }) // => 1233500
 */
export function countLow(count: Count): number {
  return typeof count === 'number' ? count : count.low;
}

/**
 * The most that a counter can be.
 *
 * @example
 * countHigh({ text: '1234K', low: 1233500, high: 1234499 }) // => 1234499
 */
export function countHigh(count: Count): number {
  return typeof count === 'number' ? count : count.high;
}

/**
 * Whether two counters are the same number, as far as what was printed tells: two equal short forms are `unknown`.
 *
 * @example
 * countEquals(5, 5) // => 'yes'
 * countEquals(1234000, { text: '1234K', low: 1233500, high: 1234499 }) // => 'unknown'
 */
export function countEquals(one: Count, other: Count): 'yes' | 'no' | 'unknown' {
  if (typeof one === 'number' && typeof other === 'number') return one === other ? 'yes' : 'no';
  const text = printCount(one);
  const otherText = printCount(other);
  if (isExact(text) && isExact(otherText)) return text === otherText ? 'yes' : 'no';
  return countHigh(one) < countLow(other) || countHigh(other) < countLow(one) ? 'no' : 'unknown';
}

function isExact(text: string): boolean {
  return /^[0-9]+$/.test(text);
}
