import { addressText } from '../state/address-range.ts';
import type { RuleEntry, RuleTable } from '../state/model.ts';
import { isLocal } from '../world/local-addresses.ts';
import type { Value } from '../world/field.ts';
import { addressOf, toAddress } from '../world/values.ts';
import type { LocalAddresses } from '../world/world.ts';
import type { Outcome } from './outcome.ts';
import type { Packet } from './packet.ts';
import type { Share } from './shares.ts';
import type { Trace, Tracer } from './traced.ts';
import type { Hop } from './traveller.ts';

/** A rule that a packet met, or the policy of a chain (`number` 0). */
export interface Met {
  readonly table: string;
  readonly chain: string;
  readonly number: number;
  readonly rule?: RuleEntry;
}

/** A condition that the listings do not decide, and the value taken for it. */
export interface Supposition {
  readonly condition: string;
  readonly holds: boolean;
}

/** Where a packet enters: from outside and from pods, or from the node itself. */
export type EntryHook = 'PREROUTING' | 'OUTPUT';

/** A world that packets are led through, and its rules as the model has them. */
export interface FlowTables {
  readonly tracer: Tracer;
  readonly table: (name: string) => RuleTable | undefined;
}

/** What becomes of a part of a flow. */
export type FlowVerdict = 'delivered' | 'refused' | 'dropped' | 'passed' | 'unknown';

/** What becomes of the first packet of a flow. */
export interface Flow {
  /** `passed`: no service takes it, it goes on to its own destination. `refused`: the sender is told. */
  readonly verdict: FlowVerdict;
  readonly endpoints: readonly FlowEndpoint[];
  /** Where one client always gets one and the same of the endpoints, by its address: a range of addresses that a rule translates to. */
  readonly oneEach?: true;
  /** The firewall-mark service that leads it to them, where one leads all of it. */
  readonly markService?: string;
  /** True where IPVS leads it to them. */
  readonly balanced?: true;
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
  readonly verdict: FlowVerdict;
  readonly share: number;
  readonly decidedBy?: Met | 'ipvs';
}

/** The flows of {@link eachFlow}, all of them. */
export function flowsOf(tables: FlowTables, packet: Packet, hook: EntryHook): Flow[] {
  return [...eachFlow(tables, packet, hook)];
}

/**
 * What becomes of a packet: first where every condition that no listing decides is as it usually is, then where one of them is not, and so
 * on.
 *
 * One by one: each costs a walk. With `towards` only the part that gets to this endpoint, where one does.
 */
