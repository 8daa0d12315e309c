import { endOfWord, skipBlanks, type Line, type TokenCode } from '@netdrift/core';
import * as t from './tokens.ts';

const MINUS = 0x2d;
const EQUALS = 0x3d;

/**
 * Cuts a rule line into options and values as popt does: `-t X`, `-tX`, `-At X`, `--tcp-service X`, `--tcp-service=X`.
 * The value of `-p` may be missing; every other valued option takes the next word, even one that begins with a dash
 * (`-f -1`).
 */
export function scanRule(line: Line): void {
  const { bytes, end: stop } = line;
  let wanting: TokenCode = t.stray;
  for (let start = skipBlanks(bytes, line.start, stop); start < stop;) {
    const end = endOfWord(bytes, start, stop);
    const isOption = bytes[start] === MINUS && end - start > 1;
    if (t.valued.has(wanting) || (wanting === t.persistent && !isOption)) {
      line.push(t.value, start, end);
      wanting = t.stray;
    } else if (!isOption) {
      wanting = pushBareWord(line, start, end);
    } else if (bytes[start + 1] === MINUS) {
      wanting = pushLong(line, start, end);
    } else {
      wanting = pushLetters(line, start, end);
    }
    start = skipBlanks(bytes, end, stop);
  }
}

function pushBareWord(line: Line, start: number, end: number): TokenCode {
  const found = t.bareWords.find(line.bytes, start, end);
  line.push(found < 0 ? t.stray : found, start, end);
  return found;
}

/** `--weight 1`, `--weight=1`; gives the option that still wants its value. */
function pushLong(line: Line, start: number, end: number): TokenCode {
  const equals = line.bytes.subarray(0, end).indexOf(EQUALS, start);
  const nameEnd = equals < 0 ? end : equals;
  const found = t.longNames.find(line.bytes, start + 2, nameEnd);
  const code = found < 0 ? t.unknownOption : found;
  line.push(code, start, nameEnd);
  if (equals < 0) return code;
  line.push(t.value, equals + 1, end);
  return t.stray;
}

/** `-A`, `-At`, `-w1`; gives the option that still wants its value. */
function pushLetters(line: Line, start: number, end: number): TokenCode {
  let code: TokenCode = t.stray;
  for (let at = start + 1; at < end; at += 1) {
    code = t.letters.get(line.bytes[at] ?? 0) ?? t.unknownOption;
    line.push(code, at === start + 1 ? start : at, at + 1);
    if (at + 1 < end && (t.valued.has(code) || code === t.persistent)) {
      line.push(t.value, at + 1, end);
      return t.stray;
    }
  }
  return code;
}
