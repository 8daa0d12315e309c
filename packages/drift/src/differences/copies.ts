import { addToGroup } from '../common/add-to-group.ts';
import type { RuleEntry } from '../state/model.ts';
import type { RuleDifference } from './difference.ts';

/** Copies of a rule that both sides have are one difference, however many of them came or went. */
export function withCopiesTogether(
  differences: readonly RuleDifference[],
  before: readonly RuleEntry[],
  after: readonly RuleEntry[],
): RuleDifference[] {
  if (!differences.some(({ kind }) => kind === 'added' || kind === 'removed')) return [...differences];
  const [was, is] = [byKey(before), byKey(after)];
  const copies = new Map<string, RuleEntry[]>();
  const others: RuleDifference[] = [];
  for (const difference of differences) {
    const rule = difference.kind === 'added' ? difference.after : difference.kind === 'removed' ? difference.before : undefined;
    if (rule !== undefined && was.has(rule.key) && is.has(rule.key)) addToGroup(copies, rule.key, rule);
    else others.push(difference);
  }
  for (const [key, rules] of copies) {
    const [one, other] = [was.get(key), is.get(key)] as [RuleEntry[], RuleEntry[]];
    const own = other.length > one.length ? { before: [], after: rules } : { before: rules, after: [] };
    others.push({
      kind: 'multiplicity-changed',
      before: one[0] as RuleEntry,
      after: other[0] as RuleEntry,
      counts: [one.length, other.length],
      copies: own,
    });
  }
  return others;
}

function byKey(rules: readonly RuleEntry[]): Map<string, RuleEntry[]> {
  const groups = new Map<string, RuleEntry[]>();
  for (const rule of rules) addToGroup(groups, rule.key, rule);
  return groups;
}
