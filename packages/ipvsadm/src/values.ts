import { parseIpv4, parseIpvsadmCount, parsePort, type Count, type Decoder } from '@netdrift/core';
import type { ForwardMethod, ServiceProtocol, Tunnel } from './ast.ts';
import { hexNumber } from './location.ts';

/** A decimal number from 0 up, without leading zeros, as far as a double holds it exactly. */
export const natural: Decoder<number> = { expected: 'a whole number from 0 up', decode: decodeNatural };

function decodeNatural(text: string): number | undefined {
  const length = text.length;
  if (length === 0 || length > 16 || (length > 1 && text.startsWith('0'))) return undefined;
  let number = 0;
  for (let index = 0; index < length; index += 1) {
    const digit = text.charCodeAt(index) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A weight: the kernel's signed 32 bits. */
export const weight: Decoder<number> = {
  expected: 'a weight, a whole number',
  decode: (text) => within(decodeInteger(text), -0x8000_0000, 0x7fff_ffff),
};

/** A firewall mark as ipvsadm prints it, signed (`-1`), or as people write it, unsigned; gives the unsigned mark. */
export const mark: Decoder<number> = {
  expected: 'a firewall mark, a whole number',
  decode(text) {
    const number = within(decodeInteger(text), -0x8000_0000, 0xffff_ffff);
    return number === undefined ? undefined : number >>> 0;
  },
};

function decodeInteger(text: string): number | undefined {
  if (!text.startsWith('-')) return decodeNatural(text);
  const number = decodeNatural(text.slice(1));
  return number === undefined || number === 0 ? undefined : -number;
}

function within(number: number | undefined, low: number, high: number): number | undefined {
  return number !== undefined && number >= low && number <= high ? number : undefined;
}

/** The mark of `/proc/net/ip_vs`: `FFFFFFFF`. */
export const hexMark: Decoder<number> = { expected: 'a firewall mark of eight hexadecimal digits', decode: (text) => hexNumber(text, 8) };

/** The mask of `/proc/net/ip_vs`: `FFFFFF00`. */
export const hexWord: Decoder<number> = { expected: 'eight hexadecimal digits', decode: (text) => hexNumber(text, 8) };

/** `TCP`, `ICMPv6`, or `?`. */
export const serviceProtocol: Decoder<ServiceProtocol> = {
  expected: 'a protocol such as TCP or UDP',
  decode(text) {
    if (text === 'TCP' || text === 'UDP' || text === 'SCTP' || text === '?') return text;
    return /^[A-Z]{2}[A-Za-z0-9]{0,14}$/.test(text) ? text : undefined;
  },
};

/** A scheduler or a persistence engine: the kernel takes any name, but no figure and nothing that cannot be printed. */
export const schedulerName = nameOf('a scheduler such as rr or wlc');
export const engineName = nameOf('a persistence engine such as sip');

function nameOf(expected: string): Decoder<string> {
  return { expected, decode: (text) => (/^[A-Za-z][A-Za-z0-9_.+-]{0,30}$/.test(text) ? text : undefined) };
}

/** A forwarding method: a word, or `(null)`. Not a number, so that columns that slipped are seen. */
export const forwardWord: Decoder<ForwardMethod> = {
  expected: 'a forwarding method such as Masq, Route or Tunnel',
  decode(text) {
    if (text === 'Masq' || text === 'Route' || text === 'Tunnel' || text === 'Local' || text === '(null)') return text;
    return /^[A-Z][A-Za-z]{1,15}$/.test(text) ? text : undefined;
  },
};

/** `(sh-fallback,sh-port)`, `()` */
export const flagList: Decoder<readonly string[]> = {
  expected: 'scheduler flags in parentheses',
  decode(text) {
    if (!text.startsWith('(') || !text.endsWith(')') || text.length < 2) return undefined;
    return flagsOf(text.slice(1, -1));
  },
};

/** `inhibited`, `overload`, `inhibited,overload` (dpvs) */
export const stateList: Decoder<readonly ('inhibited' | 'overload')[]> = {
  expected: 'inhibited or overload',
  decode: (text) => (['inhibited', 'overload'] as const).filter((state) => text.includes(state)),
};

/** `sh-fallback,sh-port`; an empty text is an empty list: a flag is set that has no name. */
export function flagsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(',');
}

/** `255.255.255.0`, or `64` for IPv6. */
export const persistenceMask: Decoder<{ readonly mask: string } | { readonly prefixLength: number }> = {
  expected: 'a mask such as 255.255.255.0 or a prefix length',
  decode(text) {
    if (parseIpv4(text) !== undefined) return { mask: text };
    const prefixLength = within(decodeNatural(text), 0, 128);
    return prefixLength === undefined ? undefined : { prefixLength };
  },
};

const checksums: ReadonlyMap<string, 'nocsum' | 'csum' | 'remcsum'> = new Map([
  ['-c', 'nocsum'],
  ['+c', 'csum'],
  ['r+c', 'remcsum'],
] as const);

/** `n/a` (null), `ipip`, `gue:6080:-c`, `gre:+c` */
export const tunnelInfo: Decoder<Tunnel | null> = {
  expected: 'tunnel information such as ipip, gue:6080:-c or n/a',
  decode(text) {
    if (text === 'n/a') return null;
    const [type = '', second, third] = text.split(':', 4);
    if (!/^[a-z]+$/.test(type)) return undefined;
    if (second === undefined) return { type };
    const checksum = checksums.get(third ?? second);
    if (checksum === undefined) return undefined;
    if (third === undefined) return { type, checksum };
    const port = parsePort(second);
    return port === undefined ? undefined : { type, port, checksum };
  },
};

/** What follows `--tun-type`: `ipip`, `gue`, `gre`. */
export const tunnelType: Decoder<string> = {
  expected: 'a tunnel type such as ipip, gue or gre',
  decode: (text) => (/^[a-z]+$/.test(text) ? text : undefined),
};

/** The word that `--tun-info` prints for a checksum. */
export function checksumWord(checksum: 'nocsum' | 'csum' | 'remcsum'): string {
  return checksum === 'nocsum' ? '-c' : checksum === 'csum' ? '+c' : 'r+c';
}

/** `(size=4096)` */
export const tableSize: Decoder<number> = {
  expected: '(size=NUMBER)',
  decode: (text) => (text.startsWith('(size=') && text.endsWith(')') ? decodeNatural(text.slice(6, -1)) : undefined),
};

/** A figure of `--stats` or `--rate`: whole, or shortened to `K`, `M`, `G`, `T`. */
export const trafficCount: Decoder<Count> = { expected: 'a whole number or a short form such as 123456K', decode: parseIpvsadmCount };
