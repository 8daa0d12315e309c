import { node, type Line } from '@netdrift/core';
import { decodeWhole } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { readQuoted } from '../rule/quoted.ts';

/** `-m cgroup --cgroup ID | --path PATH`. */
export interface CgroupMatch {
  readonly kind: 'CgroupMatch';
  readonly not: boolean;
  readonly classId?: number;
  readonly path?: string;
}

function listed(line: Line, not: number, value: number): CgroupMatch {
  const text = line.text(value);
  const classId = decodeWhole(text, 0xffffffff);
  return { kind: 'CgroupMatch', not: not >= 0, ...(classId === undefined ? { path: text } : { classId }) };
}

function savedId(line: Line, not: number, value: number): CgroupMatch {
  const classId = decodeWhole(line.text(value), 0xffffffff);
  if (classId === undefined) line.refuse(value, 'a class id');
  return { kind: 'CgroupMatch', not: not >= 0, classId: classId ?? 0 };
}

const savedPath = (line: Line, not: number, value: number): CgroupMatch => ({
  kind: 'CgroupMatch',
  not: not >= 0,
  path: readQuoted(line, value),
});

/** `-m cgroup`. */
export const cgroupMatch: MatchExtension<CgroupMatch> = {
  type: 'match',
  name: 'cgroup',
  kind: 'CgroupMatch',
  listing: {
    starts: ['cgroup'],
    values: ['cgroup'],
    grammar(g) {
      g.word('cgroup');
      return node(listed, g.sign(), g.value());
    },
  },
  print: ({ not, classId, path }) => `cgroup ${not ? '! ' : ''}${classId ?? path ?? ''}`,
  save: {
    starts: ['--cgroup', '--path'],
    values: ['--cgroup', '--path'],
    grammar: (g) =>
      g.choose([
        () => {
          g.word('--cgroup');
          return node(savedId, g.sign(), g.value());
        },
        () => {
          g.word('--path');
          return node(savedPath, g.sign(1), g.value(1));
        },
      ]),
  },
  printSave: ({ not, classId, path }) => `${not ? ' !' : ''} ${classId === undefined ? `--path "${path ?? ''}"` : `--cgroup ${classId}`}`,
  samples: ['cgroup ! 1', 'cgroup /user.slice'],
};
