import { endOfWord, isBlank, type Line, skipBlanks, type TokenCode } from '@netdrift/core';
import type { ModulesForm } from './modules-form.ts';
import * as token from './tokens.ts';

const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_PARENTHESIS = 0x28;
const MINUS = 0x2d;

/** Cuts a line at blanks into plain words. */
export function scanWords(line: Line, start: number, end: number): void {
  line.begin(start, end);
  for (let at = skipBlanks(line.bytes, start, end); at < end;) {
    const stop = endOfWord(line.bytes, at, end);
    line.push(token.word, at, stop);
    at = skipBlanks(line.bytes, stop, end);
  }
}

/** Cuts a line of one form: the type of a column is told by its place. */
export function scanLine(line: Line, form: ModulesForm, start: number, end: number): void {
  line.begin(start, end);
  line.push(HEADS[form], start, start);
  let column = 0;
  for (let at = skipBlanks(line.bytes, start, end); at < end; column += 1) {
    const stop = endOfToken(line.bytes, at, end);
    line.push(typeOf(line.bytes, form, column, at, stop), at, stop);
    at = skipBlanks(line.bytes, stop, end);
  }
}

const HEADS: Readonly<Record<ModulesForm, TokenCode>> = {
  builtin: token.builtinLine,
  lsmod: token.lsmodLine,
  names: token.namesLine,
  'proc-modules': token.procLine,
};

/** `[ip_conntrack_ftp iptable_nat]` is one token, where the bracket is closed before a blank or the line's end. */
function endOfToken(bytes: Uint8Array, start: number, end: number): number {
  const stop = endOfWord(bytes, start, end);
  if (bytes[start] !== OPENING_BRACKET || bytes[stop - 1] === CLOSING_BRACKET) return stop;
  let closing = start;
  while (closing < end && bytes[closing] !== CLOSING_BRACKET) closing += 1;
  const isClosed = closing < end && (closing + 1 === end || isBlank(bytes[closing + 1]));
  return isClosed ? closing + 1 : stop;
}

function typeOf(bytes: Uint8Array, form: ModulesForm, column: number, start: number, end: number): TokenCode {
  if (form === 'builtin') return column === 0 ? token.path : token.word;
  if (column === 0) return form === 'names' && isPath(bytes, start, end) ? token.path : token.name;
  if (form === 'names') return token.word;
  const spelled = token.spellings.find(bytes, start, end);
  if (spelled >= 0) return spelled;
  if (column <= 2) return areDigits(bytes, start, end) ? token.digits : token.word;
  if (column === 3 || form === 'lsmod') return bytes[start] === OPENING_BRACKET && form === 'lsmod' ? token.bracketed : token.users;
  if (column === 5) return token.address;
  return bytes[start] === OPENING_PARENTHESIS ? token.taint : token.word;
}

const SLASH = 0x2f;
const DOT = 0x2e;

/** A module's name has neither a slash nor a dot. */
function isPath(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === SLASH || bytes[at] === DOT) return true;
  return false;
}

/** Digits, perhaps behind a minus: `-1` is the count of a module that Linux 2.4 cannot unload. */
function areDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = bytes[start] === MINUS ? start + 1 : start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}
