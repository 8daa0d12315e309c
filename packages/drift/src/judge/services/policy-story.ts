import type { ChainDifference, TableDifference } from '../../differences/difference.ts';
import type { Detail } from '../../report.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import { exactPolicyEffect } from '../packets/exact-effect.ts';
import { decidedBy, type FlowDifference } from '../packets/flow-differences.ts';
import { packetsOfChange } from '../packets/packet-engine.ts';
import type { Comparison } from '../comparison.ts';
import { ofChain, tableName } from '../rules/rule-places.ts';
import { manyServices, servicesText } from '../rules/story-subjects.ts';
import { suppositionDetails } from '../rules/supposition-words.ts';
import { flowsText, provenBy, sendersText, witnessDetails } from '../words.ts';
import type { ChangeKind } from '../rule.ts';
import { refusalStory } from './refusal.ts';

export const POLICY_CHANGES = [
  {
    id: 'iptables.chain.policy-changed',
    severity: 'by effect',
    title: 'the policy of a chain changed',
    why: 'packets that no rule decides are treated differently',
  },
] as const satisfies readonly ChangeKind[];

/** Tells a changed policy, with what it does to connections to services and to others. */
export function changedPolicy(table: TableDifference, chain: ChainDifference, comparison: Comparison): PendingChange {
  const { before, after } = chain;
  const closed = after.policy === 'DROP';
  const what = `${tableName(table.after)} chain ${after.name}: policy ${before.policy} → ${after.policy}`;
  const answer = exactPolicyEffect(table, chain, comparison);
  const decided = comparison.flows.all.filter((flow) => isDecidedByPolicy(flow, table.after.name, after.name));
  const flows = answer.kind === 'different' ? [...decided, ...answer.flows].filter(({ refusal }) => refusal) : [];
  const sure = flows.filter(({ onlyIf }) => onlyIf.length === 0);
  const told = sure.length > 0 ? sure : flows;
  const named = told.filter(({ frontend }) => frontend !== undefined);
  const proof = named.find(({ supposing }) => !supposing.some(({ asks }) => asks?.kind === 'own address')) ?? named[0] ?? told[0];
  const isIdle = answer.kind === 'equal';
  return {
    id: 'iptables.chain.policy-changed',
    severity: isIdle ? 'none' : closed ? 'critical' : 'warning',
    effect: isIdle ? 'none' : closed ? 'lost' : 'gained',
    certainty: answer.kind === 'undecided' ? 'assumed' : sure.length === 0 && flows.length > 0 ? 'conditional' : 'proven',
    ...ofChain(table, after),
    before: { policy: before.policy ?? null },
    after: { policy: after.policy ?? null },
    text: isIdle
      ? `${what}; no packet comes to it: no effect on traffic`
      : `${what}; packets that no rule decides are ${closed ? 'now dropped' : 'now let through'}`,
    details: [
      ...(proof === undefined ? [] : witnessDetails(proof, ['mangle', 'filter', 'nat'])),
      ...effects(told, comparison),
      ...(proof === undefined ? [] : suppositionDetails(sure.length > 0 ? proof.supposing : proof.onlyIf)),
      { label: 'look at', text: `iptables -t ${table.after.name} -S ${after.name}` },
    ],
    ...provenBy(proof),
    ...packetsOfChange(answer),
    origins: seenAt(before.origin, after.origin),
  };
}

/** Whether a part of a flow ends at the policy of a chain. */
function isDecidedByPolicy({ before, after }: FlowDifference, table: string, chain: string): boolean {
  return [before, after].flatMap(decidedBy).some((met) => met.table === table && met.chain === chain && met.number === 0);
}

/** What becomes of connections to services, and of others. */
function effects(flows: readonly FlowDifference[], comparison: Comparison): Detail[] {
  const named = flows.filter(({ frontend }) => frontend !== undefined);
  const others = flows.filter(({ frontend }) => frontend === undefined);
  const [first] = others;
  return [
    ...(named.length === 0
      ? []
      : [{ label: 'effect' as const, text: `${servicesText(named)}: ${refusalStory(named, comparison).text}` }, ...manyServices(named)]),
    ...(first === undefined
      ? []
      : [{ label: 'effect' as const, text: `${flowsText(first)} from ${sendersText(others)} to other places are concerned too` }]),
  ];
}
