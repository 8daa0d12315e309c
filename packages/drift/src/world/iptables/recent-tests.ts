import type { RecentMatch } from '@netdrift/iptables';
import { printIptablesMatch } from '@netdrift/iptables';
import type { Action, Test } from '../ir.ts';
import { type CompileContext, unknownMatch } from './context.ts';
import { recentAmounts } from './quantities.ts';

/**
 * `-m recent`: `--set` always holds and enters the address (Linux xt_recent.c `recent_mt`); whether an address is on the list only the
 * kernel knows. Hits are counted, and `--remove` takes the address off: asked twice it may answer otherwise.
 */
export function recentTests(match: RecentMatch, { family }: CompileContext): (Test | Action)[] {
  if (match.action === 'set' && !match.not) return [{ kind: 'effect', text: printIptablesMatch(match, family) }];
  const counts = match.hitCount !== undefined || match.action === 'remove' || match.action === 'set';
  return [
    unknownMatch(match, family, {
      about: [match.side],
      counts,
      ...(match.action === 'check' ? {} : { remembers: true }),
      usually: false,
      ...(match.action === 'set' ? {} : { amounts: recentAmounts(match, family) }),
    }),
  ];
}
