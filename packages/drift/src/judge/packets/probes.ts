import { addressFamily, addressNumber, addressText, blockRange, inRange } from '../../state/address-range.ts';
import type { Frontend } from '../../services/frontends.ts';
import { SOME_NODE_ADDRESS } from '../../proxy/facts/node-world.ts';
import { isBridgeOfOthers } from '../../proxy/names/other-bridges.ts';
import { OUTSIDE_ADDRESS } from '../../proxy/facts/pod-addresses.ts';
import { isLoopback } from '../../services/survival/served-places.ts';
import { SOURCE_PORT } from '../../proxy/senders.ts';
import { type Packet, PROTOCOL_NUMBERS } from '../../packets/packet.ts';
import type { Value } from '../../world/field.ts';
import { routed, type Routing } from '../../world/routing.ts';
import { toAddress } from '../../world/values.ts';
import type { SideView } from '../side.ts';

/** Who sends a packet. An endpoint sends to its own service, and chance leads it back to itself. */
export type SenderKind = 'pod' | 'node' | 'outside' | 'endpoint';

/** A sender to ask for: an address of its kind. */
export interface Sender {
  readonly kind: SenderKind;
  readonly address: bigint;
  readonly hook: 'PREROUTING' | 'OUTPUT';
  /** Of an endpoint: itself with its port, the only place that its packet is led to. */
  readonly endpoint?: string;
}

/**
 * The senders to ask for: pods inside each cluster CIDR that either snapshot names, an address outside, and the node itself.
 * Addresses are taken from the ranges in the rules, and are no endpoint.
 */
export function sendersOf(before: SideView, after: SideView, family: 'ipv4' | 'ipv6'): Sender[] {
  const senders: Sender[] = [];
  for (const address of podAddresses(before, after, family)) senders.push({ kind: 'pod', address, hook: 'PREROUTING' });
  senders.push({ kind: 'outside', address: addressNumber(OUTSIDE_ADDRESS[family]) as bigint, hook: 'PREROUTING' });
  senders.push({ kind: 'node', address: addressNumber(SOME_NODE_ADDRESS[family]) as bigint, hook: 'OUTPUT' });
  return senders;
}

/**
 * Whether a sender's packets may arrive by an interface: those of pods do by none that is known to be of others, and where the routes are
 * given those of nobody to whom the node answers by another one.
 */
export function isAt({ kind, address }: Sender, arrivesBy: string | undefined, routings: readonly (Routing | undefined)[]): boolean {
  if (arrivesBy === undefined) return true;
  if ((kind === 'pod' || kind === 'endpoint') && isBridgeOfOthers(arrivesBy)) return false;
  const source = toAddress(addressText(address));
  return routings.every((routing) => {
    const way = routing === undefined || source === undefined ? undefined : routed(routing, source, 0);
    return way?.kind !== 'out' || isNamed(way.device, arrivesBy);
  });
}

/** The routes of the sides, where they show some. */
export function routingsOf(family: 'ipv4' | 'ipv6', ...sides: readonly SideView[]): (Routing | undefined)[] {
  return sides.map(({ routing }) => routing(family));
}

/** An address of each network to which the node has a route by an interface, but for what goes by default. */
export function neighboursAt(arrivesBy: string, routings: readonly (Routing | undefined)[]): Value[] {
  const found = new Set<Value>();
  for (const routing of routings) {
    for (const [length, routes] of routing?.tables.get('main') ?? [])
      for (const [low, to] of routes)
        if (length > 0 && typeof to === 'object' && to.kind === 'out' && isNamed(to.device, arrivesBy)) found.add(insideOf(low, length));
  }
  return [...found];
}

/** `eth0`, or `cali+` for all that begin so. */
function isNamed(device: string, pattern: string): boolean {
  return pattern.endsWith('+') ? device.startsWith(pattern.slice(0, -1)) : device === pattern;
}

/** An address some way into a network; that of one host is its own. */
function insideOf(low: Value, length: number): Value {
  const bits = (typeof low === 'bigint' ? 128 : 32) - length;
  const step = bits > 10 ? 0x309 : bits >= 4 ? 9 : bits >= 1 ? 1 : 0;
  return typeof low === 'bigint' ? low + BigInt(step) : low + step;
}

/** The addresses that rules translate to. */
function translatedAddresses(...sides: readonly SideView[]): Set<bigint> {
  const addresses = new Set<bigint>();
  for (const { model } of sides) {
    for (const { chains } of model.tables.values()) {
      for (const { rules } of chains.values())
        for (const { target } of rules) if (target.kind === 'dnat' && target.address !== undefined) addresses.add(target.address);
    }
  }
  return addresses;
}

