import { canonicalAddress, type Decoder, parseMaskedMark, parsePort } from '@netdrift/core';
import type { Member, SetOptions } from './ast.ts';
import { parseUnsigned32 } from './elements.ts';

/** `1024`: numbers of a set are at most 32 bits, its memory more. */
export const number: Decoder<number> = {
  expected: 'a whole number',
  decode: (text) => {
    const decoded = Number(text);
    return /^(?:0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(decoded) ? decoded : undefined;
  },
};

/** `inet`, `inet6` */
export const family: Decoder<'inet' | 'inet6'> = {
  expected: 'inet or inet6',
  decode: (text) => (text === 'inet' || text === 'inet6' ? text : undefined),
};

/** `0-65535`, `10.0.0.0-10.0.0.255`; `10.0.0.0/24` for restore */
export const range: Decoder<NonNullable<SetOptions['range']>> = {
  expected: 'a range of ports or IPv4 addresses',
  decode: (text) => {
    const slash = text.indexOf('/');
    if (slash >= 0) return rangeOfNetwork(text.slice(0, slash), text.slice(slash + 1));
    const minus = text.indexOf('-');
    const first = text.slice(0, Math.max(minus, 0));
    const last = text.slice(minus + 1);
    if (minus < 0) return undefined;
    return isPortOrAddress(first) && isPortOrAddress(last) ? { first, last } : undefined;
  },
};

function isPortOrAddress(text: string): boolean {
  return parsePort(text) !== undefined || canonicalAddress(text) === text;
}

function rangeOfNetwork(address: string, length: string): SetOptions['range'] {
  const bits = Number(length);
  const bytes = address.split('.').map(Number);
  if (canonicalAddress(address) === undefined || bytes.length !== 4 || !/^[0-9]{1,2}$/.test(length) || bits > 32) return undefined;
  const maskOf = (index: number): number => 256 - 2 ** (8 - Math.min(Math.max(bits - 8 * index, 0), 8));
  return {
    first: bytes.map((byte, index) => byte & maskOf(index)).join('.'),
    last: bytes.map((byte, index) => byte | (255 - maskOf(index))).join('.'),
  };
}

/** `0x12345678` */
export const unsigned32: Decoder<number> = { expected: 'a number 0x…', decode: parseUnsigned32 };

/** `255.0.255.0` */
export const mask: Decoder<string> = { expected: 'a mask written as an address', decode: canonicalAddress };

/** `"web servers"`; without quotes for restore */
export const comment: Decoder<string> = {
  expected: 'a comment without quotes in it',
  decode: (text) => {
    const inner = text.startsWith('"') ? text.slice(1, text.endsWith('"') && text.length > 1 ? -1 : 0) : text;
    return inner.includes('"') || (inner === '' && text !== '""') ? undefined : inner;
  },
};

/** `0x1111/0xff00ffff` */
export const skbmark: Decoder<NonNullable<Member['skbmark']>> = {
  expected: 'a mark 0x…, with or without a mask',
  decode: (text) => {
    const masked = parseMaskedMark(text);
    return masked === undefined ? undefined : { mark: masked.value, mask: masked.mask };
  },
};

/** `1:10`, both hexadecimal */
export const skbprio: Decoder<NonNullable<Member['skbprio']>> = {
  expected: 'major and minor number in hexadecimal',
  decode: (text) => {
    const parts = /^([0-9A-Fa-f]{1,4}):([0-9A-Fa-f]{1,4})$/.exec(text);
    return parts === null ? undefined : { major: Number.parseInt(parts[1] ?? '', 16), minor: Number.parseInt(parts[2] ?? '', 16) };
  },
};
