import { node, type Line } from '@netdrift/core';
import { MARK } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';
import { noteSpelling } from '../rule/rule-line.ts';

/** `-m mark --mark VALUE/MASK`; the mask is 0xffffffff where the listing leaves it out. Both are unsigned. */
export interface MarkMatch {
  readonly kind: 'MarkMatch';
  readonly not: boolean;
  readonly value: number;
  readonly mask: number;
}

function build(line: Line, not: number, mark: number): MarkMatch {
  const read = line.read(mark, MARK);
  return { kind: 'MarkMatch', not: not >= 0, value: read?.value, mask: read?.mask };
}

/** `MARK match !0x1`, before 1.4. */
function upper(line: Line, not: number, mark: number): MarkMatch {
  noteSpelling(line, 'mark-upper');
  return build(line, not, mark);
}

/** `-m mark`. */
export const markMatch: MatchExtension<MarkMatch> = {
  type: 'match',
  name: 'mark',
  kind: 'MarkMatch',
  listing: {
    starts: ['mark match', 'MARK match'],
    grammar: (g) =>
      g.choose([
        () => {
          g.word('mark match');
          return node(build, g.sign(), g.value());
        },
        () => {
          g.word('MARK match');
          return node(upper, g.sign(1), g.value(1));
        },
      ]),
  },
  print(match, { spells }) {
    if (spells('mark-upper')) return `MARK match ${match.not ? '!' : ''}${MARK.print(match)}`;
    return `mark match${match.not ? ' ! ' : ' '}${MARK.print(match)}`;
  },
  save: {
    starts: ['--mark'],
    values: ['--mark'],
    grammar(g) {
      g.word('--mark');
      return node(build, g.sign(), g.value());
    },
  },
  printSave: (match) => `${match.not ? ' !' : ''} --mark ${MARK.print(match)}`,
  samples: ['mark match 0x4000/0x4000', 'mark match ! 0x1'],
};
