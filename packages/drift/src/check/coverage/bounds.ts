import { addToGroup } from '../../common/add-to-group.ts';
import type { Chain, Rule } from '../../world/ir.ts';
import { counted } from '../finding.ts';

/** Rules of a chain before one that are looked at: of more that no field tells apart, the nearest. */
export const MOST_BEFORE = 1024;
/** Those that are asked whether they take all packets of one together; of more, the nearest. */
export const MOST_TOGETHER = 64;
/** Rules that are looked at behind one, those of chains that are jumped to among them: where there are more, nothing is told. */
export const MOST_BEHIND = 128;

/** What was not looked at any more. */
export type Bound = 'before' | 'together' | 'behind';

/** Takes note of a rule of which something was not looked at, so that it may be dead or needless though nothing says so. */
export type OnBound = (bound: Bound, chain: Chain, rule: Rule) => void;

const TEXTS: { readonly [One in Bound]: (rules: string, are: (one: string, many: string) => string) => string } = {
  before: (rules) =>
    `${rules} can match: rules further ahead than the nearest ${MOST_BEFORE} that may meet the same packets were not looked at`,
  together: (rules, are) =>
    `${rules} can match: whether more than ${MOST_TOGETHER} rules before take all packets of ${are('it', 'one of them')} together was not looked at`,
  behind: (rules, are) =>
    `${rules} ${are('has', 'have')} an effect: of the rules behind that may meet the same packets ${MOST_BEHIND} were looked at`,
};

/** Collects the bounds that were met, and tells them in a sentence each. */
export function boundsMet(): { readonly onBound: OnBound; readonly texts: () => string[] } {
  const met = new Map<Bound, string[]>();
  return {
    onBound: (bound, chain, rule) => addToGroup(met, bound, `rule ${rule.source.number} of ${chain.table} ${chain.name}`),
    texts: () =>
      [...met].map(([bound, [first = '', ...others]]) =>
        TEXTS[bound](others.length === 0 ? first : `${first} and ${counted(others.length, 'other rule')}`, (one, many) =>
          others.length === 0 ? one : many,
        ),
      ),
  };
}
