import type { ChainDifference, RuleDifference, TableDifference } from '../../structure/difference.ts';
import { chainRole } from '../../proxy/names/chain-roles.ts';
import { countRules } from '../../state/count-rules.ts';
import type { RuleChain, RuleEntry } from '../../state/model.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import { alone, type Found } from '../claims.ts';
import type { EffectOnPackets, Comparison } from '../comparison.ts';
import { UNDECIDED } from '../packets/packet-engine.ts';
import { jumpTargets, reachableChains } from '../packets/reachable.ts';
import type { FlowDifference } from '../packets/flow-differences.ts';
import { changedPolicy } from '../services/policy-story.ts';
import { chainSubject, ofChain, tableName } from './rule-places.ts';
import { flowStory } from './rule-stories.ts';
import type { ProvenStory } from './rule-story.ts';
import { otherSource } from './source-translation.ts';
import { shadowedRule } from './shadowed.ts';
import { counted, packetsOf, ruleText, ruleWords, provenBy, witnessDetails, times } from '../words.ts';

/** What is asked of each rule of a table. */
interface TableContext {
  readonly comparison: Comparison;
  readonly explained: ReadonlySet<object>;
  readonly table: TableDifference;
  /** Chains that rules lead to. */
  readonly led: { readonly before: ReadonlySet<string>; readonly after: ReadonlySet<string> };
  /** Whether few enough changes were compared by themselves for one more. */
  readonly mayCompare: () => boolean;
}

/** Changes of chains and rules that no service, set or setting explains. */
export function judgeTables(comparison: Comparison, explained: ReadonlySet<object>): Found[] {
  let left = changesToCompare(comparison);
  const mayCompare = (): boolean => left-- > 0;
  return comparison.differences.tables.flatMap((table) => {
    const led = { before: jumpTargets(table.before), after: jumpTargets(table.after) };
    return judgeTable(table, { comparison, explained, table, led, mayCompare });
  });
}

/** Changed rules that are compared by themselves, each at the cost of going over all rules once; what is beyond counts as undecided. */
function changesToCompare({ before, after }: Comparison): number {
  const rules = countRules(before.model) + countRules(after.model) + 1;
  return Math.max(MOST_CHANGES / 100, Math.min(MOST_CHANGES, Math.floor(RULES_TO_GO_OVER / rules)));
}

const MOST_CHANGES = 2000;
const RULES_TO_GO_OVER = 4_000_000;

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
      found.push({ change, parts: orphans(rule, context) });
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

function reordered(table: TableDifference, { before, after }: ChainDifference): PendingChange {
  return {
    id: 'iptables.order.same-effect',
    severity: 'none',
    effect: 'none',
    certainty: 'proven',
    ...ofChain(table, after),
    text: `rules of ${tableName(table.after)} chain ${after.name} stand in another order; no effect on traffic`,
    origins: seenAt(before.origin, after.origin),
  };
}

function renamedChain(table: TableDifference, before: RuleChain, after: RuleChain): PendingChange {
  return {
    id: 'iptables.chain.renamed',
    severity: 'none',
    effect: 'none',
    certainty: 'proven',
    ...ofChain(table, after),
    previousSubject: chainSubject(table, before),
    text: `${tableName(table.after)} chain ${before.name} is called ${after.name} now; its rules are the same`,
    origins: seenAt(before.origin, after.origin),
  };
}

function wholeChain(table: TableDifference, chain: RuleChain, how: 'added' | 'removed', met: boolean): PendingChange {
  const facts = { rules: chain.rules.length };
  const name = `${tableName(table.after)} chain ${chain.name}`;
  const rules = chain.rules.length === 0 ? 'empty' : `with ${counted(chain.rules.length, 'rule')}`;
  return {
    id: `iptables.chain.${how}`,
    severity: 'none',
    effect: 'none',
    certainty: 'proven',
    ...ofChain(table, chain),
    ...(how === 'added' ? { after: facts } : { before: facts }),
    text: `${name} (${rules}) ${how === 'added' ? 'appeared' : 'is gone'}${met ? '' : '; no rule leads there'}`,
    origins: how === 'added' ? seenAt(undefined, chain.origin) : seenAt(chain.origin, undefined),
  };
}

function jumpsToProxy(rule: RuleEntry | undefined): boolean {
  return rule?.target.kind === 'jump' && chainRole(rule.target.chain) !== undefined;
}

