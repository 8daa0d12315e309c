import { CHAIN } from '../proxy/names/fixed-names.ts';
import { addressText } from '../state/address-range.ts';
import { isLocal } from '../world/local-addresses.ts';
import { type Asked, wholeName } from '../world/asked.ts';
import type { Value } from '../world/field.ts';
import { addressOf, toAddress } from '../world/values.ts';
import type { LocalAddresses } from '../world/world.ts';
import { type FlowTables, type Met, metOf } from './flow-tables.ts';
import { decidedByOf, endpointsOf, type FlowEndpoint, type FlowVerdict, masqueradedOf, VERDICTS, type Way, waysOf } from './flow-ways.ts';
import type { Packet } from './packet.ts';
import type { Trace } from './traced.ts';
import type { Hop } from './traveller.ts';

/** A condition that the listings do not decide, and the value taken for it. */
export interface Supposition {
  readonly condition: string;
  readonly asks?: Asked;
  readonly holds: boolean;
}

/** Where a packet enters: from outside and from pods, or from the node itself. */
export type EntryHook = 'PREROUTING' | 'OUTPUT';

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
export function canHold(conditions: readonly Supposition[]): boolean {
  const names = new Map<string, string>();
  return conditions.every(({ asks }) => {
    const { side, name } = wholeName(asks) ?? {};
    if (side === undefined || name === undefined) return true;
    const known = names.get(side) ?? name;
    names.set(side, known);
    return known === name;
  });
}

function flowOf(trace: Trace, tables: FlowTables, towards: string | undefined): Flow {
  const { ways, told, verdict } = waysOf(trace, tables, towards);
  const [{ outcome }] = told;
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
        .map(({ text, asks, holds }) => ({ condition: text, ...(asks === undefined ? {} : { asks }), holds })),
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
  return [...unsure].sort().map((address) => ({
    condition: `${address} is an address of this node`,
    asks: { kind: 'own address', of: { address } },
    holds: false,
  }));
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
      target.chain !== CHAIN.markDrop &&
      tables.table(met.table)?.chains.has(target.chain) === true &&
      kept.at(-1)?.chain !== target.chain;
    if (!isIdle) kept.push(met);
  }
  return kept.reverse();
}

/** What a sender and an endpoint can tell apart, as text: equal for flows that are treated alike. */
export function flowSignature(flow: Flow): string {
  const endpoints = flow.endpoints.map(
    ({ address, share, masqueraded }) => `${address} ${share.toPrecision(4)}${masqueraded === undefined ? '' : ` ${masqueraded}`}`,
  );
  const rest = (flow.rest ?? []).map(({ verdict, share }) => `${verdict} ${share.toPrecision(4)}`);
  return [flow.verdict, String(flow.masqueraded ?? '-'), ...endpoints, ...rest].join(' ');
}
