import { wholeNumber } from '../codec.ts';
import type { PrintStyle, TargetExtension } from '../extension.ts';
import { printQuoted, readQuoted } from '../rule/quoted.ts';
import { joinOptions, joinShown, listedRow, savedRow, shown, type Row, type RowWord } from '../row.ts';
import { noteSpelling } from '../rule/rule-line.ts';

/** `-j NFLOG`: hands the packet to programs that listen to a group. */
export interface NflogTarget {
  readonly kind: 'NflogTarget';
  readonly name: 'NFLOG';
  readonly prefix?: string;
  readonly group?: number;
  /** Bytes of the packet handed over. */
  readonly size?: number;
  /** The same of older versions, which the kernel ignores. */
  readonly range?: number;
  readonly threshold?: number;
}

const GROUP = wholeNumber(0xffff);
const NUMBER = wholeNumber(0xffffffff);
const WORDS: readonly RowWord[] = ['prefix', 'group', 'size', 'range', 'threshold'].map((word) => ({ word: `nflog-${word}`, takes: 1 }));

function build(row: Row, prefix: string): NflogTarget {
  const text = row.item(`${prefix}nflog-prefix`);
  return shown<NflogTarget>({
    kind: 'NflogTarget',
    name: 'NFLOG',
    prefix: text && readQuoted(row.line, text.value),
    group: row.read(`${prefix}nflog-group`, GROUP),
    size: row.read(`${prefix}nflog-size`, NUMBER),
    range: row.read(`${prefix}nflog-range`, NUMBER),
    threshold: row.read(`${prefix}nflog-threshold`, GROUP),
  });
}

/** Up to 1.8.7 two blanks stand before the prefix. */
function noteBlanks(row: Row, word: string): void {
  const at = row.item(word)?.value;
  if (at === undefined) return;
  const { start } = row.line.span(at);
  const before = row.line.bytes[start - 1] === QUOTE ? start - 1 : start;
  if (row.line.bytes[before - 1] === BLANK && row.line.bytes[before - 2] === BLANK) noteSpelling(row.line, 'nflog-two-blanks');
}

const BLANK = 0x20;
const QUOTE = 0x22;

function parts({ prefix, group, size, range, threshold }: NflogTarget, option: string, { spells }: PrintStyle): (string | undefined)[] {
  const blanks = spells('nflog-two-blanks') ? '  ' : ' ';
  return [
    prefix === undefined ? undefined : `${option}nflog-prefix${blanks}${printQuoted(prefix)}`,
    group === undefined ? undefined : `${option}nflog-group ${group}`,
    size === undefined ? undefined : `${option}nflog-size ${size}`,
    range === undefined ? undefined : `${option}nflog-range ${range}`,
    threshold === undefined ? undefined : `${option}nflog-threshold ${threshold}`,
  ];
}

/** `-j NFLOG`; the nft variant from 1.8.9 on loses the range. */
export const nflogTarget: TargetExtension<NflogTarget> = {
  type: 'target',
  name: 'NFLOG',
  kind: 'NflogTarget',
  listing: listedRow(WORDS, WORDS, (row) => {
    noteBlanks(row, 'nflog-prefix');
    return build(row, '');
  }),
  print: (target, style) => joinShown(...parts(target, '', style)),
  save: savedRow(
    WORDS.map((one) => ({ ...one, word: `--${one.word}` })),
    (row) => {
      noteBlanks(row, '--nflog-prefix');
      return build(row, '--');
    },
  ),
  printSave: (target, style) => joinOptions(...parts(target, '--', style)),
  plain: { kind: 'NflogTarget', name: 'NFLOG' },
  samples: ['nflog-prefix "a b" nflog-group 5 nflog-size 80 nflog-threshold 3', 'nflog-group 1'],
};