export function* eachFlow(tables: FlowTables, packet: Packet, hook: EntryHook, towards?: string): Generator<Flow, undefined> {
  const source = toAddress(addressText(packet.source));
  const destination = toAddress(addressText(packet.destination));
  if (source === undefined || destination === undefined) return;
  const { protocolNumber: protocol, sourcePort, destinationPort } = packet;
  const first = { protocol, source, destination, sourcePort, destinationPort, own: hook === 'OUTPUT' };
  for (const trace of tables.tracer.traces(first)) yield flowOf(trace, tables, towards);
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
const VERDICTS: readonly FlowVerdict[] = ['unknown', 'delivered', 'passed', 'refused', 'dropped'];

/** One way of a trace as flows tell it. */
interface Way {
  readonly share: number;
  readonly verdict: FlowVerdict;
  readonly endpoint?: string;
  /** Missing = no nat table was given, or it cannot be told. */
  readonly masqueraded?: boolean;
  readonly outcome: Outcome;
}

function flowOf(trace: Trace, tables: FlowTables, towards: string | undefined): Flow {
  const all = trace.outcomes.map((outcome) => wayOf(outcome, tables));
  const meant = towards === undefined ? [] : all.filter(({ endpoint, verdict }) => endpoint === towards && verdict === 'delivered');
  const ways = meant.length > 0 ? meant : all;
  const verdict = VERDICTS.find((one) => ways.some((way) => way.verdict === one)) ?? 'unknown';
  const told = ways.filter((way) => way.verdict === verdict);
  const [first] = told as [Way];
  const { outcome } = first;
  const masqueraded = masqueradedOf(told);
  const path = pathOf(outcome.hops, tables);
  const decidedBy = decidedByOf(outcome, tables);
  const service = told.every((way) => way.outcome.service === outcome.service) ? outcome.service : undefined;
  return {
    verdict,
    endpoints: verdict === 'delivered' ? endpointsOf(told) : [],
    ...(told.length > 1 && told.every((way) => way.outcome.chosenBy === 'client' && way.outcome.service === undefined)
      ? { oneEach: true as const }
      : {}),
    ...(service?.fwmark === undefined ? {} : { markService: service.key }),
    ...(outcome.service === undefined ? {} : { balanced: true as const }),
    ...(verdict === 'unknown' || told.length === ways.length ? {} : { rest: restOf(ways, verdict, tables) }),
    ...(masqueraded === undefined || verdict === 'refused' || verdict === 'dropped' || verdict === 'unknown' ? {} : { masqueraded }),
    ...(decidedBy === undefined ? {} : { decidedBy }),
    path,
    suppositions: [
      ...trace.conditions
        .filter(({ about }) => about === 'rule' || about === 'interface')
        .map(({ text, holds }) => ({ condition: text, holds })),
      ...elsewhere(
        ways.flatMap((way) => (way.outcome.endpoint === undefined ? [] : [way.outcome.endpoint.address])),
        tables.tracer.world.addresses,
      ),
    ],
    ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
  };
}

/** What is delivered to the node itself takes another way: endpoints that are no pods, and may be this node, are taken not to be. */
export function elsewhere(endpoints: readonly Value[], addresses: LocalAddresses): Supposition[] {
  if (addresses.pods.length === 0) return [];
  const unsure = new Set(endpoints.filter((address) => isLocal(addresses, address) === undefined).map(addressOf));
  return [...unsure].sort().map((address) => ({ condition: `${address} is an address of this node`, holds: false }));
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

/** Undefined where it cannot be told, or where chance decides about one and the same endpoint. */
function masqueradedOf(ways: readonly Way[]): boolean | undefined {
  const byEndpoint = new Map<string | undefined, boolean>();
  for (const { endpoint, masqueraded } of ways) {
    if (masqueraded === undefined) return undefined;
    if (byEndpoint.has(endpoint) && byEndpoint.get(endpoint) !== masqueraded) return undefined;
    byEndpoint.set(endpoint, masqueraded);
  }
  return ways.some(({ masqueraded }) => masqueraded === true);
}

function endpointsOf(ways: readonly Way[]): FlowEndpoint[] {
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

function restOf(ways: readonly Way[], verdict: FlowVerdict, tables: FlowTables): FlowRest[] {
  return VERDICTS.filter((one) => one !== verdict).flatMap((one) => {
    const others = ways.filter((way) => way.verdict === one);
    const [first] = others;
    if (first === undefined) return [];
    const decidedBy = decidedByOf(first.outcome, tables);
    return [{ verdict: one, share: others.reduce((sum, { share }) => sum + share, 0), ...(decidedBy === undefined ? {} : { decidedBy }) }];
  });
}

function decidedByOf({ decidedBy }: Outcome, tables: FlowTables): Met | 'ipvs' | undefined {
  if (decidedBy === 'ipvs') return decidedBy;
  return decidedBy === undefined || decidedBy === 'routing' ? undefined : metOf(decidedBy, tables);
}

/** Tables whose policies are told where a packet passes them; those of others are mostly of empty chains. */
const POLICIES_TOLD = new Set(['nat', 'filter']);

/**
 * The rules that did something: a jump into a chain where nothing happened is no part of the story, unless it is one to drop the packet.
 */
function pathOf(hops: readonly Hop[], tables: FlowTables): Met[] {
  const kept: Met[] = [];
  for (const hop of hops.toReversed()) {
    const met = metOf(hop, tables);
    if (met === undefined || (met.number === 0 && kept.length > 0 && !POLICIES_TOLD.has(met.table))) continue;
    const target = met.rule?.target;
    // kubelet fills KUBE-MARK-DROP, and where it has not, the jump still tells what was meant.
    const isIdle =
      target?.kind === 'jump' &&
      target.chain !== 'KUBE-MARK-DROP' &&
      tables.table(met.table)?.chains.has(target.chain) === true &&
      kept.at(-1)?.chain !== target.chain;
    if (!isIdle) kept.push(met);
  }
  return kept.reverse();
}

function metOf({ rule }: Hop, { table }: FlowTables): Met | undefined {
  if (rule === undefined) return undefined;
  const entry = rule.number === 0 ? undefined : table(rule.table)?.chains.get(rule.chain)?.rules[rule.number - 1];
  // What an unlisted chain is taken to do is no rule that anybody sees.
  if (rule.number > 0 && entry === undefined && !isOfNft(rule.table)) return undefined;
  return { table: rule.table, chain: rule.chain, number: rule.number, ...(entry === undefined ? {} : { rule: entry }) };
}

/** `ip kube-proxy`: a table of nft has its family in its name, one of iptables has not. */
const isOfNft = (table: string): boolean => table.includes(' ');

/** What a sender and an endpoint can tell apart, as text: equal for flows that are treated alike. */
export function flowSignature(flow: Flow): string {
  const endpoints = flow.endpoints.map(
    ({ address, share, masqueraded }) => `${address} ${share.toPrecision(4)}${masqueraded === undefined ? '' : ` ${masqueraded}`}`,
  );
  const rest = (flow.rest ?? []).map(({ verdict, share }) => `${verdict} ${share.toPrecision(4)}`);
  return [flow.verdict, String(flow.masqueraded ?? '-'), ...endpoints, ...rest].join(' ');
}
