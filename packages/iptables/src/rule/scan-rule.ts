import { endOfWord, isBlank, skipBlanks, wordTable, type Line } from '@netdrift/core';
import { COLUMN, HAS_JOINED_TEXT, JOINED_TEXT, LISTING, TARGET_CODES } from '../listing/listing-grammar.ts';
import type { RuleLine } from './rule-line.ts';
import { scanListingWords } from './scan-words.ts';

/** Which columns a listing has beside those that are always there, as its column header says. */
export interface Columns {
  readonly numbers: boolean;
  /** Packets, bytes, in and out. */
  readonly verbose: boolean;
}

const BANG = 0x21;
const DASH = 0x2d;
const SMALL_F = 0x66;
const BRACKET = 0x5b;

const targetCodes = wordTable(TARGET_CODES);

/**
 * Cuts a rule's line into tokens: the columns by their place, the text behind them by its words. A negation's sign
 * follows what it negates, so that the grammar can tell by one token what comes.
 */
export function scanRule(line: RuleLine, start: number, end: number, columns: Columns, commentEnd = -1): void {
  const { bytes } = line;
  line.begin(start, end);
  let at = start;
  if (columns.numbers) at = pushWord(line, COLUMN.number, at, end);
  if (columns.verbose) {
    at = pushWord(line, COLUMN.count, at, end);
    at = pushWord(line, COLUMN.count, at, end);
  }
  // One blank ends the columns before; the target's own begins behind it, or is blank itself.
  const place = at === start ? at : at + 1;
  const word = skipBlanks(bytes, place, end);
  const stop = endOfWord(bytes, word, end);
  const second = skipBlanks(bytes, stop, end);
  if (hasTarget(bytes, place, word, stop, second, end, columns.verbose)) {
    const code = targetCodes.find(bytes, word, stop);
    line.push(code < 0 ? COLUMN.target : code, word, stop);
    at = pushProtocol(line, second, endOfWord(bytes, second, end));
  } else at = pushProtocol(line, word, stop);
  at = pushOpt(line, at, end);
  if (columns.verbose) {
    at = pushSigned(line, COLUMN.interface, at, end);
    at = pushSigned(line, COLUMN.interface, at, end);
  }
  at = pushSigned(line, COLUMN.address, at, end);
  at = pushSigned(line, COLUMN.address, at, end);
  at = skipBlanks(bytes, at, end);
  if (bytes[at] === BRACKET && line.source.startsWith('[goto]', at) && (at + 6 === end || isBlank(bytes[at + 6]))) {
    line.push(COLUMN.goto, at, at + 6);
    at += 6;
  }
  const joined = joinedTarget(line, at, end);
  const first = line.count;
  scanListingWords(line, LISTING, at, joined?.at ?? end, commentEnd);
  // `! quota grp: 100 bytes`: what the sign negates is not known, and is not the destination before it.
  if (line.count > first && line.type(first) === LISTING.bang && line.type(first - 1) === COLUMN.address) line.retype(first, LISTING.plain);
  if (joined !== undefined) line.push(joined.token, joined.at, end);
}

/** The text of a target that stands directly behind the matches, as 1.4.21 prints that of NETMAP. */
export function joinedTarget(line: Line, at: number, end: number): { readonly token: number; readonly at: number } | undefined {
  for (let index = 0; index < Math.min(line.count, 4); index += 1) {
    if (((LISTING.flags[line.type(index)] ?? 0) & HAS_JOINED_TEXT) === 0) continue;
    const joined = JOINED_TEXT.get(line.type(index));
    const found = joined?.find(line.source, at, end);
    if (joined !== undefined && found !== undefined) return { token: joined.token, at: found };
  }
  return undefined;
}

/**
 * Whether the first word is a target. The opt column decides where there is one: the word before it is the protocol.
 * IPv6 before 1.8.9 has none; then the place decides, or in trimmed text what follows.
 */
function hasTarget(bytes: Uint8Array, place: number, word: number, stop: number, second: number, end: number, verbose: boolean): boolean {
  const secondStop = endOfWord(bytes, second, end);
  if (isOpt(bytes, second, secondStop)) return false;
  const third = skipBlanks(bytes, secondStop, end);
  if (isOpt(bytes, third, endOfWord(bytes, third, end))) return true;
  if (isGluedOpt(bytes, word, stop) && word > place) return false;
  if (isGluedOpt(bytes, second, secondStop)) return true;
  if (isGluedOpt(bytes, word, stop)) return false;
  if (word > place) return false;
  return verbose || !(looksLikeAddress(bytes, second, secondStop) && looksLikeAddress(bytes, third, endOfWord(bytes, third, end)));
}

/** `--`, `-f`, `!f`. */
function isOpt(bytes: Uint8Array, start: number, stop: number): boolean {
  if (stop - start !== 2) return false;
  const first = bytes[start];
  const second = bytes[start + 1];
  return first === DASH ? second === DASH || second === SMALL_F : first === BANG && second === SMALL_F;
}

/** `udplite--`: up to 1.8.8 nothing stands between a long protocol and the next column. */
function isGluedOpt(bytes: Uint8Array, start: number, stop: number): boolean {
  return stop - start > 2 && isOpt(bytes, stop - 2, stop);
}

function looksLikeAddress(bytes: Uint8Array, start: number, stop: number): boolean {
  const first = bytes[start] === BANG ? start + 1 : start;
  for (let at = first; at < stop; at += 1) if (bytes[at] === 0x3a) return true;
  return stop - first === 8 && bytes[first] === 0x61 && bytes[first + 1] === 0x6e && bytes[first + 2] === 0x79;
}

function pushWord(line: Line, type: number, at: number, end: number): number {
  const word = skipBlanks(line.bytes, at, end);
  const stop = endOfWord(line.bytes, word, end);
  if (stop > word) line.push(type, word, stop);
  return stop;
}

function pushSigned(line: Line, type: number, at: number, end: number): number {
  const word = skipBlanks(line.bytes, at, end);
  const stop = endOfWord(line.bytes, word, end);
  if (stop === word) return stop;
  const isNegated = line.bytes[word] === BANG && stop > word + 1;
  line.push(type, isNegated ? word + 1 : word, stop);
  if (isNegated) line.push(LISTING.bang, word, word + 1);
  return stop;
}

/** The protocol, up to an opt that is glued to it. */
function pushProtocol(line: Line, word: number, stop: number): number {
  if (stop === word) return stop;
  const isNegated = line.bytes[word] === BANG;
  const last = isGluedOpt(line.bytes, word, stop) ? stop - 2 : stop;
  line.push(COLUMN.protocol, isNegated ? word + 1 : word, last);
  if (isNegated) line.push(LISTING.bang, word, word + 1);
  return last;
}

function pushOpt(line: Line, at: number, end: number): number {
  const word = skipBlanks(line.bytes, at, end);
  const stop = endOfWord(line.bytes, word, end);
  if (!isOpt(line.bytes, word, stop)) return at;
  line.push(COLUMN.opt, word, stop);
  return stop;
}
