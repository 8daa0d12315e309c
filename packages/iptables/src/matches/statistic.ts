import { node, parseProbability, printProbability, type Line } from '@netdrift/core';
import { wholeNumber, type Codec } from '../codec.ts';
import type { Grammar, MatchExtension } from '../extension.ts';

/** `-m statistic`: by chance (`random`, `probability` as printed to 11 decimals) or every n-th packet (`nth`). */
export type StatisticMatch =
  | {
      readonly kind: 'StatisticMatch';
      readonly mode: 'random';
      readonly not: boolean;
      readonly probability: number;
    }
  | {
      readonly kind: 'StatisticMatch';
      readonly mode: 'nth';
      readonly not: boolean;
      readonly every: number;
      readonly packet: number;
    };

const COUNT = wholeNumber(0xffffffff);
const PROBABILITY: Codec<number> = {
  expected: 'a probability 0-1',
  decode: (text) => parseProbability(text) ?? (/^(?:0|1|0?\.\d+|0\.\d+)$/.test(text) ? Number(text) : undefined),
  print: printProbability,
};

const random = (line: Line, not: number, probability: number): StatisticMatch => ({
  kind: 'StatisticMatch',
  mode: 'random',
  not: not >= 0,
  probability: line.read(probability, PROBABILITY),
});

const nth = (line: Line, not: number, every: number, packet: number): StatisticMatch => ({
  kind: 'StatisticMatch',
  mode: 'nth',
  not: not >= 0,
  every: line.read(every, COUNT),
  packet: packet < 0 ? 0 : line.read(packet, COUNT),
});

/** The two modes as a listing has them. */
function listed(g: Grammar) {
  g.word('statistic');
  g.word('mode');
  return g.choose([
    () => {
      g.word('random');
      g.word('probability');
      return node(random, g.sign(), g.value());
    },
    () => {
      g.word('nth');
      return readNth(g, '');
    },
  ]);
}

/** As options the mode is told by what comes with it. */
function saved(g: Grammar) {
  g.word('--mode');
  g.value(3);
  return g.choose([
    () => {
      g.word('--probability');
      return node(random, g.sign(), g.value());
    },
    () => readNth(g, '--'),
  ]);
}

function readNth(g: Grammar, dashes: '' | '--') {
  g.word(`${dashes}every`);
  const not = g.sign(1);
  const every = g.value(1);
  const packet = g.maybe(() => readPacket(g, `${dashes}packet`));
  return node(nth, not, every, packet);
}

function readPacket(g: Grammar, word: string): number {
  g.word(word);
  return g.value(2);
}

/** `-m statistic`; `packet 0` is left out of a listing. */
export const statisticMatch: MatchExtension<StatisticMatch> = {
  type: 'match',
  name: 'statistic',
  kind: 'StatisticMatch',
  listing: {
    starts: ['statistic'],
    words: ['mode', 'random', 'probability', 'nth', 'every', 'packet'],
    values: ['probability', 'every', 'packet'],
    negatable: ['probability', 'every'],
    grammar: listed,
  },
  print(match) {
    const not = match.not ? '! ' : '';
    if (match.mode === 'random') return `statistic mode random ${not}probability ${PROBABILITY.print(match.probability)}`;
    return `statistic mode nth ${not}every ${match.every}${match.packet === 0 ? '' : ` packet ${match.packet}`}`;
  },
  save: {
    starts: ['--mode'],
    words: ['--probability', '--every', '--packet'],
    values: ['--mode', '--probability', '--every', '--packet'],
    grammar: saved,
  },
  printSave(match) {
    const not = match.not ? ' !' : '';
    if (match.mode === 'random') return ` --mode random${not} --probability ${PROBABILITY.print(match.probability)}`;
    return ` --mode nth${not} --every ${match.every} --packet ${match.packet}`;
  },
  samples: ['statistic mode random probability 0.33333333349', 'statistic mode nth ! every 5 packet 2'],
};
