import type { RuleDifference, TableDifference } from '../compare/difference.ts';
import type { RuleChain, RuleEntry } from '../model/model.ts';
import type { Draft } from './draft.ts';
import { ruleText } from './words.ts';

/**
 * A rule that stands below one that asks for the same and takes every packet it asks for: it can never match. Undefined where the listing does
 * not show that. Only rules of equal conditions are looked at.
 */
export function shadowedRule(table: TableDifference, difference: RuleDifference, before: RuleChain, after: RuleChain): Pick<Draft, 'id' | 'severity' | 'effect' | 'certainty' | 'text'> | undefined {
  if (difference.kind !== 'added' && difference.kind !== 'removed') return undefined;
  const [rule, chain, side] = difference.kind === 'added' ? [difference.after, after, table.after] : [difference.before, before, table.before];
  if (side.interfacesHidden || !isDecided(rule)) return undefined;
  const first = takersOf(chain).get(rule.conditionKey);
  if (first === undefined || first.number >= rule.number) return undefined;
  const name = ruleText(chain.name, rule);
  const why = `#${first.number} takes all of its packets first (${first.target.text})`;
  return {
    id: 'iptables.rule.newly-shadowed',
    severity: difference.kind === 'added' ? 'warning' : 'none',
    effect: 'none',
    certainty: 'proven',
    text: difference.kind === 'added' ? `rule ${name} was added and can never match: ${why}` : `rule ${name}, which could never match, is gone: ${why}`,
  };
}

const takers = new WeakMap<RuleChain, ReadonlyMap<string, RuleEntry>>();

/** The first rule of a chain that takes all packets of its conditions, by these. */
function takersOf(chain: RuleChain): ReadonlyMap<string, RuleEntry> {
  const known = takers.get(chain);
  if (known !== undefined) return known;
  const found = new Map<string, RuleEntry>();
  for (const rule of chain.rules) if (takesAll(rule) && !found.has(rule.conditionKey)) found.set(rule.conditionKey, rule);
  takers.set(chain, found);
  return found;
}

/** No condition that may be answered otherwise the next time it is asked: a rule between may set the mark. */
function isDecided({ conditions }: RuleEntry): boolean {
  return conditions.every(({ kind }) => kind !== 'probability' && kind !== 'mark' && kind !== 'other');
}

function takesAll({ target }: RuleEntry): boolean {
  return target.kind === 'dnat' || target.kind === 'snat' || (target.kind === 'verdict' && ['ACCEPT', 'DROP', 'REJECT', 'RETURN'].includes(target.name));
}
