import { once } from '../../common/once.ts';
import { type Box, excesses } from '../../packets/space/sets/box.ts';
import { printable } from '../../packets/space/walk/decisions.ts';
import type { Chain, Rule, RuleSet, TableChains, Verdict } from '../../world/ir.ts';
import { isTableOfNft } from '../../world/rule-ref.ts';
import { MOST_BEHIND, type OnBound } from './bounds.ts';
import type { BoxOf } from './rule-box.ts';
import { rulesMeeting } from './rules-meeting.ts';

/** A rule without which every packet fares the same, for a wider one behind it does the same. */
export interface NeedlessRule {
  readonly chain: Chain;
  readonly rule: Rule;
  /** The wider rule, of the same chain. */
  readonly by: Rule;
}

/** Chains one inside another. */
const MAX_DEPTH = 16;

/** What is asked about one rule. */
interface Search {
  readonly box: Box;
  /** False where the rule meets fewer packets than the box holds. */
  readonly exact: boolean;
  readonly verdict: string;
  readonly table: TableChains;
  /** Rules that may yet be looked at. */
  left: number;
}

/**
 * The rules before a wider one of the same chain with the same verdict, where no rule between them, in whatever chain, does anything else
 * to their packets, or notes that they came by. `dead`: rules that no packet meets, which are told as such. `onBound`: takes note of a rule
 * for which not all rules behind it were looked at.
 */
export function needlessRules(rules: RuleSet, dead: ReadonlySet<Rule>, boxOf: BoxOf, onBound: OnBound = () => undefined): NeedlessRule[] {
  return [...rules.tables.values()].flatMap((table) =>
    isTableOfNft(table.name) ? [] : [...table.chains.values()].flatMap((chain) => (chain.assumed === undefined ? needlessIn(chain, table) : [])),
  );

  function needlessIn(chain: Chain, table: TableChains): NeedlessRule[] {
    const found = once(() =>
      rulesMeeting(
        chain.rules.map((rule) => {
          const { box, leaves } = boxOf(rule);
          return leaves ?? box;
        }),
      ),
    );
    const last = chain.rules.length - 1;
    return chain.rules.flatMap((rule, place): NeedlessRule[] => {
      if (place === last || !endsHere(rule.verdict)) return [];
      const { box, exact, leaves } = boxOf(rule);
      if (box === undefined || leaves !== undefined || dead.has(rule)) return [];
      const behind = found().meeting(box, 'behind', place, MOST_BEHIND + 1);
      const search = { box, exact, verdict: textOf(rule.verdict), table, left: MOST_BEHIND };
      const by = widerRule(chain, behind, search);
      if (search.left < 0) onBound('behind', chain, rule);
      return by === undefined || dead.has(by) ? [] : [{ chain, rule, by }];
    });
  }

  /** The first rule that does the same with more packets, where those before it change nothing for the packets of the box. */
  function widerRule({ rules: inOrder }: Chain, behind: readonly number[], search: Search): Rule | undefined {
    for (const place of behind) {
      const rule = inOrder[place];
      if (rule === undefined) continue;
      const treatment = treats(rule, search, 0);
      if (treatment === 'otherwise') return undefined;
      const { box, exact } = boxOf(rule);
      if (treatment === 'alike' && exact && box !== undefined && isWider(box, search)) return rule;
    }
    return undefined;
  }

  /** What a rule does with packets of the box: nothing, the same as what is asked about, or perhaps something else. */
  function treats(rule: Rule, search: Search, depth: number): 'not' | 'alike' | 'otherwise' {
    if (search.left-- <= 0) return 'otherwise';
    const { verdict } = rule;
    const { box, leaves } = boxOf(rule);
    if (leaves !== undefined && excesses(search.box, leaves) !== undefined) return 'otherwise';
    if (box === undefined || excesses(search.box, box) === undefined || verdict.kind === 'continue') return 'not';
    if (verdict.kind === 'jump') return passes(search.table.chains.get(verdict.chain), search, depth + 1) ? 'not' : 'otherwise';
    // Out of a chain that is jumped to packets come back to the one that is asked about.
    if (verdict.kind === 'return' && depth > 0) return 'not';
    return textOf(verdict) === search.verdict ? 'alike' : 'otherwise';
  }

  /** Whether packets of the box come back from a chain as they were, or meet the same verdict there. */
  function passes(chain: Chain | undefined, search: Search, depth: number): boolean {
    if (chain === undefined || !search.table.whole || chain.assumed !== undefined || depth > MAX_DEPTH) return false;
    return chain.rules.every((rule) => treats(rule, search, depth) !== 'otherwise');
  }
}

/** Whether a box holds all packets of a rule, and more. */
function isWider(box: Box, than: Search): boolean {
  return excesses(than.box, box)?.length === 0 && (!than.exact || excesses(box, than.box)?.length !== 0);
}

/** Whether a verdict lets no packet go on in the chain, and does the same to all of them. */
function endsHere({ kind }: Verdict): boolean {
  return kind === 'accept' || kind === 'drop' || kind === 'reject' || kind === 'return' || kind === 'translate' || kind === 'source';
}

function textOf(verdict: Verdict): string {
  return JSON.stringify(verdict, printable);
}
