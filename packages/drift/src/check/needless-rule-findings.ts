import { addToGroup } from '../common/add-to-group.ts';
import type { Model, RuleEntry, RuleTable } from '../state/model.ts';
import { entryAt } from '../state/rule-entry.ts';
import type { Rule, RuleSet } from '../world/ir.ts';
import { needlessRules } from './coverage/needless-rules.ts';
import type { OnBound } from './coverage/bounds.ts';
import type { BoxOf } from './coverage/rule-box.ts';
import { findingKinds, type FoundThing, inFamily, listed } from './finding.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.iptables.redundant-before-wider',
    severity: 'notice',
    title: 'a rule before a wider one that does the same with its packets',
    why: 'without it every packet fares the same',
  },
]);

export const needlessKinds = kinds;

/** A rule with the wider one behind it, as the model has them. */
interface Needless {
  readonly table: RuleTable;
  readonly chain: string;
  readonly entry: RuleEntry;
  readonly wider: RuleEntry;
}

/** Rules before a wider one that does the same; those before the same one are told together. `dead`: rules that no packet meets. */
export function needlessFindings(
  model: Model,
  rules: RuleSet,
  dead: ReadonlySet<Rule>,
  boxOf: BoxOf,
  onBound: OnBound,
): readonly FoundThing[] {
  const groups = new Map<Rule, Needless[]>();
  for (const { chain, rule, by } of needlessRules(rules, dead, boxOf, onBound)) {
    const table = model.tables.get(`${rules.family} ${chain.table}`);
    // A rule that is not shown may stand between, and one may ask for an interface where they are hidden.
    if (table === undefined || table.interfacesHidden || table.chains.get(chain.name)?.partialBecause !== undefined) continue;
    const [entry, wider] = [entryAt(table, rule.source), entryAt(table, by.source)];
    if (entry !== undefined && wider?.target.text === entry.target.text) addToGroup(groups, by, { table, chain: chain.name, entry, wider });
  }
  const found = [...groups.values()].map((group) => findingOf(group as [Needless, ...Needless[]]));
  return inFamily(rules.family, found);
}

function findingOf(group: readonly [Needless, ...Needless[]]): FoundThing {
  const [{ table, chain, entry, wider }] = group;
  const text =
    group.length === 1
      ? `rule ${entry.number} of ${chain} (${entry.key}) has no effect of its own: rule ${wider.number} behind it does the same with all its packets`
      : `rules ${listed(group.map((one) => String(one.entry.number)))} of ${chain} have no effect of their own: rule ${wider.number} behind them does the same with all their packets`;
  return finding('lint.iptables.redundant-before-wider', {
    subject: { kind: 'iptables.rule', name: `${table.name} ${chain}#${entry.number}` },
    values: [entry.key],
    text,
    origins: [...group.slice(0, 3).map((one) => one.entry.origin), wider.origin],
  });
}
