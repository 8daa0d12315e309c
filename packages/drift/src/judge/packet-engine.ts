import type { ChainDifference, Copies, TableDifference } from '../compare/difference.ts';
import type { RuleEntry } from '../model/model.ts';
import type { Draft } from './draft.ts';
import { exactEffect } from './exact-engine.ts';
import { hairpinsThrough } from './hairpins.ts';
import { tryPackets } from './tried-packets.ts';
import { differencesThrough, type FlowDifference } from './flow-differences.ts';
import type { Judgement } from './judgement.ts';

/** A rule of which somebody asks what its change does to packets. */
export interface RuleQuestion {
  readonly table: TableDifference;
  readonly chain: ChainDifference;
  /** Missing = the rule was added. */
  readonly before: RuleEntry | undefined;
  /** Missing = the rule is gone. */
  readonly after: RuleEntry | undefined;
  /** Copies of one rule that one side alone has: they are asked about together, in place of `before` and `after`. */
  readonly copies?: Copies;
}

/**
 * What a change does to packets: `different` with packets that are treated differently, `equal` where no packet can tell, `undecided`
 * with the reason why neither can be said.
 */
export type EffectOnPackets =
  | { readonly kind: 'different'; readonly flows: readonly FlowDifference[] }
  | { readonly kind: 'equal' }
  | { readonly kind: 'undecided'; readonly reason: string };

/**
 * Says what the change of a rule does to packets. All judges ask here, and nothing becomes undecided but by an answer from here or by
 * {@link UNDECIDED}: it decides about all packets, not about those it tries.
 */
export interface PacketEngine {
  readonly ofRule: (question: RuleQuestion, judgement: Judgement) => EffectOnPackets;
}

/** How a change stands in the report that nobody could decide about. */
export const UNDECIDED = { severity: 'notice', effect: 'undecided', certainty: 'assumed' } as const satisfies Partial<Draft>;

/** Compares the two sides for all packets that can notice the rule. What services tell of it already is told with it. */
export const exactEngine: PacketEngine = { ofRule };

function ofRule(question: RuleQuestion, judgement: Judgement): EffectOnPackets {
  const { table, chain, before, after } = question;
  const few = changesFew(judgement);
  const tried = few ? undefined : tryPackets(question, judgement);
  if (tried?.kind === 'different') return tried;
  const effect = exactEffect(question, judgement);
  if (effect.kind === 'undecided' && few) {
    const found = tryPackets(question, judgement);
    return found.kind === 'different' ? found : effect;
  }
  if (effect.kind !== 'different' || !few) return effect;
  // Where nobody but endpoints sends such packets, they are told as connections of a service to itself.
  const senders = new Set(judgement.flows.senders.map(({ address }) => address));
  const hairpins = effect.flows.every(({ sender }) => !senders.has(sender.address)) ? hairpinsThrough(question, judgement) : [];
  if (hairpins.length > 0) return { kind: 'different', flows: hairpins };
  const through = differencesThrough(
    judgement,
    table.after.name,
    before === undefined ? undefined : { chain: chain.before.name, rule: before },
    after === undefined ? undefined : { chain: chain.after.name, rule: after },
  );
  const known = new Set(effect.flows.map(flowName));
  const others = through.filter((flow) => !known.has(flowName(flow))).slice(0, MAX_LED_AGAIN);
  // A service at which packets of every sender were led through both sides already is told as they were.
  const agreed = effect.flows.filter(({ frontend }) => frontend === undefined || judgement.flows.byFrontend.has(frontend.key));
  const exact = agreed.length > 0 ? agreed : effect.flows;
  const sure = exact.filter(({ onlyIf }) => onlyIf.length === 0);
  return { kind: 'different', flows: [...sure, ...others, ...exact.filter(({ onlyIf }) => onlyIf.length > 0)] };
}

/** Packets to services that are led through both sides again for one rule. */
const MAX_LED_AGAIN = 200;

/** Rules beyond which many changes decide about one packet: the packets that services show are told then, each as it was and is. */
const FEW_RULES = 4;

/** Whether so little changed that what a packet shows is the work of the rule it was made for. */
export function changesFew({ differences }: Judgement): boolean {
  let rules = 0;
  for (const { changed, added, removed } of differences.tables) rules += changed.reduce((sum, chain) => sum + chain.rules.length, 0) + (added.length > 4 || removed.length > 4 ? FEW_RULES : 0);
  return rules <= FEW_RULES;
}

function flowName({ packet, sender }: FlowDifference): string {
  return `${sender.kind} ${sender.endpoint ?? ''} ${packet.protocol} ${packet.source} ${packet.destination} ${packet.destinationPort}`;
}
