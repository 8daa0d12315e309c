import { node, type Line } from '@netdrift/core';
import type { MatchExtension } from '../extension.ts';
import { PORT_LIST } from '../fields/port-condition.ts';
import type { PortRange } from '../fields/port-condition.ts';

/** `-m multiport --sports | --dports | --ports LIST`. */
export interface MultiportMatch {
  readonly kind: 'MultiportMatch';
  readonly direction: 'source' | 'destination' | 'either';
  readonly not: boolean;
  readonly ports: readonly PortRange[];
}

type Direction = MultiportMatch['direction'];

const build =
  (direction: Direction) =>
  (line: Line, not: number, ports: number): MultiportMatch => ({
    kind: 'MultiportMatch',
    direction,
    not: line.flag(not),
    ports: line.read(ports, PORT_LIST),
  });

const DIRECTIONS: readonly (readonly [Direction, word: string, option: string])[] = [
  ['source', 'sports', '--sports|--source-ports'],
  ['destination', 'dports', '--dports|--destination-ports'],
  ['either', 'ports', '--ports'],
];

/** `-m multiport`; the sign stands behind two blanks. */
export const multiportMatch: MatchExtension<MultiportMatch> = {
  type: 'match',
  name: 'multiport',
  kind: 'MultiportMatch',
  listing: {
    starts: ['multiport'],
    words: DIRECTIONS.map(([, word]) => word),
    grammar(g) {
      g.word('multiport');
      return g.choose(
        DIRECTIONS.map(([direction, word], nth) => () => {
          g.word(word);
          return node(build(direction), g.sign(nth), g.value(nth));
        }),
      );
    },
  },
  print({ direction, not, ports }) {
    const word = DIRECTIONS.find(([name]) => name === direction)?.[1] ?? '';
    return `multiport ${word} ${not ? ' !' : ''}${PORT_LIST.print(ports)}`;
  },
  save: {
    starts: DIRECTIONS.map(([, , option]) => option),
    values: DIRECTIONS.map(([, , option]) => option),
    grammar: (g) =>
      g.choose(
        DIRECTIONS.map(([direction, , option], nth) => () => {
          g.word(option);
          return node(build(direction), g.sign(nth), g.value(nth));
        }),
      ),
  },
  printSave({ direction, not, ports }) {
    const option = DIRECTIONS.find(([name]) => name === direction)?.[2].split('|')[0] ?? '';
    return `${not ? ' !' : ''} ${option} ${PORT_LIST.print(ports)}`;
  },
  samples: ['multiport dports 80,443', 'multiport sports  !1000:2000,22'],
};
