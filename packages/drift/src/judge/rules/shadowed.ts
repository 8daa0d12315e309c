import { type DeadRule, deadRules } from '../../check/coverage/dead-rules.ts';
import type { RuleDifference, TableDifference } from '../../structure/difference.ts';
import type { RuleEntry } from '../../state/model.ts';
import type { Draft } from '../draft.ts';
import type { Judgement } from '../judgement.ts';
import type { SideView } from '../side.ts';
import { listed, ruleText } from '../words.ts';

/** A rule without effect that came or went and can never match: the rules before it in its chain take all of its packets. */
export function shadowedRule(
  table: TableDifference,
  difference: RuleDifference,
  chain: string,
  judgement: Judgement,
): Pick<Draft, 'id' | 'severity' | 'effect' | 'certainty' | 'text'> | undefined {
  if (difference.kind !== 'added' && difference.kind !== 'removed') return undefined;
  const added = difference.kind === 'added';
  const [rule, side, shown]: [RuleEntry, SideView, TableDifference['after']] = added
    ? [difference.after, judgement.after, table.after]
    : [difference.before, judgement.before, table.before];
  // Where interfaces are hidden a rule before it may ask for one.
  const dead = shown.interfacesHidden ? undefined : deadOf(side, shown.family).get(`${shown.name} ${chain} ${rule.number}`);
  const takers = dead?.takenBy.flatMap(({ source }) => shown.chains.get(chain)?.rules[source.number - 1] ?? []) ?? [];
  if (takers.length === 0) return undefined;
  const why = `${listed(takers.map(({ number, target }) => `#${number} (${target.text})`))} ${takers.length === 1 ? 'takes' : 'take'} all of its packets first`;
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

const known = new WeakMap<SideView, Map<string, ReadonlyMap<string, DeadRule>>>();

/** The rules of a side that can never match, by table, chain and number. */
function deadOf(side: SideView, family: 'ipv4' | 'ipv6'): ReadonlyMap<string, DeadRule> {
  const families = known.get(side) ?? new Map<string, ReadonlyMap<string, DeadRule>>();
  known.set(side, families);
  const dead =
    families.get(family) ??
    new Map(
      deadRules(side.flowTables(family).tracer.world.rules).map((one) => [
        `${one.chain.table} ${one.chain.name} ${one.rule.source.number}`,
        one,
      ]),
    );
  families.set(family, dead);
  return dead;
}
