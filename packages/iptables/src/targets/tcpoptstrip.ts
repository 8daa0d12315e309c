import { ABSENT } from '@netdrift/core';
import type { Codec } from '../codec.ts';
import { decodeWhole } from '../codec.ts';
import type { TargetExtension } from '../extension.ts';
import { listedRow, savedRow, type Row } from '../row.ts';
import { noteSpelling } from '../rule/rule-line.ts';

/** `-j TCPOPTSTRIP`: takes options out of the TCP header; they are held by number. */
export interface TcpoptstripTarget {
  readonly kind: 'TcpoptstripTarget';
  readonly name: 'TCPOPTSTRIP';
  readonly options: readonly number[];
}

const NAMES = new Map([
  ['wscale', 3],
  ['mss', 2],
  ['sack-permitted', 4],
  ['sack', 5],
  ['timestamp', 8],
  ['md5', 19],
]);
const NUMBERS = new Map([...NAMES].map(([name, number]) => [number, name]));

const OPTIONS: Pick<Codec<readonly number[]>, 'expected' | 'decode'> = {
  expected: 'TCP options by number or name, joined by ","',
  decode(text) {
    const numbers = text.split(',').map((word) => NAMES.get(word) ?? decodeWhole(word, 255));
    return numbers.every((number) => number !== undefined) ? numbers : undefined;
  },
};

const build =
  (word: string) =>
  (row: Row): TcpoptstripTarget => {
    const isEmpty = row.item(word)?.value === ABSENT;
    if (isEmpty) noteSpelling(row.line, 'tcpoptstrip-empty');
    return { kind: 'TcpoptstripTarget', name: 'TCPOPTSTRIP', options: isEmpty ? [] : (row.read(word, OPTIONS) ?? []) };
  };

/** `-j TCPOPTSTRIP`; without options 1.8.8 and later print nothing, and others the word alone with a blank behind it. */
export const tcpoptstripTarget: TargetExtension<TcpoptstripTarget> = {
  type: 'target',
  name: 'TCPOPTSTRIP',
  kind: 'TcpoptstripTarget',
  listing: listedRow([{ word: 'TCPOPTSTRIP options', takes: 1, optional: true }], [], build('TCPOPTSTRIP options')),
  print({ options }, { names, spells }) {
    if (options.length === 0 && !spells('tcpoptstrip-empty')) return '';
    return `TCPOPTSTRIP options ${options.map((number) => (names ? (NUMBERS.get(number) ?? number) : number)).join(',')}`;
  },
  save: savedRow([{ word: '--strip-options', takes: 1, optional: true }], build('--strip-options')),
  printSave({ options }, { spells }) {
    return options.length === 0 && !spells('tcpoptstrip-empty') ? '' : ` --strip-options ${options.join(',')}`;
  },
  plain: { kind: 'TcpoptstripTarget', name: 'TCPOPTSTRIP', options: [] },
  samples: ['TCPOPTSTRIP options 2,3', 'TCPOPTSTRIP options wscale,mss'],
};
