import { isLocal } from '../world/local-addresses.ts';
import { type FlowTables, type Met, metOf } from './flow-tables.ts';
import type { Outcome } from './outcome.ts';
import type { Share } from './shares.ts';
import type { Trace } from './traced.ts';

/** What becomes of a part of a flow. */
export type FlowVerdict = 'delivered' | 'refused' | 'dropped' | 'passed' | 'unknown';

/** An endpoint of a flow. */
export interface FlowEndpoint extends Share {
  /** Whether the source address is replaced on the way to it; only where that differs among the endpoints. */
  readonly masqueraded?: boolean;
}

/** In the order in which one of them gives its verdict to a flow. */
export const VERDICTS: readonly FlowVerdict[] = ['unknown', 'delivered', 'passed', 'refused', 'dropped'];

/** One way of a trace as flows tell it. */
export interface Way {
  readonly share: number;
  readonly verdict: FlowVerdict;
  readonly endpoint?: string;
  /** Missing = no nat table was given, or it cannot be told. */
  readonly masqueraded?: boolean;
  readonly outcome: Outcome;
}

/** The ways of a trace, and those of them that have the verdict of the flow. */
export function waysOf(
  trace: Trace,
  tables: FlowTables,
  towards?: string,
): { readonly ways: readonly Way[]; readonly told: readonly [Way, ...Way[]]; readonly verdict: FlowVerdict } {
  const all = trace.outcomes.map((outcome) => wayOf(outcome, tables));
  const meant = towards === undefined ? [] : all.filter(({ endpoint, verdict }) => endpoint === towards && verdict === 'delivered');
  const ways = meant.length > 0 ? meant : all;
  const verdict = VERDICTS.find((one) => ways.some((way) => way.verdict === one)) ?? 'unknown';
  return { ways, told: ways.filter((way) => way.verdict === verdict) as [Way, ...Way[]], verdict };
}

const SAME: ReadonlyMap<Outcome['verdict'], FlowVerdict> = new Map([
  ['node', 'passed'],
  ['leaves', 'passed'],
]);

function wayOf(outcome: Outcome, { tracer }: FlowTables): Way {
  const { share, endpoint, source } = outcome;
  const verdict = SAME.get(outcome.verdict) ?? (outcome.verdict as FlowVerdict);
  // What is delivered to the node itself keeps its source: where the endpoint is no pod, and may be this node, that is not known.
  const { addresses } = tracer.world;
  const isUnsure =
    endpoint !== undefined && source === 'replaced' && addresses.pods.length > 0 && isLocal(addresses, endpoint.address) === undefined;
  return {
    share,
    verdict,
    ...(endpoint === undefined ? {} : { endpoint: endpoint.text }),
    ...(source === 'unknown' || isUnsure ? {} : { masqueraded: source === 'replaced' }),
    outcome,
  };
}

/** Whether the source is replaced; undefined where it cannot be told, or where chance decides about one and the same endpoint. */
export function masqueradedOf(ways: readonly Way[]): boolean | undefined {
  const [first] = ways;
  if (ways.length === 1) return first?.masqueraded;
  const byEndpoint = new Map<string | undefined, boolean>();
  for (const { endpoint, masqueraded } of ways) {
    if (masqueraded === undefined) return undefined;
    if (byEndpoint.has(endpoint) && byEndpoint.get(endpoint) !== masqueraded) return undefined;
    byEndpoint.set(endpoint, masqueraded);
  }
  return ways.some(({ masqueraded }) => masqueraded === true);
}

/** The endpoints of ways, by address. */
export function endpointsOf(ways: readonly Way[]): FlowEndpoint[] {
  const differs = new Set(ways.map(({ masqueraded }) => masqueraded)).size > 1;
  const endpoints = new Map<string, FlowEndpoint>();
  for (const { endpoint, share, masqueraded } of ways) {
    if (endpoint === undefined) continue;
    const known = endpoints.get(endpoint);
    endpoints.set(endpoint, {
      address: endpoint,
      share: (known?.share ?? 0) + share,
      ...(differs && masqueraded !== undefined ? { masqueraded } : {}),
    });
  }
  return [...endpoints.values()].sort((one, other) => (one.address < other.address ? -1 : 1));
}

/** What decided a way: a rule, or `ipvs`. */
export function decidedByOf({ decidedBy }: Outcome, tables: FlowTables): Met | 'ipvs' | undefined {
  if (decidedBy === 'ipvs') return decidedBy;
  return decidedBy === undefined || decidedBy === 'routing' ? undefined : metOf(decidedBy, tables);
}
