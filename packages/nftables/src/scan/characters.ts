export const TAB = 0x09;
export const NEWLINE = 0x0a;
const RETURN = 0x0d;
export const BLANK = 0x20;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const AT = 0x40;
export const BACKSLASH = 0x5c;
export const OPEN = 0x7b;
export const CLOSE = 0x7d;

/** Whether a byte is a blank inside a line; the return of a line end with two characters counts as one. */
export function isSpace(byte: number | undefined): boolean {
  return byte === BLANK || byte === TAB || byte === RETURN;
}

const ENDS_WORD = new Uint8Array(256);
for (const sign of ' \t\r\n";{}()|&^=!<>#') ENDS_WORD[sign.charCodeAt(0)] = 1;

/** The first place in `start..end` at which a word ends. */
export function endOfNftWord(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && ENDS_WORD[bytes[at] ?? 0] === 0) at += 1;
  return at;
}

/** Where the line that `at` stands in ends. */
export function endOfNftLine(bytes: Uint8Array, at: number, end: number): number {
  let stop = at;
  while (stop < end && bytes[stop] !== NEWLINE) stop += 1;
  return stop;
}

/**
 * Where the text in quotes that begins at `start` ends, behind its closing quote; -1 where it has none. Comments and prefixes are at
 * most 128 bytes long and may hold line ends, so the search ends soon.
 */
export function endOfQuotes(bytes: Uint8Array, start: number, end: number): number {
  const stop = Math.min(end, start + LONGEST_TEXT);
  for (let at = start + 1; at < stop; at += 1) if (bytes[at] === QUOTE) return at + 1;
  return -1;
}

const LONGEST_TEXT = 300;
