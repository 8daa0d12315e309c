import { wordTable, type Line } from '@netdrift/core';
import type { ForwardMethod } from '../ast.ts';
import { forwardWord, natural, weight } from '../values.ts';

// Most of a listing is destination lines, and nearly all of their words are of a few kinds: read straight from the bytes,
// without a string in between. Every other word goes to its decoder.

const ZERO = 0x30;
const DOT = 0x2e;
const COLON = 0x3a;
/** Digits that a number may have here and stay below 2^31. */
const SHORT = 9;

/** As `line.read(index, natural)`. */
export function readNatural(line: Line, index: number): number {
  const number = digits(line, line.starts[index] ?? 0, line.ends[index] ?? 0, SHORT);
  return number < 0 ? line.read(index, natural) : number;
}

/** As `line.read(index, weight)`. */
export function readWeight(line: Line, index: number): number {
  const number = digits(line, line.starts[index] ?? 0, line.ends[index] ?? 0, SHORT);
  return number < 0 ? line.read(index, weight) : number;
}

/** The number of these digits, or -1 where they are none, too many, or begin with a zero. */
function digits({ bytes }: Line, start: number, end: number, most: number): number {
  if (start >= end || end - start > most || (bytes[start] === ZERO && end - start > 1)) return -1;
  let number = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** Where the colon of `10.0.0.1:443` stands, or -1 where a token is not an IPv4 address with a colon behind it. */
export function ipv4Colon(line: Line, index: number): number {
  const { bytes } = line;
  const end = line.ends[index] ?? 0;
  let part = line.starts[index] ?? 0;
  let dots = 0;
  for (let at = part; at < end; at += 1) {
    const byte = bytes[at];
    if (byte !== DOT && byte !== COLON) continue;
    if (byte === COLON && dots !== 3) return -1;
    const number = digits(line, part, at, 3);
    if (number < 0 || number > 255) return -1;
    if (byte === COLON) return at;
    dots += 1;
    part = at + 1;
  }
  return -1;
}

/** The port behind the colon of a location, or -1. */
export function portBehind(line: Line, index: number, colon: number): number {
  const port = digits(line, colon + 1, line.ends[index] ?? 0, 5);
  return port > 65_535 ? -1 : port;
}

const methods = ['Masq', 'Route', 'Tunnel', 'Local'] as const;
const methodWords = wordTable(methods.map((method, code) => [method, code] as const));

/** As `line.read(index, forwardWord)`. */
export function readMethod(line: Line, index: number): ForwardMethod {
  const code = methodWords.find(line.bytes, line.starts[index] ?? 0, line.ends[index] ?? 0);
  return methods[code] ?? line.read(index, forwardWord);
}
