import type { ChainDifference, RuleDifference, TableDifference } from '../../differences/difference.ts';
import { once } from '../../common/once.ts';
import { chainRole } from '../../proxy/names/chain-roles.ts';
import { rulesIn } from '../../state/count-rules.ts';
import type { RuleChain, RuleEntry } from '../../state/model.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import { alone, type Found } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import { packetsOfChange, UNDECIDED } from '../packets/packet-engine.ts';
import { jumpTargets, reachableChains } from '../packets/reachable.ts';
import type { FlowDifference } from '../packets/flow-differences.ts';
import { changedPolicy, POLICY_CHANGES } from '../services/policy-story.ts';
import { packetsOf } from '../words.ts';
import type { ChangeKind, ChangeRule } from '../rule.ts';
import { ANCHOR_CHANGES, anchorChange, isAnchor, jumpsToProxy } from './anchors.ts';
import { CHAIN_CHANGES, type LedChains, orphans, renamedChain, reordered, wholeChain } from './chains.ts';
import { tableName, whatHappened } from './rule-places.ts';
import { flowStory, PACKET_CHANGES } from './rule-stories.ts';
import type { ProvenStory } from './rule-story.ts';
import { otherSource } from './source-translation.ts';
import { SHADOWED_CHANGES, shadowedRule } from './shadowed.ts';
import { REDIRECT_CHANGES } from './redirect-story.ts';

const RULE_CHANGES = [
  {
    id: 'iptables.rule.added',
    severity: 'by effect',
    title: 'a rule was added',
    why: 'packets that match it are handled by it',
    mirror: 'iptables.rule.removed',
  },
  {
    id: 'iptables.rule.removed',
    severity: 'by effect',
    title: 'a rule was removed',
    why: 'packets that matched it go on to the next rules',
    mirror: 'iptables.rule.added',
  },
  { id: 'iptables.rule.moved', severity: 'by effect', title: 'a rule was moved', why: 'packets reach it earlier or later' },
  { id: 'iptables.rule.match-changed', severity: 'by effect', title: 'the matches of a rule changed', why: 'it matches other packets' },
  {
    id: 'iptables.rule.target-changed',
    severity: 'by effect',
    title: 'the target of a rule changed',
    why: 'the packets that match it are treated differently',
  },
  {
    id: 'iptables.rule.multiplicity-changed',
    severity: 'none',
    title: 'a rule appears more or fewer times',
    why: 'further copies have no effect; very many of them cost time',
  },
  { id: 'iptables.rule.comment-changed', severity: 'none', title: 'the comment of a rule changed', why: 'comments have no effect' },
] as const satisfies readonly ChangeKind[];

export const tables: ChangeRule = {
  kinds: [
    ...RULE_CHANGES,
    ...CHAIN_CHANGES,
    ...POLICY_CHANGES,
    ...SHADOWED_CHANGES,
    ...PACKET_CHANGES,
    ...REDIRECT_CHANGES,
    ...ANCHOR_CHANGES,
  ],
  find: judgeTables,
};

/** What is asked of each rule of a table. */
interface TableContext {
  readonly comparison: Comparison;
  readonly explained: ReadonlySet<object>;
  readonly table: TableDifference;
  readonly led: LedChains;
  /** Whether few enough changes were compared by themselves for one more. */
  readonly mayCompare: (chain: ChainDifference) => boolean;
}

/** Changes of chains and rules that no service, set or setting explains. */
function judgeTables(comparison: Comparison, explained: ReadonlySet<object>): Found[] {
  let left = RULES_TO_GO_OVER;
  const mayCompare = (rules: number): boolean => {
    const may = left > 0;
    left -= Math.max(LEAST_RULES_GONE_OVER, rules);
    return may;
  };
  return comparison.differences.tables.flatMap((table) => {
    const led = { before: once(() => jumpTargets(table.before)), after: once(() => jumpTargets(table.after)) };
    const rulesOf = once(() => rulesIn(table.before.chains.values()) + rulesIn(table.after.chains.values()));
    // A change costs going over its chain; without interfaces its whole table is another.
    const mayCompareIn = ({ before, after }: ChainDifference): boolean =>
      mayCompare(table.interfacesIgnored ? rulesOf() : rulesIn([before, after]));
    return judgeTable(table, { comparison, explained, table, led, mayCompare: mayCompareIn });
  });
}

/** Rules that the changes compared by themselves go over, all together; what is beyond counts as undecided. */
const RULES_TO_GO_OVER = 10_000_000;
const LEAST_RULES_GONE_OVER = 5_000;

function judgeTable(table: TableDifference, context: TableContext): Found[] {
  const { comparison, explained } = context;
  const reachable = { before: reachableChains(table.before), after: reachableChains(table.after) };
  const found: Found[] = [];
  for (const chain of table.changed) {
    if (chain.policyChanged) found.push(alone(changedPolicy(table, chain, comparison)));
    for (const rule of chain.rules) {
      if (explained.has(rule)) continue;
      const met = reachable.before.has(chain.before.name) || reachable.after.has(chain.after.name);
      const change = judgeRule(chain, rule, met, context);
      // Between the places of others that moved it is where it was.
      if (rule.kind === 'moved' && rule.before.number === rule.after.number && change.effect === 'none') continue;
      found.push({ change, parts: orphans(rule, table, context.led) });
    }
    if (chain.reordered) found.push(alone(reordered(table, chain)));
  }
  const isOpen = (chain: RuleChain): boolean => !explained.has(chain);
  return [
    ...found,
    ...[
      ...table.renamed.filter(({ before }) => isOpen(before)).map(({ before, after }) => renamedChain(table, before, after)),
      ...table.removed.filter(isOpen).map((chain) => wholeChain(table, chain, 'removed', reachable.before.has(chain.name))),
      ...table.added.filter(isOpen).map((chain) => wholeChain(table, chain, 'added', reachable.after.has(chain.name))),
    ].map(alone),
  ];
}