function destinationAddresses(...sides: readonly SideView[]): Set<bigint> {
  const addresses = new Set<bigint>();
  for (const { model } of sides) {
    for (const service of model.ipvs?.services.values() ?? []) {
      for (const { address } of service.destinations.values()) {
        const number = addressNumber(address);
        if (number !== undefined) addresses.add(number);
      }
    }
  }
  return addresses;
}

function podAddresses(before: SideView, after: SideView, family: 'ipv4' | 'ipv6'): bigint[] {
  const destinations = destinationAddresses(before, after);
  const endpoints = new Set([...destinations, ...translatedAddresses(before, after)]);
  const blocks = new Set<string>();
  for (const { facts } of [before, after])
    for (const block of facts.clusterCidr?.value.split(' and ') ?? []) if (block.includes('/')) blocks.add(block);
  const ranges = [...blocks].map(blockRange).filter((range) => range !== undefined);
  ranges.sort((one, other) => Number(one.high - one.low - (other.high - other.low)) || Number(one.low - other.low));
  const addresses: bigint[] = [];
  for (const [index, range] of ranges.entries()) {
    if (addressFamily(range.low) !== family) continue;
    const narrower = ranges.slice(0, index);
    const address = freeAddress(range, (candidate) => !endpoints.has(candidate) && !narrower.some((other) => inRange(other, candidate)));
    if (address !== undefined) addresses.push(address);
  }
  if (addresses.length > 0) return addresses;
  const neighbours = commonBlock(destinations, family);
  const neighbour = neighbours === undefined ? undefined : freeAddress(neighbours, (candidate) => !endpoints.has(candidate));
  return neighbour === undefined ? [] : [neighbour];
}

/** The network in which most destinations of IPVS are: there pods live. */
function commonBlock(endpoints: ReadonlySet<bigint>, family: 'ipv4' | 'ipv6'): ReturnType<typeof blockRange> {
  const counts = new Map<string, number>();
  for (const address of endpoints) {
    if (addressFamily(address) !== family) continue;
    const range = blockRange(`${addressText(address)}/${family === 'ipv6' ? 64 : 24}`);
    if (range !== undefined) counts.set(addressText(range.low), (counts.get(addressText(range.low)) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([one, many], [other, few]) => few - many || (one < other ? -1 : 1));
  return most === undefined ? undefined : blockRange(`${most[0]}/${family === 'ipv6' ? 64 : 24}`);
}

/** An address that looks like one: some way into the range, not at its edge. */
function freeAddress(range: { readonly low: bigint; readonly high: bigint }, free: (address: bigint) => boolean): bigint | undefined {
  const size = range.high - range.low + 1n;
  const starts = [size > 1024n ? 0x309n : 9n % size, size / 2n, 1n % size];
  for (const start of starts) {
    for (let step = 0n; step < 300n && start + step < size; step++) if (free(range.low + start + step)) return range.low + start + step;
  }
  return undefined;
}

/** The families in which a frontend may be asked for: a node port on every address answers in each of which there are rules. */
export function familiesOf({ address }: Frontend, ...sides: readonly SideView[]): ('ipv4' | 'ipv6')[] {
  if (address !== undefined) return [address.includes(':') ? 'ipv6' : 'ipv4'];
  const found = (['ipv4', 'ipv6'] as const).filter((family) => sides.some(({ model }) => model.tables.has(`${family} nat`)));
  return found.length === 0 ? ['ipv4'] : found;
}

/** The first packet of a connection from a sender to a frontend, or undefined for a protocol without ports. */
export function packetTo(frontend: Frontend, sender: Sender, ...sides: readonly SideView[]): Packet | undefined {
  const destination = addressNumber(frontend.address ?? SOME_NODE_ADDRESS[addressFamily(sender.address)]);
  const protocolNumber = PROTOCOL_NUMBERS.get(frontend.protocol);
  if (destination === undefined || protocolNumber === undefined) return undefined;
  // Nobody else sends to the loopback address of a node.
  if (sender.hook === 'PREROUTING' && isLoopback(frontend.address ?? '')) return undefined;
  return {
    protocol: frontend.protocol,
    protocolNumber,
    // From the node, a connection to an address of its own has that address as its source: that of every service in ipvs mode.
    source:
      sender.kind === 'node' && sides.some((side) => side.model.ipvs?.services.has(frontend.key) === true) ? destination : sender.address,
    sourcePort: SOURCE_PORT,
    destination,
    destinationPort: frontend.port,
  };
}
