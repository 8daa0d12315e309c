import { node, type Line } from '@netdrift/core';
import type { MatchExtension } from '../extension.ts';
import { noteSpelling } from '../rule/rule-line.ts';

/** `-m bpf --bytecode`: the program's instructions, each as four numbers with blanks between. */
export interface BpfMatch {
  readonly kind: 'BpfMatch';
  readonly program: readonly string[];
}

const NUL = String.fromCharCode(0);

function listed(line: Line, first: number, more: readonly number[]): BpfMatch {
  const last = more.at(-1) ?? first;
  const written = line.text(first, last);
  const text = written.replaceAll(NUL, '');
  if (text === written) noteSpelling(line, 'bpf-without-nul');
  return { kind: 'BpfMatch', program: instructions(line, first, text) };
}

/** `"1,6 0 0 65535"`: the number of instructions, then each of them. */
function saved(line: Line, bytecode: number): BpfMatch {
  const text = line.text(bytecode);
  const comma = text.indexOf(',');
  return { kind: 'BpfMatch', program: instructions(line, bytecode, comma < 0 ? '' : text.slice(comma + 1)) };
}

function instructions(line: Line, token: number, text: string): readonly string[] {
  const program = text.split(',').map((instruction) => instruction.trim());
  if (!program.every((instruction) => /^\d+ \d+ \d+ \d+$/.test(instruction))) line.refuse(token, 'instructions of four numbers');
  return program;
}

/** `-m bpf`; no blank stands before its text, and from 1.6.2 on a NUL behind it. */
export const bpfMatch: MatchExtension<BpfMatch> = {
  type: 'match',
  name: 'bpf',
  kind: 'BpfMatch',
  joined: true,
  listing: {
    starts: ['match bpf'],
    grammar(g) {
      g.word('match bpf');
      const first = g.bare();
      const more = g.repeat(() => g.bare(1));
      return node(listed, first, more);
    },
  },
  print: ({ program }, { spells }) => `match bpf ${program.join(',')}${spells('bpf-without-nul') ? '' : NUL}`,
  save: {
    starts: ['--bytecode'],
    values: ['--bytecode'],
    grammar(g) {
      g.word('--bytecode');
      return node(saved, g.value());
    },
  },
  printSave: ({ program }) => ` --bytecode "${program.length},${program.join(',')}"`,
  samples: [`match bpf 6 0 0 65535${NUL}`],
};
