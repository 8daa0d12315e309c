import type { Packet } from './packet.ts';
import type { Share } from './shares.ts';
import type { Met, Supposition } from './walk.ts';
import { courseOf, type FlowTables, type Hook, type Way, waysOf } from './ways.ts';

export type { FlowTables } from './ways.ts';

/** What becomes of the first packet of a flow. */
export interface Flow {
  /** `passed`: no service takes it, it goes on to its own destination. `refused`: the sender is told. */
  readonly verdict: Way['verdict'];
  readonly endpoints: readonly FlowEndpoint[];
  /** The firewall-mark service that leads it to them, where one leads all of it. */
  readonly markService?: string;
  /** What becomes of the rest, where only a part of the new connections has the verdict: chance decides. */
  readonly rest?: readonly FlowRest[];
  /** Whether its source address is replaced on any way; missing = no nat table was given, or it cannot be told. */
  readonly masqueraded?: boolean;
  /** What decided where it is refused, dropped or unknown: a rule, or `ipvs`. */
  readonly decidedBy?: Met | 'ipvs';
  readonly path: readonly Met[];
  readonly suppositions: readonly Supposition[];
  readonly reason?: string;
}

/** An endpoint of a flow. */
export interface FlowEndpoint extends Share {
  /** Whether the source address is replaced on the way to it; only where that differs among the endpoints. */
  readonly masqueraded?: boolean;
}

/** A part of the new connections that does not share the verdict of its flow. */
export interface FlowRest {
  readonly verdict: Way['verdict'];
  readonly share: number;
  readonly decidedBy?: Met | 'ipvs';
}

/** More flows than this for one packet are not told. */
const MAX_FLOWS = 16;
/** Values for the conditions that nobody can see are tried this often. */
const MAX_TRIALS = 64;

/**
 * Leads a packet through mangle (where its marks count), nat, filter, IPVS and nat again, as the kernel does: from outside and from pods by
 * PREROUTING, then INPUT (to an address of the node, or to a firewall-mark service) or FORWARD; from the node itself by OUTPUT; at the end by
 * POSTROUTING.
 *
 * One flow for each way to decide the conditions that nobody can see: the first one supposes that none of them holds, then come those where
 * one does, and so on.
 */
export function flowsOf(tables: FlowTables, packet: Packet, hook: Hook): Flow[] {
  return [...eachFlow(tables, packet, hook)];
}

/** The flows of {@link flowsOf} one by one: each costs a walk. With `towards` only the part that gets to this endpoint, where one does. */
export function* eachFlow(tables: FlowTables, packet: Packet, hook: Hook, towards?: string): Generator<Flow, undefined> {
  const course = courseOf(tables, packet, hook);
  let flows = 0;
  const trials: ReadonlySet<string>[] = [new Set()];
  const made = new Set<string>();
  for (const holding of trials) {
    const flow = flowOf(waysTowards(waysOf(course, holding), towards));
    // Where a condition is not even asked the flow is one of those before.
    if ([...holding].some((condition) => !flow.suppositions.some((supposition) => supposition.condition === condition))) continue;
    yield flow;
    if (++flows === MAX_FLOWS) return;
    for (const { condition, holds } of flow.suppositions) {
      if (holds || !canHold([...holding, condition])) continue;
      const next = new Set([...holding, condition]);
      const name = [...next].sort().join('\n');
      if (trials.length < MAX_TRIALS && !made.has(name)) trials.push(next);
      made.add(name);
    }
  }
}

function waysTowards(ways: readonly Way[], endpoint: string | undefined): readonly Way[] {
  const led = ways.flatMap((way) => (way.to ?? []).filter(({ address }) => address === endpoint).map((place): Way => ({ ...way, to: [place] })));
  return led.length === 0 ? ways : led;
}