function judgeRule(chain: ChainDifference, difference: RuleDifference, met: boolean, context: TableContext): PendingChange {
  const { table, comparison } = context;
  const before = difference.kind === 'added' ? undefined : difference.before;
  const after = difference.kind === 'removed' ? undefined : difference.after;
  const place = (after ?? before) as RuleEntry;
  const chainName = after === undefined ? chain.before.name : chain.after.name;
  const structural: Omit<PendingChange, 'severity' | 'effect' | 'certainty' | 'text'> = {
    id: `iptables.rule.${difference.kind}`,
    subject: { kind: 'iptables.rule', name: `${tableName(table.after)} ${chainName}#${place.number}` },
    ofProxy: chainRole(chainName) !== undefined || [before, after].some(jumpsToProxy),
    ...(before === undefined ? {} : { before: ruleFacts(before) }),
    ...(after === undefined ? {} : { after: ruleFacts(after) }),
    origins: seenAt(before?.origin ?? chain.before.origin, after?.origin ?? chain.after.origin),
  };
  if (difference.kind === 'comment-changed') {
    const text = `${tableName(table.after)} ${chainName}#${place.number}: comment "${difference.before.comments.join('", "')}" → "${difference.after.comments.join('", "')}"`;
    return { ...structural, severity: 'none', effect: 'none', certainty: 'proven', text };
  }
  if (!met) {
    const text = `${whatHappened(difference, chainName)}; no rule jumps to chain ${chainName}`;
    return { ...structural, severity: 'none', effect: 'none', certainty: 'proven', text };
  }
  const source = otherSource(difference);
  if (source !== undefined) return { ...structural, ...source };
  const copies = difference.kind === 'multiplicity-changed' ? { copies: difference.copies } : {};
  const answer = comparison.engine.ofRule({ table, chain, before, after, ...copies }, comparison, context.mayCompare(chain));
  if (difference.kind === 'multiplicity-changed' && answer.kind === 'equal') return multiplicity(structural, difference, chainName);
  const shadowed = answer.kind === 'equal' ? shadowedRule(table, difference, chainName, comparison) : undefined;
  if (shadowed !== undefined) return { ...structural, ...shadowed };
  const explains = [{ id: structural.id, subject: structural.subject.name }];
  const because = { label: 'because' as const, text: whatHappened(difference, chainName) };
  const tell = (all: readonly FlowDifference[]): ProvenStory =>
    flowStory(untold(all, context.explained), { difference, because, table: table.after.name, chain: chainName, comparison });
  if (
    answer.kind !== 'equal' &&
    isAnchor(chain.after, place) &&
    (difference.kind === 'added' || difference.kind === 'removed' || difference.kind === 'moved')
  ) {
    return anchorChange({ ...structural, ...packetsOfChange(answer), explains }, difference, chainName, place, answer, tell);
  }
  switch (answer.kind) {
    case 'different':
      return { ...structural, ...packetsOfChange(answer), explains, ...tell(answer.flows) };
    case 'equal':
      return {
        ...structural,
        severity: 'none',
        effect: 'none',
        certainty: 'proven',
        text: `${whatHappened(difference, chainName)}; no effect on traffic`,
      };
    case 'undecided':
      return {
        ...structural,
        ...UNDECIDED,
        text: `${whatHappened(difference, chainName)}; it matches packets ${packetsOf(place)}, and its effect could not be determined: ${answer.reason}`,
      };
  }
}

/** The packets to places that no other change tells about, where there are some. */
function untold(flows: readonly FlowDifference[], explained: ReadonlySet<object>): readonly FlowDifference[] {
  const left = flows.filter(({ frontend }) => frontend === undefined || !explained.has(frontend));
  return left.length > 0 ? left : flows;
}

function ruleFacts(rule: RuleEntry): NonNullable<PendingChange['before']> {
  return {
    number: rule.number,
    conditions: rule.conditions.map(({ text }) => text),
    target: rule.target.text,
    ...(rule.comments.length === 0 ? {} : { comment: rule.comments.join(' ') }),
  };
}

function multiplicity(
  structural: Omit<PendingChange, 'severity' | 'effect' | 'certainty' | 'text'>,
  difference: Extract<RuleDifference, { kind: 'multiplicity-changed' }>,
  chain: string,
): PendingChange {
  const [was, is] = difference.counts;
  return {
    ...structural,
    before: { ...structural.before, copies: was },
    after: { ...structural.after, copies: is },
    severity: is >= 100 && is > was ? 'warning' : 'none',
    effect: 'none',
    certainty: 'proven',
    text: `${whatHappened(difference, chain)}; further copies of a rule have no effect${is >= 100 ? ', but each packet that reaches them is compared with every copy' : ''}`,
  };
}
