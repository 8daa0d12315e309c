import type { PendingChange } from '../pending-change.ts';
import type { EffectOnPackets, Comparison, PacketEngine, RuleQuestion } from '../comparison.ts';
import { exactEffect } from './exact-effect.ts';
import { hairpinsThrough } from './hairpins.ts';
import { decidedBy, differencesThrough, type FlowDifference } from './flow-differences.ts';

/** How a change stands in the report that nobody could decide about. */
export const UNDECIDED = { severity: 'notice', effect: 'undecided', certainty: 'assumed' } as const satisfies Partial<PendingChange>;

/** The packets of an answer as a part of the change that it is about. */
export function packetsOfChange(answer: EffectOnPackets): Pick<PendingChange, 'packets'> {
  return answer.kind === 'different' && answer.packets !== undefined ? { packets: answer.packets } : {};
}

/** Compares the two sides for all packets that can notice the rule. What services tell of it already is told with it. */
export const packetEngine: PacketEngine = { ofRule };

function ofRule(question: RuleQuestion, comparison: Comparison, mayCompare: boolean): EffectOnPackets {
  const effect = mayCompare ? exactEffect(question, comparison) : TOO_MANY;
  if (effect.kind === 'equal') return effect;
  const through = ledThrough(question, comparison);
  if (effect.kind === 'undecided') {
    const own = through.filter((flow) => isOfRule(flow, question, comparison));
    return own.length > 0 ? { kind: 'different', flows: own } : effect;
  }
  // Where nobody but endpoints sends such packets, they are told as connections of a service to itself.
  const senders = new Set(comparison.flows.senders.map(({ address }) => address));
  const hairpins = effect.flows.every(({ sender }) => !senders.has(sender.address)) ? hairpinsThrough(question, comparison) : [];
  if (hairpins.length > 0) return { kind: 'different', flows: hairpins };
  const known = new Set(effect.flows.map(flowName));
  const others = through.filter((flow) => !known.has(flowName(flow)) && isOfRule(flow, question, comparison)).slice(0, MAX_LED_AGAIN);
  // A service at which packets of every sender were led through both sides already is told as they were, but for clients from elsewhere.
  const agreed = effect.flows.filter(
    (flow) =>
      flow.frontend === undefined ||
      comparison.flows.byFrontend.has(flow.frontend.key) ||
      (flow.sender.kind !== 'node' && !senders.has(flow.sender.address) && flow.ofOneSender !== true),
  );
  const exact = agreed.length > 0 ? agreed : effect.flows;
  const sure = exact.filter(({ onlyIf }) => onlyIf.length === 0);
  return { ...effect, flows: [...sure, ...others, ...exact.filter(({ onlyIf }) => onlyIf.length > 0)] };
}

const TOO_MANY: EffectOnPackets = { kind: 'undecided', reason: 'too many rules changed' };

/** Packets to services that meet the rule and are treated differently, whatever else changed. */
function ledThrough({ table, chain, before, after }: RuleQuestion, comparison: Comparison): FlowDifference[] {
  return differencesThrough(
    comparison,
    table.after.name,
    before === undefined ? undefined : { chain: chain.before.name, rule: before },
    after === undefined ? undefined : { chain: chain.after.name, rule: after },
  );
}

/** Where much changed, a packet that meets the rule shows what the rule does only if the rule itself decides about it. */
function isOfRule(flow: FlowDifference, { table, before, after }: RuleQuestion, comparison: Comparison): boolean {
  if (changesFew(comparison)) return true;
  return [flow.before, flow.after]
    .flatMap(decidedBy)
    .some((met) => met.table === table.after.name && met.rule !== undefined && (met.rule === before || met.rule === after));
}

/** Packets to services that are led through both sides again for one rule. */
const MAX_LED_AGAIN = 200;

/** Rules beyond which many changes decide about one packet. */
const FEW_RULES = 4;

/** Whether so little changed that what a packet shows is the work of the rule it meets. */
function changesFew({ differences }: Comparison): boolean {
  let rules = 0;
  for (const { changed, added, removed } of differences.tables)
    rules += changed.reduce((sum, chain) => sum + chain.rules.length, 0) + (added.length > 4 || removed.length > 4 ? FEW_RULES : 0);
  return rules <= FEW_RULES;
}

function flowName({ packet, sender }: FlowDifference): string {
  return `${sender.kind} ${sender.endpoint ?? ''} ${packet.protocol} ${packet.source} ${packet.destination} ${packet.destinationPort}`;
}
