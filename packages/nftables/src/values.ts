import { canonicalAddress, type Decoder, familyOf } from '@netdrift/core';
import type { Duration, Expression } from './ast/expressions.ts';

/** A whole number that is exact. */
export const number: Decoder<number> = { expected: 'a whole number', decode: (text) => wholeNumber(text) };

function wholeNumber(text: string): number | undefined {
  const value = Number(text);
  return /^(?:0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}

/** `"web"`: what stands between the quotes. */
export const quotedText: Decoder<string> = {
  expected: 'text in quotes',
  decode: (text) => (text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : undefined),
};

/** `@set`: the name without its sign. */
export const setName: Decoder<string> = {
  expected: 'the name of a set after @',
  decode: (text) => (text.length > 1 && text.startsWith('@') ? text.slice(1) : undefined),
};

/** `10/second`: the number and the unit of time. */
export const rate: Decoder<{ readonly rate: number; readonly per: string }> = {
  expected: 'a rate such as 10/second',
  decode: (text) => {
    const [, digits = '', per = ''] = /^([0-9]+)\/(second|minute|hour|day|week)$/.exec(text) ?? [];
    const value = wholeNumber(digits);
    return value === undefined ? undefined : { rate: value, per };
  },
};

const SECONDS = new Map([
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
]);

/** `3h`, `9m59s968ms`, `300` */
function parseDuration(text: string): Duration | undefined {
  if (!/^(?:[0-9]{1,15}(?:d|h|ms|m|s))+$|^[0-9]{1,15}s?$/.test(text)) return undefined;
  let milliseconds = 0;
  for (const [, digits = '', unit = 's'] of text.matchAll(/([0-9]+)(ms|d|h|m|s)?/g)) {
    milliseconds += Number(digits) * (unit === 'ms' ? 1 : 1000 * (SECONDS.get(unit) ?? 1));
  }
  const seconds = Math.floor(milliseconds / 1000);
  return Number.isSafeInteger(seconds) ? { seconds, text } : undefined;
}

export const duration: Decoder<Duration> = { expected: 'a time such as 1h30m', decode: parseDuration };

/** The words of a text that are joined by commas. */
export const words: Decoder<readonly string[]> = {
  expected: 'words joined by commas',
  decode: (text) => text.split(',').map((part) => part.trim()),
};

/** A single value or values joined by commas, without quotes. */
export const value: Decoder<Expression> = { expected: 'a value', decode: parseValue };

/**
 * What a word stands for: `80`, `0x4000`, `10.0.0.0/8`, `22-80`, `established,related`, `tcp`.
 *
 * @example
 * parseValue('10.0.0.0/8') // => { kind: 'Prefix', address: '10.0.0.0', length: 8 }
 */
function parseValue(text: string): Expression {
  if (text.includes(',')) return { kind: 'List', values: text.split(',').map((part) => parseSingle(part.trim())) };
  return parseSingle(text);
}

/** The value of a word that is no list: JSON shows lists as such. */
export function parseSingle(text: string): Expression {
  const first = text.charCodeAt(0);
  // Most values begin with a digit, a colon or a letter of hexadecimal; names are told apart at once.
  if (!isValueStart(first)) return { kind: 'Symbol', name: text };
  return parseAtom(text) ?? parsePrefix(text) ?? parseRange(text) ?? { kind: 'Symbol', name: text };
}

function isValueStart(code: number): boolean {
  return (code >= 0x30 && code <= 0x3a) || (code >= 0x61 && code <= 0x66) || (code >= 0x41 && code <= 0x46) || code === 0x5b;
}

function parseAtom(text: string): Expression | undefined {
  const decimal = wholeNumber(text);
  if (decimal !== undefined) return { kind: 'Number', value: decimal };
  const hexadecimal = /^0x[0-9a-fA-F]{1,13}$/.test(text) ? Number(text) : undefined;
  if (hexadecimal !== undefined) return { kind: 'Number', value: hexadecimal, text };
  const address = canonicalAddress(text);
  if (address !== undefined) return { kind: 'Address', address };
  const time = /^[0-9]/.test(text) && /[dhms]$/.test(text) ? parseDuration(text) : undefined;
  return time === undefined ? undefined : { kind: 'Number', value: time.seconds, text };
}

function parsePrefix(text: string): Expression | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const address = canonicalAddress(text.slice(0, slash));
  const length = wholeNumber(text.slice(slash + 1));
  if (address === undefined || length === undefined || length > (familyOf(address) === 'ipv4' ? 32 : 128)) return undefined;
  return { kind: 'Prefix', address, length };
}

function parseRange(text: string): Expression | undefined {
  const minus = text.indexOf('-', 1);
  if (minus < 0) return undefined;
  const first = parseAtom(text.slice(0, minus));
  const last = parseAtom(text.slice(minus + 1));
  return first === undefined || last === undefined ? undefined : { kind: 'Range', first, last };
}

/** Where a connection is translated to: `10.0.0.1:80`, `[fd00::1]:80`, `:8080`, `10.0.0.1-10.0.0.9`. */
export const natTarget: Decoder<{ readonly address?: Expression; readonly port?: Expression }> = {
  expected: 'an address, a port, or both',
  decode: (text) => {
    const bracket = /^\[([^\]]*)\](?:-\[([^\]]*)\])?(?::(.+))?$/.exec(text);
    if (bracket !== null) return natParts(bracket[2] === undefined ? bracket[1] : `${bracket[1]}-${bracket[2]}`, bracket[3]);
    if (canonicalAddress(text) !== undefined) return natParts(text, undefined);
    const colon = text.lastIndexOf(':');
    // Several colons without brackets are an IPv6 address or a range of them.
    if (colon > 0 && text.indexOf(':') !== colon) return natParts(text, undefined);
    return colon < 0 ? natParts(text, undefined) : natParts(text.slice(0, colon), text.slice(colon + 1));
  },
};

function natParts(address: string | undefined, port: string | undefined): { address?: Expression; port?: Expression } {
  return {
    ...(address === undefined || address === '' ? {} : { address: parseSingle(address) }),
    ...(port === undefined ? {} : { port: parsePort(port) }),
  };
}

function parsePort(text: string): Expression {
  return text.length > 2 && text.startsWith('"') && text.endsWith('"')
    ? { kind: 'Symbol', name: text.slice(1, -1), quoted: true }
    : parseSingle(text);
}
