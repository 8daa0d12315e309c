import { parseProtocol } from '@netdrift/core';
import { buildServiceTable } from '../kubernetes/build-service-table.ts';
import { podRangesOf, worldsOf } from '../kubernetes/known-node.ts';
import type { NodeKnowledge } from '../kubernetes/node-knowledge.ts';
import { IPVS_INTERFACE, SOME_NODE_ADDRESS } from '../kubernetes/node-world.ts';
import { OUTSIDE_ADDRESS, podAddress } from '../kubernetes/pod-addresses.ts';
import type { ServiceFrontend, ServicePath, ServiceTable, SourceKind } from '../kubernetes/service-table.ts';
import { addressText } from '../model/address-range.ts';
import type { Model } from '../model/model.ts';
import { type Tracer, tracerOf } from '../packets/trace.ts';
import { toAddress } from '../world/values.ts';
import { tracedPaths, type TraceSources } from './traced-paths.ts';

type Family = 'ipv4' | 'ipv6';

/** One side of a comparison. */
export interface ServedSide {
  readonly model: Model;
  readonly knowledge: NodeKnowledge;
}

/** One address and port of a service, and what becomes of a connection from each kind of source before and after. */
export interface ServedPlace {
  readonly service: string;
  readonly named: boolean;
  readonly purpose: ServiceFrontend['purpose'];
  /** `tcp 10.96.0.10:53` */
  readonly place: string;
  readonly before?: ServiceFrontend;
  readonly after?: ServiceFrontend;
  readonly senders: readonly { readonly from: SourceKind; readonly before: ServicePath; readonly after: ServicePath }[];
}

/** What of the services survived. */
export interface Survival {
  readonly places: readonly ServedPlace[];
}

/**
 * Leads the same packets through both sides: to each address and port of a service that either side has, from a pod, from the node and from
 * outside. It does not matter which mechanism serves them.
 */
export function survivalOf(before: ServedSide, after: ServedSide): Survival {
  const podRanges = podRangesOf(...[before, after].map(({ model, knowledge }) => [model, knowledge] as const));
  const tables = [before, after].map(({ model, knowledge }) => buildServiceTable(model, knowledge, worldsOf(model, { ...knowledge, podRanges }))) as [ServiceTable, ServiceTable];
  const askers = [before, after].map((side) => askerOf(side, before, after)) as [Asker, Asker];
  const nodeAddresses = nodeAddressesOf(tables, before, after);
  const places = new Map<string, Found>();
  for (const [index, { servicePorts }] of tables.entries()) {
    for (const { name, named, frontends } of servicePorts) {
      for (const frontend of frontends) addPlaces(places, { name, named, frontend, isAfter: index === 1 }, nodeAddresses);
    }
  }
  return { places: [...places.values()].sort((one, other) => (one.place < other.place ? -1 : 1)).map((found) => comparePlace(found, askers)) };
}

interface Found {
  service: string;
  named: boolean;
  readonly purpose: ServiceFrontend['purpose'];
  readonly place: string;
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  before?: ServiceFrontend;
  after?: ServiceFrontend;
}

interface Listed {
  readonly name: string;
  readonly named: boolean;
  readonly frontend: ServiceFrontend;
  readonly isAfter: boolean;
}

function addPlaces(places: Map<string, Found>, { name, named, frontend, isAfter }: Listed, nodeAddresses: readonly string[]): void {
  const { purpose, protocol, port } = frontend;
  const addresses = purpose === 'node port' ? [...new Set([...frontend.addresses, ...nodeAddresses.filter((address) => isOfFamily(address, frontend))])] : frontend.addresses;
  for (const address of addresses) {
    const place = `${protocol} ${address.includes(':') ? `[${address}]` : address}:${port}`;
    const known = places.get(place);
    const found = known ?? { service: name, named, purpose, place, protocol, address, port };
    if (!found.named && named) Object.assign(found, { service: name, named });
    if (isAfter) found.after = frontend;
    else found.before = frontend;
    places.set(place, found);
  }
}

function isOfFamily(address: string, { addresses }: ServiceFrontend): boolean {
  const [first] = addresses;
  return first === undefined || first.includes(':') === address.includes(':');
}

/** The node's own addresses at which node ports are asked: those that any side names, and loopback. */
function nodeAddressesOf(tables: readonly ServiceTable[], ...sides: readonly ServedSide[]): string[] {
  const found = new Set<string>();
  for (const { servicePorts } of tables) {
    for (const { frontends } of servicePorts) for (const { purpose, addresses } of frontends) if (purpose === 'node port') for (const address of addresses) found.add(address);
  }
  for (const { model, knowledge } of sides) {
    for (const address of knowledge.nodeAddresses) found.add(address);
    for (const [name, { addresses }] of model.interfaces) if (name !== IPVS_INTERFACE) for (const address of addresses.keys()) if (!address.startsWith('fe80:')) found.add(address);
  }
  const hasOwn = [...found].some((address) => address !== '127.0.0.1' && address !== '::1' && !address.includes(':'));
  return [...found, ...(hasOwn ? [] : [SOME_NODE_ADDRESS.ipv4]), '127.0.0.1'].filter((address) => address !== '::1');
}

interface Asker {
  readonly tracers: Readonly<Record<Family, Tracer>>;
  readonly sources: Readonly<Record<Family, TraceSources>>;
}

/** Both sides are asked by the same packets. */
function askerOf({ model, knowledge }: ServedSide, before: ServedSide, after: ServedSide): Asker {
  const podRanges = podRangesOf([before.model, before.knowledge], [after.model, after.knowledge]);
  const nodeAddresses = [...new Set([...before.knowledge.nodeAddresses, ...after.knowledge.nodeAddresses])];
  const worlds = worldsOf(model, { ...knowledge, nodeAddresses, podRanges });
  const sourcesOf = (family: Family): TraceSources => {
    const pod = podAddress(before.model, family, podRanges) ?? podAddress(after.model, family, podRanges);
    const own = nodeAddresses.find((address) => address.includes(':') === (family === 'ipv6'));
    return {
      ...(pod === undefined ? {} : { pod: toAddress(addressText(pod)) ?? 0 }),
      node: toAddress(own ?? SOME_NODE_ADDRESS[family]) ?? 0,
      outside: toAddress(OUTSIDE_ADDRESS[family]) ?? 0,
    };
  };
  return { tracers: { ipv4: tracerOf(worlds.ipv4), ipv6: tracerOf(worlds.ipv6) }, sources: { ipv4: sourcesOf('ipv4'), ipv6: sourcesOf('ipv6') } };
}

function comparePlace(found: Found, [before, after]: readonly [Asker, Asker]): ServedPlace {
  const { service, named, purpose, place, address, port } = found;
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const protocol = parseProtocol(found.protocol)?.number ?? 0;
  const to = { protocol, address: toAddress(address) ?? 0, port };
  const ranges = found.before?.sourceRanges ?? found.after?.sourceRanges;
  const [was, is] = [before, after].map(({ tracers, sources }) => tracedPaths(tracers[family], sources[family], to, ranges).paths);
  // Nobody else sends to the loopback address.
  const senders = (was ?? []).flatMap((path) => {
    const other = is?.find(({ from }) => from === path.from);
    return other === undefined || (isLoopback(address) && path.from !== 'node') ? [] : [{ from: path.from, before: path, after: other }];
  });
  return { service, named, purpose, place, ...(found.before === undefined ? {} : { before: found.before }), ...(found.after === undefined ? {} : { after: found.after }), senders };
}

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';
