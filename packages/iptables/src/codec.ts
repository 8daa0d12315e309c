import type { Decoder } from '@netdrift/core';

/** One kind of value: how its text is read and how it is printed again. */
export interface Codec<T> extends Decoder<T> {
  print(value: T): string;
}

/** Any word, kept as it is. */
export const WORD: Codec<string> = {
  expected: 'a word',
  decode: (text) => text,
  print: (value) => value,
};

/** A whole number without sign up to `max`, in decimal or, as some options print it, in hexadecimal. */
export function wholeNumber(max = Number.MAX_SAFE_INTEGER): Codec<number> {
  return {
    expected: `a whole number 0-${max}`,
    decode: (text) => decodeWhole(text, max),
    print: (value) => String(value),
  };
}

/** A whole number printed as `0x` and at least `digits` hexadecimal digits. */
export function hexNumber(digits = 1, max = 0xffffffff): Codec<number> {
  return {
    expected: `a number 0x0-0x${max.toString(16)}`,
    decode: (text) => decodeWhole(text, max),
    print: (value) => `0x${value.toString(16).padStart(digits, '0')}`,
  };
}

/** `17`, `0x11` or, as restore files may say, `021`: the value, if it is one up to `max`. */
export function decodeWhole(text: string, max: number): number | undefined {
  if (text.charCodeAt(0) !== ZERO || text.length === 1) {
    let value = 0;
    for (let at = 0; at < text.length; at += 1) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit < 0 || digit > 9) return undefined;
      value = value * 10 + digit;
    }
    return text !== '' && value <= max && Number.isSafeInteger(value) ? value : undefined;
  }
  if (!/^0(?:\d+|[xX][0-9a-fA-F]+)$/.test(text)) return undefined;
  const value = /^0\d/.test(text) ? Number.parseInt(text, 8) : Number(text);
  return Number.isSafeInteger(value) && value <= max ? value : undefined;
}

const ZERO = 0x30;

/** Words joined by a separator, in the order of the text. */
export function wordList(separator = ','): Codec<readonly string[]> {
  return {
    expected: `words joined by "${separator}"`,
    decode: (text) => (text === '' ? undefined : text.split(separator)),
    print: (value) => value.join(separator),
  };
}

/** One of a few words. */
export function oneOf<W extends string>(...words: readonly W[]): Codec<W> {
  return {
    expected: words.join(' or '),
    decode: (text) => words.find((word) => word === text),
    print: (value) => value,
  };
}

/** One of a few words, read as the value beside it. */
export function keyword<V extends string | number>(values: Readonly<Record<string, V>>): Codec<V> {
  const byWord = new Map(Object.entries(values));
  const byValue = new Map([...byWord].map(([word, value]) => [value, word]));
  return {
    expected: [...byWord.keys()].join(' or '),
    decode: (text) => byWord.get(text),
    print: (value) => byValue.get(value) ?? String(value),
  };
}

/** A number from `low` to `high`, both included. */
export interface NumberRange {
  readonly low: number;
  readonly high: number;
}

/** `7` or `3:7`; a missing end is the end of the kind: `:7`, `3:`. */
export function numberRange(max: number, separator = ':'): Codec<NumberRange> {
  return {
    expected: `a number or a range 0${separator}${max}`,
    decode(text) {
      const at = text.indexOf(separator);
      if (at < 0) return same(decodeWhole(text, max));
      const low = at === 0 ? 0 : decodeWhole(text.slice(0, at), max);
      const high = at === text.length - 1 ? max : decodeWhole(text.slice(at + 1), max);
      return low === undefined || high === undefined ? undefined : { low, high };
    },
    print: ({ low, high }) => (low === high ? String(low) : `${low}${separator}${high}`),
  };
}

function same(value: number | undefined): NumberRange | undefined {
  return value === undefined ? undefined : { low: value, high: value };
}

/** A value and the mask it is compared or set under. */
export interface MaskedValue {
  readonly value: number;
  readonly mask: number;
}

/** `0x4000/0x4000`; the mask is all ones, and not printed, where it is left out. */
export const MARK: Codec<MaskedValue> = {
  expected: 'a mark 0x0-0xffffffff, perhaps with a mask',
  decode(text) {
    const at = text.indexOf('/');
    const value = decodeWhole(at < 0 ? text : text.slice(0, at), 0xffffffff);
    const mask = at < 0 ? 0xffffffff : decodeWhole(text.slice(at + 1), 0xffffffff);
    return value === undefined || mask === undefined ? undefined : { value, mask };
  },
  print: ({ value, mask }) => (mask === 0xffffffff ? hex(value) : `${hex(value)}/${hex(mask)}`),
};

/** `0x4000`: as the tools print a mark. */
export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
