import { countEquals, countHigh, countLow, parseCount, parseIptablesCount, parseIpvsadmCount, printCount } from '@netdrift/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const counters = fc.oneof(
  fc.bigInt({ min: 0n, max: 200_000n }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.integer({ min: 0, max: 63 }).chain((bits) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits + 1) - 1n })),
);

/** xtables_print_num of libxtables, with its 64-bit overflow. */
function asIptables(value: bigint): string {
  if (value <= 99_999n) return String(value);
  let number = value;
  for (const unit of ['K', 'M', 'G']) {
    number = BigInt.asUintN(64, number + 500n) / 1000n;
    if (number <= 9999n) return `${number}${unit}`;
  }
  return `${(number + 500n) / 1000n}T`;
}

/** print_largenum of ipvsadm. */
function asIpvsadm(value: bigint): string {
  if (value < 100_000_000n) return String(value);
  if (value < 1_000_000_000n) return `${value / 1000n}K`;
  if (value < 100_000_000_000n) return `${value / 1_000_000n}M`;
  if (value < 100_000_000_000_000n) return `${value / 1_000_000_000n}G`;
  return `${value / 1_000_000_000_000n}T`;
}

describe('counters of iptables', () => {
  it('are numbers where they are printed in full', () => {
    expect(parseIptablesCount('0')).toBe(0);
    expect(parseIptablesCount('99999')).toBe(99_999);
    expect(parseIptablesCount('123456789')).toBe(123_456_789);
  });

  it('are intervals where they are rounded', () => {
    expect(parseIptablesCount('1234K')).toEqual({ text: '1234K', low: 1_233_500, high: 1_234_499 });
    expect(parseIptablesCount('100K')).toEqual({ text: '100K', low: 100_000, high: 100_499 });
    expect(parseIptablesCount('9999K')).toEqual({ text: '9999K', low: 9_998_500, high: 9_999_499 });
    expect(parseIptablesCount('10M')).toEqual({ text: '10M', low: 9_999_500, high: 10_499_499 });
    expect(parseIptablesCount('1000T')).toEqual({ text: '1000T', low: 999_499_499_499_500, high: 1_000_499_499_499_499 });
  });

  it('tell the overflow near 2^64 as what it is', () => {
    expect(parseIptablesCount('0K')).toEqual({ text: '0K', low: 2 ** 64 - 2048, high: 2 ** 64 });
  });

  it('are refused in a form that is never printed', () => {
    for (const text of [
      '',
      'K',
      '99K',
      '9M',
      '9G',
      '9T',
      '10000K',
      '01K',
      '1.2K',
      '5k',
      '-1',
      '18446745T',
      '99999999T',
      '18446744073709551616',
    ]) {
      expect([text, parseIptablesCount(text)]).toEqual([text, undefined]);
    }
  });

  it('hold the value they were printed for, and no neighbour that prints otherwise', () => {
    fc.assert(
      fc.property(counters, (value) => {
        const text = asIptables(value);
        const count = parseIptablesCount(text) ?? -1;
        expect(printCount(count)).toBe(text);
        expect(BigInt(countLow(count)) <= value && value <= BigInt(countHigh(count))).toBe(true);
        if (countHigh(count) > Number.MAX_SAFE_INTEGER || typeof count === 'number') return;
        expect([BigInt(count.low), BigInt(count.high)].map(asIptables)).toEqual([text, text]);
        expect([BigInt(count.low) - 1n, BigInt(count.high) + 1n].map(asIptables)).not.toContain(text);
      }),
    );
  });
});

describe('counters of ipvsadm', () => {
  it('are cut off, not rounded', () => {
    expect(parseIpvsadmCount('99999999')).toBe(99_999_999);
    expect(parseIpvsadmCount('123456K')).toEqual({ text: '123456K', low: 123_456_000, high: 123_456_999 });
    expect(parseIpvsadmCount('18446744T')).toEqual({ text: '18446744T', low: 18_446_744_000_000_000_000, high: 2 ** 64 });
  });

  it('may have been rounded in a form that is never printed, which a person wrote', () => {
    expect(parseIpvsadmCount('14M')).toEqual({ text: '14M', low: 13_500_000, high: 14_999_999 });
    expect(parseIpvsadmCount('99999K')).toEqual({ text: '99999K', low: 99_998_500, high: 99_999_999 });
    expect(parseIpvsadmCount('1T')).toEqual({ text: '1T', low: 500_000_000_000, high: 1_999_999_999_999 });
  });

  it('are refused where no counter is so large or nobody writes one so', () => {
    for (const text of ['18446746T', '012345K', '100000k', '0M', '1.5M'])
      expect([text, parseIpvsadmCount(text)]).toEqual([text, undefined]);
  });

  it('hold the value they were printed for, and no neighbour that prints otherwise', () => {
    fc.assert(
      fc.property(counters, (value) => {
        const text = asIpvsadm(value);
        const count = parseIpvsadmCount(text) ?? -1;
        expect(printCount(count)).toBe(text);
        expect(BigInt(countLow(count)) <= value && value <= BigInt(countHigh(count))).toBe(true);
        if (countHigh(count) > Number.MAX_SAFE_INTEGER || typeof count === 'number') return;
        expect([BigInt(count.low), BigInt(count.high)].map(asIpvsadm)).toEqual([text, text]);
        expect([BigInt(count.low) - 1n, BigInt(count.high) + 1n].map(asIpvsadm)).not.toContain(text);
      }),
    );
  });
});

describe('counters printed in full', () => {
  it('beyond 2^53 keep their text and an interval that holds them', () => {
    expect(parseCount('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(parseCount('9007199254740993')).toEqual({
      text: '9007199254740993',
      low: 9_007_199_254_740_992,
      high: 9_007_199_254_740_994,
    });
    expect(parseCount('18446744073709551615')).toEqual({ text: '18446744073709551615', low: 2 ** 64 - 2048, high: 2 ** 64 });
    expect(parseCount('007')).toBeUndefined();
  });
});

describe('countEquals', () => {
  const rounded = { text: '1234K', low: 1_233_500, high: 1_234_499 };

  it('knows exact counters apart', () => {
    expect(countEquals(5, 5)).toBe('yes');
    expect(countEquals(5, 6)).toBe('no');
    expect(countEquals(parseCount('18446744073709551615') ?? 0, parseCount('18446744073709551614') ?? 0)).toBe('no');
    expect(countEquals(parseCount('18446744073709551615') ?? 0, parseCount('18446744073709551615') ?? 0)).toBe('yes');
  });

  it('does not know whether two equal short forms are one number', () => {
    expect(countEquals(rounded, { ...rounded })).toBe('unknown');
    expect(countEquals(1_234_000, rounded)).toBe('unknown');
    expect(countEquals(rounded, 1_234_500)).toBe('no');
  });
});
