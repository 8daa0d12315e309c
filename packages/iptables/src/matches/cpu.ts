import { wholeNumber } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { listedRow, savedRow, sign, type Row } from '../row.ts';

/** `-m cpu`: the processor that handles the packet. */
export interface CpuMatch {
  readonly kind: 'CpuMatch';
  readonly not: boolean;
  readonly value: number;
}

const NUMBER = wholeNumber(0xffffffff);

const build =
  (word: string) =>
  (row: Row): CpuMatch => ({ kind: 'CpuMatch', not: row.not(word), value: row.read(word, NUMBER) ?? 0 });

/** `-m cpu`. */
export const cpuMatch: MatchExtension<CpuMatch> = {
  type: 'match',
  name: 'cpu',
  kind: 'CpuMatch',
  listing: listedRow([{ word: 'cpu', takes: 1, not: 'after' }], [], build('cpu')),
  print: (match) => `cpu ${sign(match)}${match.value}`,
  save: savedRow(['--cpu'], build('--cpu')),
  printSave: (match) => ` ${sign(match)}--cpu ${match.value}`,
  samples: ['cpu 0', 'cpu ! 3'],
};
