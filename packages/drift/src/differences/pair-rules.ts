import { addToGroup } from '../common/add-to-group.ts';
import type { RuleEntry } from '../state/model.ts';
import type { RuleDifference } from './difference.ts';

/**
 * Pairs the rules that have no equal on the other side: same conditions and another target; same target and at least half of the
 * conditions; same comment. What finds no partner is added or removed.
 */
export function pairLeftovers(left: readonly RuleEntry[], right: readonly RuleEntry[]): RuleDifference[] {
  const differences: RuleDifference[] = [];
  const pairs = new Map<RuleEntry, RuleEntry>();
  pairBy(left, right, pairs, (rule) => rule.conditionKey);
  pairBy(left, right, pairs, (rule) => (rule.comments.length === 0 ? undefined : `${rule.comments.join('\n')}\n${rule.target.text}`));
  pairBy(left, right, pairs, (rule) => selector(rule));
  pairBy(left, right, pairs, (rule) => (rule.comments.length === 0 ? undefined : rule.comments.join('\n')));
  pairBy(left, right, pairs, onlyOfItsTarget(left, right, pairs));
  const paired = new Set(pairs.values());
  for (const rule of left) {
    const partner = pairs.get(rule);
    if (partner === undefined) differences.push({ kind: 'removed', before: rule });
    else if (rule.conditionKey === partner.conditionKey && !isOtherJump(rule, partner))
      differences.push({ kind: 'target-changed', before: rule, after: partner });
    else if (rule.target.text === partner.target.text) differences.push({ kind: 'match-changed', before: rule, after: partner });
    else differences.push({ kind: 'removed', before: rule }, { kind: 'added', after: partner });
  }
  for (const rule of right) if (!paired.has(rule)) differences.push({ kind: 'added', after: rule });
  return differences.sort((one, other) => placeOf(one) - placeOf(other));
}

/**
 * Two jumps that ask for nothing, into chains of two programs: they have in common that every packet meets them, and are not one rule
 * changed.
 */
function isOtherJump({ conditions, target: was }: RuleEntry, { target: is }: RuleEntry): boolean {
  return conditions.length === 0 && was.kind === 'jump' && is.kind === 'jump' && prefixOf(was.chain) !== prefixOf(is.chain);
}

/** Programs begin the names of their chains with a word of their own: `KUBE-SERVICES`, `CILIUM_PRE_nat`. */
function prefixOf(chain: string): string {
  const end = [...chain].findIndex((letter) => letter === '-' || letter === '_');
  return end < 0 ? chain : chain.slice(0, end);
}

function pairBy(
  before: readonly RuleEntry[],
  after: readonly RuleEntry[],
  pairs: Map<RuleEntry, RuleEntry>,
  keyOf: (rule: RuleEntry) => string | undefined,
): void {
  const taken = new Set(pairs.values());
  const free = new Map<string, RuleEntry[]>();
  for (const rule of after.toReversed()) {
    const key = taken.has(rule) ? undefined : keyOf(rule);
    if (key === undefined) continue;
    addToGroup(free, key, rule);
  }
  for (const rule of before) {
    if (pairs.has(rule)) continue;
    const key = keyOf(rule);
    const partner = key === undefined ? undefined : free.get(key)?.pop();
    if (partner !== undefined) pairs.set(rule, partner);
  }
}

/** The target of a rule, where one rule on each side is left that has it. */
function onlyOfItsTarget(
  before: readonly RuleEntry[],
  after: readonly RuleEntry[],
  pairs: ReadonlyMap<RuleEntry, RuleEntry>,
): (rule: RuleEntry) => string | undefined {
  const counts = new Map<string, number>();
  const taken = new Set(pairs.values());
  const count = (rule: RuleEntry): void => {
    counts.set(rule.target.text, (counts.get(rule.target.text) ?? 0) + 1);
  };
  for (const rule of before) if (!pairs.has(rule)) count(rule);
  for (const rule of after) if (!taken.has(rule)) count(rule);
  return ({ target }) => (counts.get(target.text) === 2 && target.text !== '' ? target.text : undefined);
}

/** What most surely names the traffic a rule is for: its destination and port, with the target. */
function selector(rule: RuleEntry): string | undefined {
  const parts = rule.conditions.filter((condition) => ['protocol', 'destination', 'destination-port', 'set'].includes(condition.kind));
  return parts.length === 0 ? undefined : `${parts.map((condition) => condition.text).join(' ')} ${rule.target.text}`;
}

function placeOf(difference: RuleDifference): number {
  return difference.kind === 'removed' ? difference.before.number : difference.after.number;
}
