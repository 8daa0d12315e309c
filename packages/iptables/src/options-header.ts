import { isBlank, type Line } from '@netdrift/core';
import { decodeWhole, wholeNumber, type Codec } from './codec.ts';
import type { Kinded, MatchExtension } from './extension.ts';
import { bare, joinedSign, joinOptions, joinShown, listedRow, savedRow, shown, sign, type Row } from './row.ts';
import { noteSpelling } from './rule/rule-line.ts';

/** One option of the header: its type and, where it is asked for, its length. */
export interface HeaderOption {
  readonly type: number;
  readonly length?: number;
}

/** A header that holds options: its length, and the options asked for in their order. */
export interface OptionsHeader {
  readonly length?: { readonly not: boolean; readonly value: number };
  readonly options?: readonly HeaderOption[];
}

const LENGTH = wholeNumber(0xffffffff);

/** `149:92,12`. */
const OPTIONS: Codec<readonly HeaderOption[]> = {
  expected: 'options TYPE or TYPE:LENGTH, joined by ","',
  decode(text) {
    const options = text.split(',').map(decodeOption);
    return options.every((option) => option !== undefined) ? options : undefined;
  },
  print: (options) => options.map(({ type, length }) => (length === undefined ? type : `${type}:${length}`)).join(','),
};

function decodeOption(text: string): HeaderOption | undefined {
  const colon = text.indexOf(':');
  const type = decodeWhole(colon < 0 ? text : text.slice(0, colon), 255);
  const length = colon < 0 ? undefined : decodeWhole(text.slice(colon + 1), 255);
  if (type === undefined || (colon >= 0 && length === undefined)) return undefined;
  return length === undefined ? { type } : { type, length };
}

/** Whether a blank of its own follows the text: the line ends in one, or two stand before what comes. */
function hasTail(line: Line, last: number): boolean {
  const { end } = line.span(last);
  return isBlank(line.bytes[end]) && end < line.end && (end + 1 >= line.end || isBlank(line.bytes[end + 1]));
}

/** `-m hbh` and `-m dst`, which differ in their names alone. Up to 1.8.7 `dst` has a blank at its end, in both forms. */
export function optionsHeader<N extends Kinded & OptionsHeader>(name: 'hbh' | 'dst', kind: N['kind']): MatchExtension<N> {
  const tail = `${name}-blank`;
  const build = (row: Row, length: string, options: string): N => {
    const last = row.items.at(-1);
    if (name === 'dst' && last !== undefined && hasTail(row.line, last.last)) noteSpelling(row.line, tail);
    const keys = shown<OptionsHeader>({ length: row.condition(length, LENGTH), options: row.read(options, OPTIONS) });
    // The node is made of exactly these keys; its type adds nothing.
    return { kind, ...keys } as unknown as N;
  };
  return {
    type: 'match',
    name,
    kind,
    listing: listedRow(
      [bare(name)],
      [
        { word: 'length:', glued: true },
        { word: 'opts', takes: 1 },
      ],
      (row) => build(row, 'length:', 'opts'),
    ),
    print: ({ length, options }, { spells }) =>
      joinShown(
        name,
        length && `length:${joinedSign(length)}${length.value}`,
        options && `opts ${OPTIONS.print(options)}`,
        spells(tail) && '',
      ),
    save: savedRow([`--${name}-len`, `--${name}-opts`], (row) => build(row, `--${name}-len`, `--${name}-opts`)),
    printSave: ({ length, options }, { spells }) =>
      joinOptions(
        length && `${sign(length)}--${name}-len ${length.value}`,
        options && `--${name}-opts ${OPTIONS.print(options)}`,
        spells(tail) && '',
      ),
    samples: [`${name} length:!42`, `${name} opts 149:92,12:12,5`],
  };
}
