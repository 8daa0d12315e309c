import type { Line } from '@netdrift/core';
import { wholeNumber, WORD, type Codec } from '../codec.ts';
import type { MatchExtension, PrintStyle } from '../extension.ts';
import { bare, joinOptions, joinShown, listedRow, savedRow, shown, sign, type Row } from '../row.ts';
import { noteSpelling } from '../rule/rule-line.ts';

/** `-m string`: a text in the packet, given as `text` or, where it does not print, as `hex` digits. */
export interface StringMatch {
  readonly kind: 'StringMatch';
  readonly not: boolean;
  readonly text?: string;
  readonly hex?: string;
  readonly algorithm: string;
  readonly from?: number;
  /** Missing: 65535, the end of any packet. */
  readonly to?: number;
  readonly ignoreCase?: true;
}

const OFFSET = wholeNumber(0xffff);
const END = 0xffff;
const HEX = /^\|((?:[0-9a-f]{2})*)\|$/;
/** Restore files may have blanks between the bytes, and capital letters. */
const WRITTEN_HEX = /^\|(?: *[0-9a-fA-F]{2})* *\|$/;

/** What stands between the quotes. */
const PATTERN: Pick<Codec<Pick<StringMatch, 'text' | 'hex'>>, 'expected' | 'decode'> = {
  expected: 'a text',
  decode(text) {
    const hex = HEX.exec(text)?.[1];
    return hex === undefined ? { text: unescape(text) } : { hex };
  },
};

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1');
}

/** Up to 1.8.8 the end is always printed. */
function readTo(line: Line, to: number | undefined): number | undefined {
  if (to === END) noteSpelling(line, 'string-to-end');
  return to === END ? undefined : to;
}

function listed(row: Row): StringMatch {
  return shown<StringMatch>({
    kind: 'StringMatch',
    not: row.not('STRING match'),
    text: undefined,
    hex: undefined,
    ...row.read('STRING match', PATTERN),
    algorithm: row.read('ALGO name', WORD) ?? '',
    from: row.read('FROM', OFFSET),
    to: readTo(row.line, row.read('TO', OFFSET)),
    ignoreCase: row.flag('ICASE'),
  });
}

function saved(row: Row): StringMatch {
  const hex = row.text('--hex-string');
  const digits = hex !== undefined && WRITTEN_HEX.test(hex) ? hex.replaceAll(/[| ]/g, '').toLowerCase() : undefined;
  const text = row.text('--string');
  return shown<StringMatch>({
    kind: 'StringMatch',
    not: row.not('--string') || row.not('--hex-string'),
    // `|0d0a|x`: text with hexadecimal parts, as restore files may have it.
    text: text === undefined ? (digits === undefined && hex !== undefined ? mixed(hex) : undefined) : unescape(text),
    hex: digits,
    algorithm: row.read('--algo', WORD) ?? '',
    from: row.read('--from', OFFSET),
    to: readTo(row.line, row.read('--to', OFFSET)),
    ignoreCase: row.flag('--icase'),
  });
}

function mixed(hex: string): string {
  return hex.replaceAll(/\|([0-9a-fA-F ]*)\|/g, (_, digits: string) =>
    (digits.match(/[0-9a-fA-F]{2}/g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join(''),
  );
}

function printPattern({ text, hex }: StringMatch): string {
  return hex === undefined ? `"${(text ?? '').replaceAll(/["\\]/g, '\\$&')}"` : `"|${hex}|"`;
}

function lastOffset({ to }: StringMatch, { spells }: PrintStyle): number | undefined {
  return to ?? (spells('string-to-end') ? END : undefined);
}

/** `-m string`; two blanks stand where the sign would. */
export const stringMatch: MatchExtension<StringMatch> = {
  type: 'match',
  name: 'string',
  kind: 'StringMatch',
  listing: listedRow(
    [{ word: 'STRING match', takes: 1, not: 'after', quoted: true }],
    [{ word: 'ALGO name', takes: 1 }, { word: 'FROM', takes: 1 }, { word: 'TO', takes: 1 }, bare('ICASE')],
    listed,
  ),
  print(match, style) {
    const to = lastOffset(match, style);
    return joinShown(
      `STRING match ${match.not ? '!' : ''} ${printPattern(match)}`,
      `ALGO name ${match.algorithm}`,
      match.from !== undefined && `FROM ${match.from}`,
      to !== undefined && `TO ${to}`,
      match.ignoreCase && 'ICASE',
    );
  },
  save: savedRow(['--string', '--hex-string', '--algo', '--from', '--to', bare('--icase')], saved),
  printSave(match, style) {
    const to = lastOffset(match, style);
    return joinOptions(
      `${sign(match)}--${match.hex === undefined ? '' : 'hex-'}string ${printPattern(match)}`,
      `--algo ${match.algorithm}`,
      match.from !== undefined && `--from ${match.from}`,
      to !== undefined && `--to ${to}`,
      match.ignoreCase && '--icase',
    );
  },
  samples: ['STRING match  "GET /" ALGO name bm TO 65535', 'STRING match ! "|0d0a|" ALGO name kmp FROM 40 TO 100 ICASE'],
};
