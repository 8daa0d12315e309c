import { type Line, type TokenCode, wordTable } from '@netdrift/core';
import * as token from '../tokens.ts';
import { BACKSLASH, CLOSE, endOfNftLine, endOfNftWord, endOfQuotes, HASH, isSpace, NEWLINE, OPEN, QUOTE, SEMICOLON } from './characters.ts';
import { scanNote } from './notes.ts';

/** How the head of a block or a command ended. */
export interface ScannedHead {
  readonly end: number;
  /** A block follows, whose brace was passed. */
  readonly opens: boolean;
}

const SUBJECTS = wordTable(token.subjects);
const TABLE_LINES = wordTable([
  ['flags', token.chainFlags],
  ['comment', token.chainComment],
]);
const VERBS = wordTable(token.commandVerbs.map((text) => [text, token.verb] as const));
const FAMILIES = wordTable(token.families.map((text) => [text, token.family] as const));
const CT_OBJECTS = wordTable(token.ctObjects.map((text) => [text, token.objectType] as const));
const CT = wordTable([['ct', token.objectType]]);

/** How many names follow a subject outside a table; inside one the table's own name is not repeated. */
const NAMES: ReadonlyMap<TokenCode, number> = new Map([
  [token.table, 1],
  [token.ruleset, 0],
]);

/**
 * Cuts the head of a block (`table ip nat {`, `chain input {`) or the first words of a command (`add rule ip nat postrouting`) into tokens,
 * told by place: a chain may be called as any word of nft. Behind the names of a rule or an element the caller goes on.
 */
export function scanHead(line: Line, start: number, end: number, insideTable: boolean): ScannedHead {
  line.begin(start, end);
  line.push(insideTable ? token.inTable : token.inHead, start, start);
  const { bytes } = line;
  let at = start;
  let stop = endOfNftWord(bytes, at, end);
  const take = (code: TokenCode): void => {
    line.push(code, at, stop);
    at = skip(bytes, stop, end);
    stop = endOfNftWord(bytes, at, end);
  };
  if (insideTable && TABLE_LINES.find(bytes, at, stop) >= 0) return scanTableLine(line, start, stop, end);
  if (VERBS.find(bytes, at, stop) >= 0) take(token.verb);
  const subject = takeSubject(line, at, stop, end);
  if (subject === undefined) return scanOther(line, at, end);
  line.push(subject.code, at, subject.end);
  at = skip(bytes, subject.end, end);
  stop = endOfNftWord(bytes, at, end);
  const names = insideTable ? 1 : (NAMES.get(subject.code) ?? 2);
  if (!insideTable && FAMILIES.find(bytes, at, stop) >= 0 && isWordAt(bytes, skip(bytes, stop, end), end)) take(token.family);
  for (let count = 0; count < names && isWordAt(bytes, at, end); count += 1) take(token.name);
  line.end = at;
  if (subject.code === token.rule || subject.code === token.element) return { end: at, opens: false };
  return finishHead(line, at, end);
}

function takeSubject(line: Line, at: number, stop: number, end: number): { readonly code: TokenCode; readonly end: number } | undefined {
  const { bytes } = line;
  const code = SUBJECTS.find(bytes, at, stop);
  if (code >= 0) return { code, end: stop };
  if (CT.find(bytes, at, stop) < 0) return undefined;
  const second = skip(bytes, stop, end);
  const secondEnd = endOfNftWord(bytes, second, end);
  return CT_OBJECTS.find(bytes, second, secondEnd) >= 0 ? { code: token.objectType, end: secondEnd } : undefined;
}

/** The brace that opens the block, and the note behind it; or whatever else stands there up to the end of the statement. */
function finishHead(line: Line, start: number, end: number): ScannedHead {
  const { bytes } = line;
  if (bytes[start] === OPEN && start < end) {
    const at = skip(bytes, start + 1, end);
    const stop = endOfNftLine(bytes, at, end);
    const isNote = bytes[at] === HASH && scanNote(line, at, stop);
    line.end = start + 1;
    return { end: isNote ? stop : start + 1, opens: true };
  }
  return scanOther(line, start, end);
}

/** `flags dormant`, `comment "rules for kube-proxy"` of a table. */
function scanTableLine(line: Line, start: number, stop: number, end: number): ScannedHead {
  const { bytes } = line;
  line.push(TABLE_LINES.find(bytes, start, stop), start, stop);
  const at = skip(bytes, stop, end);
  const quoteEnd = bytes[at] === QUOTE ? endOfQuotes(bytes, at, end) : -1;
  const valueEnd = quoteEnd < 0 ? endOfNftWord(bytes, at, end) : quoteEnd;
  if (at < valueEnd) line.push(quoteEnd < 0 ? token.plain : token.quoted, at, valueEnd);
  return scanOther(line, skip(bytes, valueEnd, end), end);
}

/** What no head has: one token up to the end of the statement. */
function scanOther(line: Line, start: number, end: number): ScannedHead {
  const { bytes } = line;
  let at = start;
  while (at < end && bytes[at] !== NEWLINE && bytes[at] !== SEMICOLON && bytes[at] !== OPEN && bytes[at] !== CLOSE) {
    if (bytes[at] === HASH) {
      const stop = endOfNftLine(bytes, at, end);
      if (scanNote(line, at, stop)) return finished(line, stop);
    }
    const quoteEnd = bytes[at] === QUOTE ? endOfQuotes(bytes, at, end) : -1;
    at = quoteEnd < 0 ? at + 1 : quoteEnd;
  }
  let stop = at;
  while (stop > start && isSpace(bytes[stop - 1])) stop -= 1;
  if (start < stop) line.push(token.rest, start, stop);
  if (bytes[at] === OPEN && at < end) {
    line.end = at + 1;
    return { end: at + 1, opens: true };
  }
  return finished(line, stop);
}

function finished(line: Line, end: number): ScannedHead {
  line.end = end;
  return { end, opens: false };
}

function skip(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (; at < end; at += 1) {
    if (isSpace(bytes[at])) continue;
    if (bytes[at] === BACKSLASH && bytes[at + 1] === NEWLINE) at += 1;
    else break;
  }
  return at;
}

function isWordAt(bytes: Uint8Array, at: number, end: number): boolean {
  return endOfNftWord(bytes, at, end) > at;
}

/** A line of an object's block: its first word, and the rest of it. */
export function scanObjectLine(line: Line, start: number, end: number, isFlowtable: boolean): ScannedHead {
  const { bytes } = line;
  line.begin(start, end);
  line.push(token.inObject, start, start);
  const stop = endOfNftWord(bytes, start, end);
  line.push(token.name, start, Math.max(stop, start + 1));
  let at = Math.max(stop, start + 1);
  let depth = 0;
  for (; at < end && bytes[at] !== NEWLINE; at += 1) {
    if (bytes[at] === OPEN) depth += 1;
    if (bytes[at] === CLOSE && depth-- === 0) break;
    if (depth === 0 && (bytes[at] === SEMICOLON || (isFlowtable && startsPriority(line.source, at)))) break;
    if (bytes[at] === QUOTE) at = Math.max(at, endOfQuotes(bytes, at, end) - 1);
  }
  const from = skip(bytes, Math.max(stop, start + 1), at);
  let until = at;
  while (until > from && isSpace(bytes[until - 1])) until -= 1;
  if (from < until) line.push(token.rest, from, until);
  return finished(line, Math.max(until, stop));
}

/** `hook ingress priority filter` says two things. */
function startsPriority(source: string, at: number): boolean {
  return source.startsWith(' priority ', at - 1);
}
