import { addToGroup } from '../common/add-to-group.ts';
import { append } from '../common/append.ts';
import type { NodeView } from '../services/node-facts.ts';
import type { RuleEntry, RuleTable } from '../state/model.ts';
import { entryAt } from '../state/rule-entry.ts';
import type { Rule } from '../world/ir.ts';
import { boundsMet } from './coverage/bounds.ts';
import { deadRules as rulesWithoutPackets } from './coverage/dead-rules.ts';
import { ruleBoxes } from './coverage/rule-box.ts';
import { findingKinds, type FindingRow, type FoundThing, inFamily, listed } from './finding.ts';
import type { Expectation } from './expected/expectation.ts';
import type { Assume, FindingRule } from './finding-rule.ts';
import { needlessFindings, needlessKinds } from './needless-rule-findings.ts';

/** Found of rules of one condition by chains, and of others by what they cover. */
export const SECOND_TRANSLATION = {
  id: 'lint.nat.duplicate-dnat',
  severity: 'warning',
  title: 'two rules translate the same packets to different places',
  why: 'the first one decides, the second has no effect',
  meetsNoPacket: true,
} as const satisfies FindingRow;

const { kinds, finding } = findingKinds([
  SECOND_TRANSLATION,
  {
    id: 'lint.iptables.redundant-rule',
    severity: 'none',
    title: 'a rule whose packets rules before it treat alike',
    why: 'it has no effect of its own',
    meetsNoPacket: true,
  },
  {
    id: 'lint.iptables.shadowed-rule',
    severity: 'notice',
    title: 'a rule that no packet can meet',
    why: 'rules before it take all its packets, or its conditions exclude each other: what it was meant to do does not happen',
    meetsNoPacket: true,
  },
]);

export const deadRules: FindingRule = { kinds: [...kinds, ...needlessKinds], find: deadRuleFindings };

/** A dead rule with those that take its packets, as the model has them. */
interface Dead {
  readonly table: RuleTable;
  readonly chain: string;
  readonly entry: RuleEntry;
  readonly others: readonly Other[];
  readonly kind: 'excluded' | 'second-translation' | 'redundant' | 'shadowed';
}

/** A rule that takes packets, and the chain it stands in. */
type Other = RuleEntry & { readonly chain: string };

/**
 * Rules that no packet meets, with what takes their packets, and rules that a wider one behind them makes needless. Those of one chain that
 * the same rules take are told together.
 */
function deadRuleFindings({ model, worlds }: NodeView, _: Expectation | undefined, assume: Assume): FoundThing[] {
  const { onBound, texts } = boundsMet();
  const groups = new Map<string, Dead[]>();
  const needless: FoundThing[] = [];
  for (const family of ['ipv4', 'ipv6'] as const) {
    const { rules } = worlds[family];
    const boxOf = ruleBoxes();
    const withoutPackets = rulesWithoutPackets(rules, boxOf, onBound);
    append(needless, needlessFindings(model, rules, new Set(withoutPackets.map(({ rule }) => rule)), boxOf, onBound));
    for (const { chain, rule, takenBy } of withoutPackets) {
      const table = model.tables.get(`${family} ${chain.table}`);
      // Where interfaces are hidden a rule may ask for one: nothing is certain there.
      if (table?.interfacesHidden === true) continue;
      const entry = entryAt(table, rule.source);
      const others = takersIn(table, takenBy);
      if (table === undefined || entry === undefined || others.length < takenBy.length || isToldElsewhere(chain.name, entry, others))
        continue;
      const dead: Dead = { table, chain: chain.name, entry, others, kind: kindOf(entry, others) };
      addToGroup(
        groups,
        [family, table.name, chain.name, dead.kind, ...others.map((other) => `${other.chain}#${other.number}`)].join(' '),
        dead,
      );
    }
  }
  for (const text of texts()) assume(text);
  return [...[...groups.values()].flatMap((group) => findingOf(group as [Dead, ...Dead[]])), ...needless];
}

/** Rules that take packets, as a table has them. */
export function takersIn(table: Pick<RuleTable, 'chains'> | undefined, rules: readonly Rule[]): Other[] {
  return rules.flatMap(({ source }) => {
    const entry = entryAt(table, source);
    return entry === undefined ? [] : [{ ...entry, chain: source.chain }];
  });
}

/** Copies in one chain, and two translations of the same conditions there, are told as such. */
function isToldElsewhere(chain: string, entry: RuleEntry, others: readonly Other[]): boolean {
  const to = translationOf(entry);
  const isSecond = (other: RuleEntry): boolean =>
    to !== undefined && other.conditionKey === entry.conditionKey && (translationOf(other) ?? to) !== to;
  return others.some((other) => other.chain === chain && (other.key === entry.key || isSecond(other)));
}

/** Where a rule translates to that does so without chance or memory: behind it another one for the same packets does nothing. */
export function translationOf({ target, conditions }: RuleEntry): string | undefined {
  return target.kind === 'dnat' && !conditions.some(({ kind }) => kind === 'probability' || kind === 'other') ? target.to : undefined;
}

function kindOf(entry: RuleEntry, others: readonly RuleEntry[]): Dead['kind'] {
  if (others.length === 0) return 'excluded';
  if (others.every((other) => other.target.text === entry.target.text)) return 'redundant';
  return entry.target.kind === 'dnat' && others.every((other) => other.target.kind === 'dnat') ? 'second-translation' : 'shadowed';
}

function findingOf(group: readonly [Dead, ...Dead[]]): readonly FoundThing[] {
  const [{ table, chain, entry, others, kind }] = group;
  const one = group.length === 1;
  const place = one
    ? `rule ${entry.number} of ${chain} (${entry.key})`
    : `rules ${listed(group.map((dead) => String(dead.entry.number)))} of ${chain}`;
  const by = `${others.length === 1 ? 'rule' : 'rules'} ${listed(others.map((other) => (other.chain === chain ? String(other.number) : `${other.number} of ${other.chain}`)))}`;
  const verb = (singular: string, plural: string): string => (others.length === 1 ? singular : plural);
  const packets = `all ${one ? 'its' : 'their'} packets`;
  const texts = {
    excluded: ['lint.iptables.shadowed-rule', `${place} can never match: ${one ? 'its' : 'their'} own conditions exclude each other`],
    shadowed: ['lint.iptables.shadowed-rule', `${place} can never match: ${by} ${verb('takes', 'take')} ${packets} first`],
    redundant: [
      'lint.iptables.redundant-rule',
      `${place} ${one ? 'has' : 'have'} no effect: ${by} ${verb('does', 'do')} the same with ${packets} first`,
    ],
    'second-translation': [
      'lint.nat.duplicate-dnat',
      `${place} ${one ? 'translates' : 'translate'} nothing: ${by} ${verb('sends', 'send')} ${packets} elsewhere first`,
    ],
  } as const;
  const [id, text] = texts[kind];
  return inFamily(table.family, [
    finding(id, {
      subject: { kind: 'iptables.rule', name: `${table.name} ${chain}#${entry.number}` },
      values: [entry.key],
      text,
      origins: [...group.slice(0, 3).map((dead) => dead.entry.origin), ...others.slice(0, 3).map(({ origin }) => origin)],
    }),
  ]);
}
