import { node, type Line } from '@netdrift/core';
import { wordList } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';

/** `-m state --state LIST`: the older form of `-m conntrack --ctstate`, kept apart because the tools keep it apart. */
export interface StateMatch {
  readonly kind: 'StateMatch';
  readonly not: boolean;
  readonly states: readonly string[];
}

const STATES = wordList();

const build = (line: Line, not: number, states: number): StateMatch => ({
  kind: 'StateMatch',
  not: not >= 0,
  states: line.read(states, STATES),
});

/** `-m state`. */
export const stateMatch: MatchExtension<StateMatch> = {
  type: 'match',
  name: 'state',
  kind: 'StateMatch',
  listing: {
    starts: ['state'],
    values: ['state'],
    negatable: ['state'],
    grammar(g) {
      g.word('state');
      return node(build, g.sign(), g.value());
    },
  },
  print: ({ not, states }) => `${not ? '! ' : ''}state ${STATES.print(states)}`,
  save: {
    starts: ['--state'],
    values: ['--state'],
    grammar(g) {
      g.word('--state');
      return node(build, g.sign(), g.value());
    },
  },
  printSave: ({ not, states }) => `${not ? ' !' : ''} --state ${STATES.print(states)}`,
  samples: ['state NEW,ESTABLISHED', '! state INVALID'],
};
