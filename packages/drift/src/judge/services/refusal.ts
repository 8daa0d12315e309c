import { serviceComment } from '../../proxy/names/comments.ts';
import { addressText } from '../../state/address-range.ts';
import type { Condition } from '../../state/condition.ts';
import type { Flow } from '../../packets/flow.ts';
import type { Detail } from '../../report.ts';
import { placeText } from '../../services/witness.ts';
import { type FlowDifference, type Refusal, isTurnedAway, refusalIn, refusesMore } from '../packets/flow-differences.ts';
import type { Comparison } from '../comparison.ts';
import { endpointsText, flowsText, percent, rejectWith, sendersText } from '../words.ts';

/** What flows being refused, or no longer refused, by a rule comes to. */
interface RefusalStory {
  /** To be read after the name of the service and a colon. */
  readonly text: string;
  readonly details: readonly Detail[];
}

/** Tells flows that one side refuses or drops by a rule and the other lets through; `named`: what they are called. */
export function refusalStory(
  flows: readonly FlowDifference[],
  { before, after }: Comparison,
  named = flowsText((flows as [FlowDifference])[0]),
): RefusalStory {
  const [first] = flows as [FlowDifference];
  const lost = refusesMore(first.before, first.after);
  const refusal = refusalIn(lost ? first.after : first.before) as Refusal;
  const passing = lost ? first.before : first.after;
  const how = refusal.verdict === 'dropped' ? 'dropped' : `refused${rejectWith(refusal.decidedBy)}`;
  const other = refusalIn(passing);
  const side = lost ? 'after' : 'before';
  const whole = whollyRefused(flows, side);
  const shares = new Set(flows.map((flow) => percent(refusalIn(flow[side])?.share ?? 0)));
  const some = shares.size > 1 ? 'a part of the ' : `${percent(refusal.share)} of `;
  const part = whole.length === flows.length ? '' : whole.length > 0 ? 'all or a part of the ' : some;
  const what = `${part}${named} from ${sendersText(flows)}`;
  const places = new Set(flows.map((flow) => endpointsText((lost ? flow.before : flow.after).endpoints)));
  const where = places.size > 1 ? 'the endpoints of each service' : endpointsText(passing.endpoints);
  const byIpvs = passing.endpoints.length === 0 && isTurnedAway(passing);
  const to = byIpvs
    ? 'IPVS refused them, for it has no destination for them'
    : passing.endpoints.length === 0
      ? 'they passed'
      : `they went to ${where}`;
  const text =
    first.amounts !== undefined
      ? `${lost ? 'more' : 'fewer'} ${named} from ${sendersText(flows)} are ${how} than before`
      : refusesPartOfBoth(refusal, other)
        ? `${percent((lost ? refusal : other).share)} of ${named} from ${sendersText(flows)} are ${how}; it was ${percent((lost ? other : refusal).share)}`
        : lost
          ? `${what} are ${how}; ${to}`
          : `${what} are no longer ${how}; ${byIpvs ? 'IPVS refuses them, for it has no destination for them' : `they ${passing.endpoints.length === 0 ? 'pass' : `go to ${where}`}`}`;
  const details = decidingSets(refusal).map((set): Detail => ({
    label: 'because',
    text: `set ${set} holds ${addressText(first.packet.destination)}, and ${ruleName(refusal)} ${refusal.verdict === 'dropped' ? 'drops' : 'refuses'} what is in it and no rule before lets through`,
  }));
  if (
    !isSupposed(first) &&
    placeText(first.packet.destination) !== 'this node' &&
    first.before.path.some((met) => met.chain === 'INPUT') &&
    ![before, after].some(({ model }) => listsAddress(model.interfaces.values(), addressText(first.packet.destination)))
  ) {
    details.push({ label: 'if', text: `${addressText(first.packet.destination)} is an address of this node (kube-ipvs0 holds it)` });
  }
  return { text, details };
}

/** Whether chance refuses a part on either side: what differs is how many. */
function refusesPartOfBoth({ verdict }: Refusal, other: Refusal | undefined): other is Refusal {
  return other?.verdict === verdict;
}

/** The flows to places where a rule lets nothing of a sender through. */
export function whollyRefused(flows: readonly FlowDifference[], side: 'before' | 'after'): FlowDifference[] {
  const placeOf = ({ frontend, sender }: FlowDifference): string => `${frontend?.key} ${sender.kind}`;
  const closed = new Set(flows.filter((flow) => (refusalIn(flow[side])?.share ?? 0) > 0.9999).map(placeOf));
  return flows.filter((flow) => closed.has(placeOf(flow)));
}

/** Whether the address counts as the node's for what is said of the packet already. */
function isSupposed({ suppositions }: FlowDifference): boolean {
  return suppositions.some(({ asks, holds }) => holds && asks?.kind === 'own address' && asks.of === 'destination');
}

function listsAddress(interfaces: Iterable<{ readonly addresses: ReadonlyMap<string, unknown> }>, address: string): boolean {
  for (const { addresses } of interfaces) if (addresses.has(address)) return true;
  return false;
}

function decidingSets({ decidedBy }: Refusal): string[] {
  const sets = (decidedBy?.rule?.conditions ?? []).filter(
    (condition): condition is Extract<Condition, { kind: 'set' }> => condition.kind === 'set' && !condition.not,
  );
  return sets.map((condition) => condition.set);
}

function ruleName({ decidedBy }: Refusal): string {
  return decidedBy === undefined ? 'a rule' : `${decidedBy.chain}#${decidedBy.number}`;
}

/**
 * Why kube-proxy refuses a packet, by the comment of the rule that does, or, up to 1.23, of the rule in KUBE-XLB that marked it for
 * dropping; undefined for other rules.
 */
export function refusalReason({ verdict, decidedBy, path }: Flow): 'no endpoints' | 'no local endpoints' | undefined {
  if (decidedBy === 'ipvs' || (verdict !== 'refused' && verdict !== 'dropped')) return undefined;
  for (const met of [decidedBy, ...path]) {
    for (const comment of met?.rule?.comments ?? []) {
      const refusal = serviceComment(comment)?.refusal;
      if (refusal !== undefined) return refusal;
    }
  }
  return undefined;
}