/** Chains of kube-proxy that a built-in chain must jump to. */
function isAnchor(chain: RuleChain, rule: RuleEntry): boolean {
  return chain.policy !== undefined && jumpsToProxy(rule);
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
  const answer = comparison.engine.ofRule({ table, chain, before, after, ...copies }, comparison, context.mayCompare());
  if (difference.kind === 'multiplicity-changed' && answer.kind === 'equal') return multiplicity(structural, difference, chainName);
  const shadowed = answer.kind === 'equal' ? shadowedRule(table, difference, chainName, comparison) : undefined;
  if (shadowed !== undefined) return { ...structural, ...shadowed };
  const explains = [{ id: structural.id, subject: structural.subject.name }];
  const because = { label: 'because' as const, text: whatHappened(difference, chainName) };
  const tell = (all: readonly FlowDifference[]): ProvenStory =>
    flowStory(untold(all, context.explained), { difference, because, table: table.after.name, comparison });
  if (
    answer.kind !== 'equal' &&
    isAnchor(chain.after, place) &&
    (difference.kind === 'added' || difference.kind === 'removed' || difference.kind === 'moved')
  ) {
    return anchor({ ...structural, explains }, difference, chainName, place, answer, tell);
  }
  switch (answer.kind) {
    case 'different':
      return { ...structural, explains, ...tell(answer.flows) };
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

/** Chains that no rule leads to any more, or again: no more than the other side of the change of the rule. */
function orphans(difference: RuleDifference, { table, led }: TableContext): PendingChange[] {
  const was = difference.kind === 'added' ? undefined : jumpTarget(difference.before);
  const is = difference.kind === 'removed' ? undefined : jumpTarget(difference.after);
  if (was === is) return [];
  const drafts: PendingChange[] = [];
  const quiet = { severity: 'none', effect: 'none', certainty: 'proven' } as const;
  const left = was === undefined || led.after.has(was) ? undefined : table.after.chains.get(was);
  if (left !== undefined) {
    const text = `no rule jumps to ${tableName(table.after)} chain ${left.name} any longer`;
    drafts.push({
      id: 'iptables.chain.orphaned',
      ...quiet,
      ...ofChain(table, left),
      text,
      origins: seenAt(undefined, left.origin),
    });
  }
  const joined = is === undefined || led.before.has(is) ? undefined : table.before.chains.get(is);
  if (joined !== undefined) {
    const text = `a rule jumps to ${tableName(table.after)} chain ${joined.name} again`;
    drafts.push({
      id: 'iptables.chain.attached',
      ...quiet,
      ...ofChain(table, joined),
      text,
      origins: seenAt(joined.origin, undefined),
    });
  }
  return drafts;
}

function jumpTarget(rule: RuleEntry): string | undefined {
  return rule.target.kind === 'jump' ? rule.target.chain : undefined;
}

function whatHappened(difference: RuleDifference, chain: string): string {
  const comment = (rule: RuleEntry): string => (rule.comments.length === 0 ? '' : `, comment "${rule.comments.join('", "')}"`);
  switch (difference.kind) {
    case 'added':
      return `rule ${ruleText(chain, difference.after)} was added${comment(difference.after)}`;
    case 'removed':
      return `rule ${ruleText(chain, difference.before)} is gone${comment(difference.before)}`;
    case 'moved':
      return `rule ${ruleText(chain, difference.after)} moved from position ${difference.before.number} to ${difference.after.number}`;
    case 'match-changed':
    case 'target-changed':
      return `rule ${chain}#${difference.after.number} was "${ruleWords(difference.before)}", is "${ruleWords(difference.after)}"`;
    case 'comment-changed':
      return `the comment of ${chain}#${difference.after.number} changed`;
    case 'multiplicity-changed':
      return `rule ${ruleText(chain, difference.after)} now appears ${times(difference.counts[1])} (was ${times(difference.counts[0])})`;
  }
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

function anchor(
  structural: Omit<PendingChange, 'severity' | 'effect' | 'certainty' | 'text'>,
  difference: RuleDifference,
  chain: string,
  rule: RuleEntry,
  answer: EffectOnPackets,
  tell: (flows: readonly FlowDifference[]) => ProvenStory,
): PendingChange {
  const target = jumpTarget(rule) ?? '';
  const story = answer.kind === 'different' ? tell(answer.flows) : undefined;
  const proof = answer.kind === 'different' ? answer.flows[0] : undefined;
  const details = [
    ...(proof === undefined ? [] : witnessDetails(proof, ['nat', 'filter'])),
    { label: 'because' as const, text: whatHappened(difference, chain) },
  ];
  const common = { ...structural, details, ...provenBy(proof) };
  if (difference.kind === 'removed') {
    const effect = ANCHORS.get(target) ?? 'its rules have no effect';
    // A chain that refuses is missed by nobody who gets through without it.
    if (story?.effect === 'gained' && story.id.startsWith('iptables.filter.'))
      return { ...common, ...story, id: 'kube.anchor.missing', text: `${chain} no longer jumps to ${target}: ${effect}; ${story.text}` };
    return {
      ...common,
      id: 'kube.anchor.missing',
      severity: 'critical',
      effect: 'lost',
      certainty: 'proven',
      text: `${chain} no longer jumps to ${target}: ${effect}`,
    };
  }
  if (difference.kind === 'moved') {
    const text = `the jump from ${chain} to ${target} moved from position ${difference.before.number} to ${rule.number}: other rules now come before it`;
    if (story !== undefined) return { ...common, ...story, id: 'kube.anchor.moved', text: `${text}; ${story.text}` };
    return {
      ...common,
      id: 'kube.anchor.moved',
      ...UNDECIDED,
      text:
        answer.kind === 'undecided' ? `${text}, and what becomes of packets that meet both could not be decided: ${answer.reason}` : text,
    };
  }
  if (story?.effect === 'lost' && story.id.startsWith('iptables.filter.'))
    return {
      ...common,
      ...story,
      id: 'kube.anchor.restored',
      severity: 'warning',
      text: `${chain} now jumps to ${target}, which it did not before; ${story.text}`,
    };
  return {
    ...common,
    id: 'kube.anchor.restored',
    severity: 'notice',
    effect: 'gained',
    certainty: 'proven',
    text: `${chain} now jumps to ${target}, which it did not before`,
  };
}

/** What does not happen without the jump. */
const ANCHORS: ReadonlyMap<string, string> = new Map([
  ['KUBE-SERVICES', 'connections to services are neither translated nor marked there'],
  ['KUBE-POSTROUTING', 'connections marked for masquerading keep their source address'],
  ['KUBE-FORWARD', 'forwarded connections of services are no longer accepted there'],
  ['KUBE-FIREWALL', 'packets marked for dropping are no longer dropped there'],
  ['KUBE-PROXY-FIREWALL', 'source ranges of load balancers are no longer enforced there'],
  ['KUBE-IPVS-FILTER', 'ports of the node can be reached through service addresses'],
  ['KUBE-NODE-PORT', 'health-check node ports are no longer accepted there'],
]);