/** Whether conditions can hold of one packet: it arrives at one interface and leaves by one. */
export function canHold(conditions: readonly string[]): boolean {
  const names = new Map<string, string>();
  for (const condition of conditions) {
    const [, option, name] = /^(-[io]) (\S*[^+])$/.exec(condition) ?? [];
    if (option === undefined || name === undefined) continue;
    if ((names.get(option) ?? name) !== name) return false;
    names.set(option, name);
  }
  return true;
}

/** In the order in which one of them gives its verdict to a flow. */
const VERDICTS: readonly Way['verdict'][] = ['unknown', 'delivered', 'passed', 'refused', 'dropped'];

/** The ways that chance divides one flow into, told together. */
function flowOf(ways: readonly Way[]): Flow {
  const verdict = VERDICTS.find((one) => ways.some((way) => way.verdict === one)) as Way['verdict'];
  const told = ways.filter((way) => way.verdict === verdict);
  const [first] = told as [Way];
  const suppositions = new Map(ways.flatMap((way) => way.suppositions.map((supposition) => [supposition.condition, supposition])));
  const masqueraded = masqueradedOf(told);
  return {
    verdict,
    endpoints: endpointsOf(told),
    ...(first.markService === undefined || told.some(({ markService }) => markService !== first.markService) ? {} : { markService: first.markService }),
    ...(verdict === 'unknown' || told.length === ways.length ? {} : { rest: restOf(ways, verdict) }),
    ...(masqueraded === undefined ? {} : { masqueraded }),
    ...(first.decidedBy === undefined ? {} : { decidedBy: first.decidedBy }),
    path: first.path,
    suppositions: [...suppositions.values()],
    ...(first.reason === undefined ? {} : { reason: first.reason }),
  };
}

/** Undefined where it cannot be told, or where chance decides about one and the same endpoint. */
function masqueradedOf(ways: readonly Way[]): boolean | undefined {
  const byEndpoint = new Map<string | undefined, boolean>();
  for (const { to, masqueraded } of ways) {
    if (masqueraded === undefined) return undefined;
    for (const endpoint of to === undefined ? [undefined] : to.map(({ address }) => address)) {
      if (byEndpoint.has(endpoint) && byEndpoint.get(endpoint) !== masqueraded) return undefined;
      byEndpoint.set(endpoint, masqueraded);
    }
  }
  return ways.some(({ masqueraded }) => masqueraded === true);
}

function endpointsOf(ways: readonly Way[]): FlowEndpoint[] {
  const differs = new Set(ways.map(({ masqueraded }) => masqueraded)).size > 1;
  const endpoints = new Map<string, FlowEndpoint>();
  for (const { to = [], share, masqueraded } of ways) {
    for (const part of to) {
      const known = endpoints.get(part.address);
      endpoints.set(part.address, { address: part.address, share: (known?.share ?? 0) + share * part.share, ...(differs && masqueraded !== undefined ? { masqueraded } : {}) });
    }
  }
  return [...endpoints.values()].sort((one, other) => (one.address < other.address ? -1 : 1));
}

function restOf(ways: readonly Way[], verdict: Way['verdict']): FlowRest[] {
  return VERDICTS.filter((one) => one !== verdict).flatMap((one) => {
    const others = ways.filter((way) => way.verdict === one);
    const [first] = others;
    if (first === undefined) return [];
    return [{ verdict: one, share: others.reduce((sum, { share }) => sum + share, 0), ...(first.decidedBy === undefined ? {} : { decidedBy: first.decidedBy }) }];
  });
}

/** What a sender and an endpoint can tell apart, as text: equal for flows that are treated alike. */
export function flowSignature(flow: Flow): string {
  const endpoints = flow.endpoints.map(({ address, share, masqueraded }) => `${address} ${share.toPrecision(4)}${masqueraded === undefined ? '' : ` ${masqueraded}`}`);
  const rest = (flow.rest ?? []).map(({ verdict, share }) => `${verdict} ${share.toPrecision(4)}`);
  return [flow.verdict, String(flow.masqueraded ?? '-'), ...endpoints, ...rest].join(' ');
}
