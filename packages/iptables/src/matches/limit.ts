import { node, type Line } from '@netdrift/core';
import { wholeNumber, type Codec } from '../codec.ts';
import type { MatchExtension } from '../extension.ts';

/** `-m limit`: an average rate, and the number of packets let through before it counts. */
export interface LimitMatch {
  readonly kind: 'LimitMatch';
  readonly rate: number;
  readonly unit: 'sec' | 'min' | 'hour' | 'day';
  readonly burst: number;
}

type Rate = Pick<LimitMatch, 'rate' | 'unit'>;

const UNITS = ['sec', 'min', 'hour', 'day'] as const;

/** `5/min`; restore files may say `5/minute`, `5/m` or, by the second, `5`. */
const RATE: Codec<Rate> = {
  expected: 'a number and /sec, /min, /hour or /day',
  decode(text) {
    const found = /^(\d+)(?:\/([a-z]+))?$/.exec(text);
    const [, rate = '', word = 'sec'] = found ?? [];
    const unit = UNITS.find((one) => word.startsWith(one) || one.startsWith(word));
    return found === null || unit === undefined ? undefined : { rate: Number(rate), unit };
  },
  print: ({ rate, unit }) => `${rate}/${unit}`,
};

const BURST = wholeNumber(0xffffffff);

function build(line: Line, rate: number, burst: number): LimitMatch {
  const read = line.read(rate, RATE);
  return { kind: 'LimitMatch', rate: read?.rate, unit: read?.unit, burst: burst < 0 ? 5 : line.read(burst, BURST) };
}

/** `-m limit`; a burst of 5 is the default and left out of a save form. */
export const limitMatch: MatchExtension<LimitMatch> = {
  type: 'match',
  name: 'limit',
  kind: 'LimitMatch',
  listing: {
    starts: ['limit: avg'],
    words: ['burst'],
    values: ['limit: avg', 'burst'],
    grammar(g) {
      g.word('limit: avg');
      const rate = g.value();
      g.word('burst');
      return node(build, rate, g.value(1));
    },
  },
  print: (match) => `limit: avg ${RATE.print(match)} burst ${match.burst}`,
  save: {
    starts: ['--limit', '--limit-burst'],
    values: ['--limit', '--limit-burst'],
    grammar(g) {
      g.word('--limit');
      const rate = g.value();
      const burst = g.maybe(() => {
        g.word('--limit-burst');
        return g.value(1);
      });
      return node(build, rate, burst);
    },
  },
  printSave: (match) => ` --limit ${RATE.print(match)}${match.burst === 5 ? '' : ` --limit-burst ${match.burst}`}`,
  samples: ['limit: avg 5/min burst 10'],
};
