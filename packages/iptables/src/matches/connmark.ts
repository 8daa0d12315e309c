import { node, type Line } from '@netdrift/core';
import { MARK } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';

/** `-m connmark --mark VALUE/MASK`; the mask is 0xffffffff where the listing leaves it out. Both are unsigned. */
export interface ConnmarkMatch {
  readonly kind: 'ConnmarkMatch';
  readonly not: boolean;
  readonly value: number;
  readonly mask: number;
}

function build(line: Line, not: number, mark: number): ConnmarkMatch {
  const read = line.read(mark, MARK);
  return { kind: 'ConnmarkMatch', not: not >= 0, value: read?.value, mask: read?.mask };
}

/** `-m connmark`; two blanks stand where the sign would. */
export const connmarkMatch: MatchExtension<ConnmarkMatch> = {
  type: 'match',
  name: 'connmark',
  kind: 'ConnmarkMatch',
  listing: {
    starts: ['connmark match'],
    grammar(g) {
      g.word('connmark match');
      return node(build, g.sign(), g.value());
    },
  },
  print: (match) => `connmark match${match.not ? ' ! ' : '  '}${MARK.print(match)}`,
  save: {
    starts: ['--mark'],
    values: ['--mark'],
    grammar(g) {
      g.word('--mark');
      return node(build, g.sign(), g.value());
    },
  },
  printSave: (match) => `${match.not ? ' !' : ''} --mark ${MARK.print(match)}`,
  samples: ['connmark match  0x1', 'connmark match ! 0x1/0xff'],
};
