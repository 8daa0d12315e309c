import { node, type Line } from '@netdrift/core';
import { wholeNumber } from '../codec.ts';
import type { TargetExtension } from '../extension.ts';
import { printQuoted, readQuoted } from '../rule/quoted.ts';
import { joinOptions, savedRow, shown } from '../row.ts';

/** `-j ULOG` (IPv4, up to Linux 3.17): hands the packet to a logging program. */
export interface UlogTarget {
  readonly kind: 'UlogTarget';
  readonly name: 'ULOG';
  readonly copyRange: number;
  readonly group: number;
  readonly prefix?: string;
  readonly threshold: number;
}

const NUMBER = wholeNumber(0xffffffff);

function listed(line: Line, range: number, group: number, words: readonly number[] | number, threshold: number): UlogTarget {
  return shown<UlogTarget>({
    kind: 'UlogTarget',
    name: 'ULOG',
    copyRange: line.read(range, NUMBER),
    group: line.read(group, NUMBER),
    prefix: typeof words === 'number' ? undefined : readPrefix(line, words),
    threshold: line.read(threshold, NUMBER),
  });
}

/** The text between the quotes, which is not escaped. */
function readPrefix(line: Line, words: readonly number[]): string {
  const [first = 0] = words;
  const text = line.text(first, words.at(-1));
  if (!/^".*"$/.test(text)) line.refuse(first, 'a text in quotes');
  return text.slice(1, -1);
}

/** `-j ULOG`; text as in extensions/libipt_ULOG.c, not seen from a tool. */
export const ulogTarget: TargetExtension<UlogTarget> = {
  type: 'target',
  name: 'ULOG',
  kind: 'UlogTarget',
  listing: {
    starts: ['ULOG copy_range'],
    words: ['nlgroup', 'prefix', 'queue_threshold'],
    values: ['ULOG copy_range', 'nlgroup', 'queue_threshold'],
    grammar(g) {
      g.word('ULOG copy_range');
      const range = g.value();
      g.word('nlgroup');
      const group = g.value(1);
      const words = g.maybe(() =>
        node(
          wordsOf,
          g.word('prefix'),
          g.repeat(() => g.bare()),
        ),
      );
      g.word('queue_threshold');
      return node(listed, range, group, words, g.value(2));
    },
  },
  print: ({ copyRange, group, prefix, threshold }) =>
    `ULOG copy_range ${copyRange} nlgroup ${group}${prefix === undefined ? '' : ` prefix "${prefix}"`} queue_threshold ${threshold}`,
  save: savedRow(['--ulog-prefix', '--ulog-nlgroup', '--ulog-cprange', '--ulog-qthreshold'], (row) => {
    const prefix = row.item('--ulog-prefix');
    return shown<UlogTarget>({
      kind: 'UlogTarget',
      name: 'ULOG',
      copyRange: row.read('--ulog-cprange', NUMBER) ?? 0,
      group: row.read('--ulog-nlgroup', NUMBER) ?? 1,
      prefix: prefix && readQuoted(row.line, prefix.value),
      threshold: row.read('--ulog-qthreshold', NUMBER) ?? 1,
    });
  }),
  printSave: ({ copyRange, group, prefix, threshold }) =>
    joinOptions(
      prefix !== undefined && `--ulog-prefix ${printQuoted(prefix)}`,
      group !== 1 && `--ulog-nlgroup ${group}`,
      copyRange !== 0 && `--ulog-cprange ${copyRange}`,
      threshold !== 1 && `--ulog-qthreshold ${threshold}`,
    ),
  samples: ['ULOG copy_range 0 nlgroup 1 queue_threshold 1', 'ULOG copy_range 48 nlgroup 2 prefix "a b" queue_threshold 5'],
};

const wordsOf = (_line: Line, _prefix: number, words: readonly number[]): readonly number[] => words;
