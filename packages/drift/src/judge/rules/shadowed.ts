import { takersIn } from '../../check/dead-rule-findings.ts';
import type { RuleDifference, TableDifference } from '../../differences/difference.ts';
import type { RuleEntry } from '../../state/model.ts';
import type { PendingChange } from '../pending-change.ts';
import type { Comparison } from '../comparison.ts';
import type { SideView } from '../side.ts';
import { listed, ruleText } from '../words.ts';
import type { ChangeKind } from '../rule.ts';

export const SHADOWED_CHANGES = [
  {
    id: 'iptables.rule.newly-shadowed',
    severity: 'warning',
    title: 'earlier rules take every packet that a rule would match',
    why: 'the rule can never match',
  },
] as const satisfies readonly ChangeKind[];

/** A rule without effect that came or went and can never match: rules that its packets meet before it take them all. */
export function shadowedRule(
  table: TableDifference,
  difference: RuleDifference,
  chain: string,
  comparison: Comparison,
): Pick<PendingChange, 'id' | 'severity' | 'effect' | 'certainty' | 'text'> | undefined {
  if (difference.kind !== 'added' && difference.kind !== 'removed') return undefined;
  const added = difference.kind === 'added';
  const [rule, side, shown]: [RuleEntry, SideView, TableDifference['after']] = added
    ? [difference.after, comparison.after, table.after]
    : [difference.before, comparison.before, table.before];
  // Where interfaces are hidden a rule before it may ask for one.
  const dead = shown.interfacesHidden ? undefined : side.deadRules(shown.family).get(`${shown.name} ${chain} ${rule.number}`);
  const takers = takersIn(shown, dead?.takenBy ?? []);
  if (takers.length === 0) return undefined;
  const why = `${listed(takers.map((taker) => `${taker.chain === chain ? '' : taker.chain}#${taker.number} (${taker.target.text})`))} ${takers.length === 1 ? 'takes' : 'take'} all of its packets first`;
  const [taker] = takers;
  // Whoever asks again for what is decided otherwise meant something by it.
  const isContradicted =
    takers.length === 1 &&
    taker?.conditionKey === rule.conditionKey &&
    taker.target.kind !== 'jump' &&
    taker.target.text !== rule.target.text;
  return {
    id: 'iptables.rule.newly-shadowed',
    severity: added && isContradicted ? 'warning' : 'none',
    effect: 'none',
    certainty: 'proven',
    text: added
      ? `rule ${ruleText(chain, rule)} was added and can never match: ${why}`
      : `rule ${ruleText(chain, rule)}, which could never match, is gone: ${why}`,
  };
}
