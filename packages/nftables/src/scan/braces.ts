import { CLOSE, COMMA, endOfNftLine, endOfQuotes, HASH, isSpace, NEWLINE, OPEN, QUOTE, SEMICOLON } from './characters.ts';

/** What stands between braces. */
export interface Braces {
  /** Behind the closing brace, or where the text stopped being an expression. */
  readonly end: number;
  readonly closed: boolean;
}

/**
 * Where the braces that open at `start` close. Braces of an expression go on in the next line only behind `{` and `,`; then a line of its
 * own may close them: a brace that somebody lost costs one line and not the rest of the text.
 */
export function endOfBraces(bytes: Uint8Array, start: number, end: number): Braces {
  let depth = 0;
  let before = OPEN;
  let goesOn = false;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      const stop = endOfQuotes(bytes, at, end);
      if (stop < 0) return { end: endOfNftLine(bytes, at, end), closed: false };
      at = stop - 1;
    } else if (byte === HASH) {
      at = endOfNftLine(bytes, at, end) - 1;
      continue;
    } else if (byte === OPEN) depth += 1;
    else if (byte === CLOSE) {
      depth -= 1;
      if (depth === 0) return { end: at + 1, closed: true };
    } else if (byte === NEWLINE) {
      if (before !== COMMA && before !== OPEN && !(goesOn && closesNext(bytes, at, end))) return { end: at, closed: false };
      goesOn = true;
    }
    if (!isSpace(byte) && byte !== NEWLINE) before = byte;
  }
  return { end, closed: false };
}

function closesNext(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && (isSpace(bytes[at]) || bytes[at] === NEWLINE)) at += 1;
  return bytes[at] === CLOSE || bytes[at] === COMMA;
}

/** Where the block that opens at `start` ends, whatever stands in it: behind its closing brace, or at the end of the text. */
export function endOfBlock(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) at = Math.max(at, endOfQuotes(bytes, at, end) - 1);
    else if (byte === OPEN) depth += 1;
    else if (byte === CLOSE) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return end;
}

/** Calls `visit` with the bounds of each element between braces, without the blanks around it. */
export function eachElement(bytes: Uint8Array, start: number, end: number, visit: (start: number, end: number) => void): void {
  let first = start;
  let depth = 0;
  const give = (stop: number): void => {
    let from = first;
    let until = stop;
    while (from < until && isBetween(bytes[from])) from += 1;
    while (until > from && isBetween(bytes[until - 1])) until -= 1;
    if (from < until) visit(from, until);
    first = stop + 1;
  };
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) at = Math.max(at, endOfQuotes(bytes, at, end) - 1);
    else if (byte === HASH) {
      give(at);
      at = endOfNftLine(bytes, at, end);
      first = at;
    } else if (byte === OPEN) depth += 1;
    else if (byte === CLOSE) depth -= 1;
    else if (depth === 0 && (byte === COMMA || byte === SEMICOLON)) give(at);
  }
  give(end);
}

function isBetween(byte: number | undefined): boolean {
  return isSpace(byte) || byte === NEWLINE;
}
