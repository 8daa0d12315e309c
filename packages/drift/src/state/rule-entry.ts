import type { Rule } from '@netdrift/iptables';
import type { Condition, RuleTarget } from './condition.ts';
import { addHeader } from './header-conditions.ts';
import { addMatch } from './match-conditions.ts';
import type { RuleEntry, RuleTable } from './model.ts';
import type { Origin } from './origin.ts';
import { ruleTarget } from './rule-target.ts';

/** Matches that remember packets: their place among the other matches decides how often they are asked. */
const STATEFUL = new Set(['recent', 'limit', 'hashlimit', 'statistic', 'connlimit', 'quota', 'probability']);

/**
 * The normal form of a rule: what it asks and what it does, without counters, and with comments apart.
 *
 * Conditions that every packet meets (`0.0.0.0/0`, interface `*`, protocol `all`, `-m tcp` alone) are left out, so that a
 * listing and a save form give the same entry. Names of ports (a listing without `-n`) are their numbers where they are standard.
 */
export function ruleEntry(rule: Rule, number: number, origin: Origin, family: RuleTable['family']): RuleEntry {
  const conditions: Condition[] = [];
  let comments = NO_COMMENTS;
  addHeader(rule, conditions, family);
  for (const match of rule.matches) {
    if (match.kind === 'CommentMatch') comments = comments.length === 0 ? [match.text] : [...comments, match.text];
    else addMatch(match, conditions);
  }
  // A copy has no room left over: lists that grew hold several times what is in them.
  return entryOf(number, conditions.slice(), ruleTarget(rule.target, rule.goto === true), comments, rule, origin);
}

const NO_COMMENTS: readonly string[] = [];

/** A rule of a table by its chain and its number; undefined for the policy, 0, and where there is none. */
export function entryAt(
  table: Pick<RuleTable, 'chains'> | undefined,
  { chain, number }: { readonly chain: string; readonly number: number },
): RuleEntry | undefined {
  return table?.chains.get(chain)?.rules[number - 1];
}

/** The same rule without its conditions on interfaces: for comparing with a listing that hides them. */
export function withoutInterfaces(rule: RuleEntry): RuleEntry {
  const conditions = rule.conditions.filter((condition) => condition.kind !== 'in' && condition.kind !== 'out');
  return conditions.length === rule.conditions.length ? rule : withConditions(rule, conditions);
}

/** Whether a rule asks for a host or network by name. */
export function namesHost(rule: RuleEntry): boolean {
  return rule.conditions.some((condition) => 'named' in condition);
}

/** The same rule with other conditions. */
export function withConditions(rule: RuleEntry, conditions: readonly Condition[]): RuleEntry {
  return entryOf(rule.number, conditions, rule.target, rule.comments, rule.parsed, rule.origin);
}

function entryOf(
  number: number,
  conditions: readonly Condition[],
  target: RuleTarget,
  comments: readonly string[],
  parsed: Rule,
  origin: Origin,
): RuleEntry {
  const conditionKey = conditionKeyOf(conditions);
  const key = conditionKey === '' || target.text === '' ? conditionKey + target.text : `${conditionKey} ${target.text}`;
  return { number, conditions, target, comments, key, conditionKey, parsed, origin };
}

function conditionKeyOf(conditions: readonly Condition[]): string {
  if (conditions.length < 2) return conditions[0]?.text ?? '';
  const texts = conditions.map((condition) => condition.text);
  const ordered = conditions.some((condition) => STATEFUL.has(condition.kind === 'other' ? condition.match : condition.kind));
  return (ordered ? texts : texts.sort()).join(' ');
}
