import type { StatisticMatch } from '@netdrift/iptables';
import type { Test } from '../ir.ts';

/** `-m statistic`: the part of the packets that it holds of, in the long run. Every nth rule has a counter of its own. */
export function statisticTests(match: StatisticMatch): Test[] {
  const share = match.mode === 'random' ? match.probability : 1 / Math.max(1, match.every);
  return [{ kind: 'chance', by: match.mode === 'random' ? 'random' : 'counter', share: match.not ? 1 - share : share }];
}
