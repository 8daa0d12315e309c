import { endOfWord, isBlank, skipBlanks, wordTable, type Line } from '@netdrift/core';
import { hexNumber } from '../location.ts';
import { titleColumn, titleWords } from './tokens.ts';

/** What a line of a listing is, by its first word. */
export type LineKind = 'banner' | 'first-title' | 'second-title' | 'destination' | 'service';

const banner = 1;
const firstTitle = 2;
const arrow = 3;
const firstWords = wordTable([
  ['IP', banner],
  ['Prot', firstTitle],
  ['->', arrow],
]);

const MINUS = 0x2d;
const GREATER = 0x3e;
const CAPITAL_I = 0x49;
const CAPITAL_P = 0x50;
const CAPITAL_R = 0x52;

/** The kind of a line that is not blank. */
export function lineKind(line: Line): LineKind {
  const { bytes, start, end } = line;
  const first = skipBlanks(bytes, start, end);
  const letter = bytes[first];
  if (letter !== MINUS && letter !== CAPITAL_P && letter !== CAPITAL_I) return 'service';
  // Most lines: an arrow, and behind it no word that begins like that of a title.
  if (letter === MINUS && bytes[first + 1] === GREATER && isBlank(bytes[first + 2]) && first + 2 < end)
    return bytes[skipBlanks(bytes, first + 2, end)] === CAPITAL_R && isSecondTitle(line) ? 'second-title' : 'destination';
  switch (firstWords.find(bytes, first, endOfWord(bytes, first, end))) {
    case banner:
      return 'banner';
    case firstTitle:
      return 'first-title';
    case arrow:
      return isSecondTitle(line) ? 'second-title' : 'destination';
    default:
      // `Port LocalAddress:Port …`, as people type it.
      return letter === CAPITAL_P && isSecondWord(line, 'LocalAddress:Port') ? 'first-title' : 'service';
  }
}

/** Whether a line is `  -> RemoteAddress:Port`, with or without more columns. */
function isSecondTitle(line: Line): boolean {
  return isSecondWord(line, 'RemoteAddress:Port');
}

function isSecondWord(line: Line, column: 'LocalAddress:Port' | 'RemoteAddress:Port'): boolean {
  const { start, end } = secondWord(line);
  return titleWords.find(line.bytes, start, end) === titleColumn(column);
}

/** Whether a line of a service or destination has the hexadecimal address or mark of `/proc/net/ip_vs`. */
export function looksHexadecimal(line: Line): boolean {
  const { start, end } = secondWord(line);
  const word = line.source.slice(start, end);
  if (hexNumber(word, 8) !== undefined) return true;
  const colon = word.lastIndexOf(':');
  const host = word.slice(0, Math.max(colon, 0));
  return (
    hexNumber(word.slice(colon + 1), 4) !== undefined && (hexNumber(host, 8) !== undefined || (host.startsWith('[') && host.length === 41))
  );
}

function secondWord({ bytes, start, end }: Line): { readonly start: number; readonly end: number } {
  const first = skipBlanks(bytes, start, end);
  const second = skipBlanks(bytes, endOfWord(bytes, first, end), end);
  return { start: second, end: endOfWord(bytes, second, end) };
}
