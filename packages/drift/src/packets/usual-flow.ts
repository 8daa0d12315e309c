import type { Flow } from './flow.ts';
import { type FlowTables, type Met, metOf } from './flow-tables.ts';
import { decidedByOf, endpointsOf, masqueradedOf, waysOf } from './flow-ways.ts';
import type { FirstPacket } from './traced.ts';
import type { Hop } from './traveller.ts';

/** What becomes of a packet where every condition that no listing decides is as it usually is: what a table of services tells of it. */
export type UsualFlow = Pick<Flow, 'verdict' | 'endpoints' | 'masqueraded' | 'decidedBy' | 'balanced'> & {
  /** The rules met, jumps into chains where nothing happened among them; of policies the last hop alone. */
  readonly rules: readonly Met[];
};

/** Leads a packet through a world once. */
export function usualFlow(tables: FlowTables, packet: FirstPacket): UsualFlow {
  const { told, verdict } = waysOf(tables.tracer.trace(packet), tables);
  const [{ outcome }] = told;
  const masqueraded = verdict === 'delivered' ? masqueradedOf(told) : undefined;
  const decidedBy = decidedByOf(outcome, tables);
  return {
    verdict,
    endpoints: verdict === 'delivered' ? endpointsOf(told) : [],
    ...(masqueraded === undefined ? {} : { masqueraded }),
    ...(decidedBy === undefined ? {} : { decidedBy }),
    ...(outcome.service === undefined ? {} : { balanced: true as const }),
    rules: rulesMet(outcome.hops, tables),
  };
}

function rulesMet(hops: readonly Hop[], tables: FlowTables): readonly Met[] {
  const rules: Met[] = [];
  let last: Met | undefined;
  for (const hop of hops) {
    const met = metOf(hop, tables);
    if (met === undefined) continue;
    last = met;
    if (met.number > 0) rules.push(met);
  }
  if (last?.number === 0) rules.push(last);
  return rules;
}
