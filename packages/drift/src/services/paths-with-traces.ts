import { addressText } from '../state/address-range.ts';
import type { Value } from '../world/field.ts';
import { isLocal, isLoopback } from '../world/local-addresses.ts';
import { prefixBounds, toAddress } from '../world/values.ts';
import type { Outcome } from '../packets/outcome.ts';
import { PROTOCOL_NUMBERS } from '../packets/packet.ts';
import type { FirstPacket, Trace, Tracer } from '../packets/traced.ts';
import { SOME_NODE_ADDRESS } from '../proxy/facts/node-world.ts';
import { OUTSIDE_ADDRESS } from '../proxy/facts/pod-addresses.ts';
import type { World } from '../world/world.ts';
import { SENDERS, SOURCE_PORT } from '../proxy/senders.ts';
import type { ServiceFrontend, ServicePath, SourceKind } from '../proxy/service-table.ts';

/** Addresses from which a node is asked. */
export interface TraceSources {
  /** Missing: nothing tells what a pod's address looks like. */
  readonly pod?: Value;
  readonly node: Value;
  readonly outside: Value;
}

/** Senders of a family, by the address of a pod where one is known, and by the node's own addresses. */
export function traceSources(family: 'ipv4' | 'ipv6', pod: bigint | undefined, nodeAddresses: readonly string[]): TraceSources {
  const value = (text: string): Value => toAddress(text) ?? 0;
  const own = nodeAddresses.find((address) => address.includes(':') === (family === 'ipv6'));
  return {
    ...(pod === undefined ? {} : { pod: value(addressText(pod)) }),
    node: value(own ?? SOME_NODE_ADDRESS[family]),
    outside: value(OUTSIDE_ADDRESS[family]),
  };
}

/** Where a packet goes. */
export interface TraceDestination {
  readonly protocol: number;
  readonly address: Value;
  readonly port: number;
}

/**
 * What becomes of a new connection from each kind of source to a place, by the trace of its first packet. `ranges`: the outside packet
 * comes from the first.
 */
export function pathsWithTraces(
  tracer: Tracer,
  sources: TraceSources,
  to: TraceDestination,
  ranges: readonly string[] | undefined,
): { readonly paths: readonly ServicePath[]; readonly traces: ReadonlyMap<SourceKind, Trace> } {
  const traces = new Map<SourceKind, Trace>();
  const paths = SENDERS.flatMap((from): ServicePath[] => {
    const source = sourceOf(from, tracer, sources, to, ranges);
    if (source === undefined) return [];
    const trace = tracer.trace(firstPacketTo(to, source, from));
    traces.set(from, trace);
    return [pathOf(from, trace)];
  });
  return { paths, traces };
}

/** The first packet of a connection to a place. */
export function firstPacketTo({ protocol, address, port }: TraceDestination, source: Value, from: SourceKind): FirstPacket {
  return { protocol, source, destination: address, sourcePort: SOURCE_PORT, destinationPort: port, own: from === 'node' };
}

/** Where connections to a service port go; to a node port at any address of the node. Undefined for a protocol without ports. */
export function destinationOf({ protocol, addresses, port }: ServiceFrontend, family: 'ipv4' | 'ipv6'): TraceDestination | undefined {
  const address = toAddress(addresses[0] ?? SOME_NODE_ADDRESS[family]);
  const number = PROTOCOL_NUMBERS.get(protocol);
  return address === undefined || number === undefined ? undefined : { protocol: number, address, port };
}

/**
 * The source of a sender; what the node sends to an address of its own has that address. IPVS keeps what comes from loopback on the node:
 * what it has been told for a loopback address is seen from the node's other addresses.
 */
export function sourceOf(
  from: SourceKind,
  { world }: Tracer,
  sources: TraceSources,
  to: { readonly address: Value },
  ranges: readonly string[] | undefined,
): Value | undefined {
  if (from === 'pod') return sources.pod;
  if (from === 'node') return isLocal(world.addresses, to.address) === true && !isKeptByIpvs(world, to.address) ? to.address : sources.node;
  return (ranges === undefined ? undefined : insideOf(ranges)) ?? sources.outside;
}

/** Whether IPVS may have a service at a loopback address, which it lets the node itself use for destinations on the node alone. */
export function isKeptByIpvs({ ipvs }: World, address: Value): boolean {
  return ipvs !== undefined && ipvs.byAddress.entries.length > 0 && isLoopback(address);
}

function insideOf(ranges: readonly string[]): Value | undefined {
  for (const range of ranges) {
    const [text = '', length] = range.split('/');
    const address = toAddress(text);
    if (address === undefined) continue;
    if (length === undefined) return address;
    if (!Number.isInteger(Number(length))) continue;
    const [low, high] = prefixBounds(address, Number(length));
    return low === high ? low : typeof low === 'bigint' ? low + 1n : low + 1;
  }
  return undefined;
}

/** What a trace comes to: delivered where a part of it is. */
function pathOf(from: SourceKind, { outcomes }: Trace): ServicePath {
  const delivered = outcomes.filter(({ verdict }) => verdict === 'delivered');
  if (delivered.length > 0) {
    const shares = new Map<string, number>();
    for (const { endpoint, share } of delivered) shares.set(endpoint?.text ?? '', (shares.get(endpoint?.text ?? '') ?? 0) + share);
    const endpoints = [...shares].map(([address, share]) => ({ address, share }));
    const isKnown = delivered.every(({ source }) => source !== 'unknown');
    return {
      from,
      verdict: 'delivered',
      endpoints,
      ...(isKnown ? { masqueraded: delivered.some(({ source }) => source === 'replaced') } : {}),
    };
  }
  const verdicts = outcomes.map((outcome): ServicePath['verdict'] => VERDICTS[outcome.verdict]);
  const [first = 'unknown'] = verdicts;
  const verdict = verdicts.every((one) => one === first) ? first : 'unknown';
  return { from, verdict, endpoints: [], ...(verdict === 'unknown' ? { reason: 'cannot tell' } : {}) };
}

const VERDICTS: Readonly<Record<Outcome['verdict'], ServicePath['verdict']>> = {
  delivered: 'delivered',
  node: 'passed',
  leaves: 'passed',
  refused: 'refused',
  dropped: 'dropped',
  unknown: 'unknown',
};
