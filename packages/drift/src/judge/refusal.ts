import { serviceComment } from '../kubernetes/comments.ts';
import { addressText } from '../model/address-range.ts';
import type { Condition } from '../model/condition.ts';
import type { Flow } from '../packets/flow.ts';
import type { Detail } from '../report.ts';
import { type FlowDifference, type Refusal, refusalIn, refusesMore } from './flow-differences.ts';
import type { Judgement } from './judgement.ts';
import { placeText } from './probes.ts';
import { endpointsText, flowsOf, percent, rejectWith, sendersText } from './words.ts';

/** What flows being refused, or no longer refused, by a rule comes to. */
export interface RefusalStory {
  /** To be read after the name of the service and a colon. */
  readonly text: string;
  readonly details: readonly Detail[];
}

/** Tells flows that one side refuses or drops by a rule and the other lets through. */
export function refusalStory(flows: readonly FlowDifference[], { before, after }: Judgement): RefusalStory {
  const [first] = flows as [FlowDifference];
  const lost = refusesMore(first.before, first.after);
  const refusal = refusalIn(lost ? first.after : first.before) as Refusal;
  const passing = lost ? first.before : first.after;
  const how = refusal.verdict === 'dropped' ? 'dropped' : `refused${rejectWith(refusal.decidedBy)}`;
  const part = refusal.share < 1 ? `${percent(refusal.share)} of ` : '';
  const what = `${part}${flowsOf(first)} from ${sendersText(flows)}`;
  const to = passing.endpoints.length === 0 ? 'they passed' : `they went to ${endpointsText(passing.endpoints)}`;
  const text = lost ? `${what} are ${how}; ${to}` : `${what} are no longer ${how}; they ${passing.endpoints.length === 0 ? 'pass' : `go to ${endpointsText(passing.endpoints)}`}`;
  const details = decidingSets(refusal).map(
    (set): Detail => ({ label: 'because', text: `set ${set} holds ${addressText(first.packet.destination)}, and ${ruleName(refusal)} ${refusal.verdict === 'dropped' ? 'drops' : 'refuses'} what is in it and no rule before lets through` }),
  );
  if (placeText(first.packet.destination) !== 'this node' && first.before.path.some((met) => met.chain === 'INPUT') && ![before, after].some(({ model }) => listsAddress(model.interfaces.values(), addressText(first.packet.destination)))) {
    details.push({ label: 'if', text: `${addressText(first.packet.destination)} is an address of this node (kube-ipvs0 holds it)` });
  }
  return { text, details };
}

function listsAddress(interfaces: Iterable<{ readonly addresses: ReadonlyMap<string, unknown> }>, address: string): boolean {
  for (const { addresses } of interfaces) if (addresses.has(address)) return true;
  return false;
}

function decidingSets({ decidedBy }: Refusal): string[] {
  const sets = (decidedBy?.rule?.conditions ?? []).filter((condition): condition is Extract<Condition, { kind: 'set' }> => condition.kind === 'set' && !condition.not);
  return sets.map((condition) => condition.set);
}

function ruleName({ decidedBy }: Refusal): string {
  return decidedBy === undefined ? 'a rule' : `${decidedBy.chain}#${decidedBy.number}`;
}

/** Why kube-proxy wrote the rule that refuses a packet, told by its comment; undefined for another rule. */
export function refusalReason(flow: Flow): 'no endpoints' | 'no local endpoints' | undefined {
  const rule = flow.decidedBy === undefined || flow.decidedBy === 'ipvs' ? undefined : flow.decidedBy.rule;
  for (const comment of rule?.comments ?? []) {
    const refusal = serviceComment(comment)?.refusal;
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
