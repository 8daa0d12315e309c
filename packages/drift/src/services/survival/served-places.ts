import { SOME_NODE_ADDRESS } from '../../proxy/facts/node-world.ts';
import { ownAddresses } from '../../proxy/facts/own-interfaces.ts';
import type { ServiceFrontend, ServiceTable } from '../../proxy/service-table.ts';
import type { ServiceAddress, ServedSide } from './served.ts';

/** Every address and port of a service that either side has; a node port at each address of the node and at loopback. */
export function servedPlaces(tables: readonly [ServiceTable, ServiceTable], sides: readonly ServedSide[]): ServiceAddress[] {
  const nodeAddresses = nodeAddressesOf(tables, sides);
  const places = new Map<string, ServiceAddress>();
  for (const [index, { servicePorts }] of tables.entries()) {
    for (const { name, named, frontends } of servicePorts) {
      for (const frontend of frontends)
        if (frontend.fwmark === undefined) addPlaces(places, { name, named, frontend, isAfter: index === 1 }, nodeAddresses);
    }
  }
  return [...places.values()].sort((one, other) => (one.place < other.place ? -1 : 1));
}

interface Listed {
  readonly name: string;
  readonly named: boolean;
  readonly frontend: ServiceFrontend;
  readonly isAfter: boolean;
}

function addPlaces(
  places: Map<string, ServiceAddress>,
  { name, named, frontend, isAfter }: Listed,
  nodeAddresses: readonly string[],
): void {
  const { purpose, protocol, port } = frontend;
  const addresses =
    purpose === 'node port'
      ? [...new Set([...frontend.addresses, ...nodeAddresses.filter((address) => isOfFamily(address, frontend))])]
      : frontend.addresses;
  for (const address of addresses) {
    const place = `${protocol} ${address.includes(':') ? `[${address}]` : address}:${port}`;
    const known = places.get(place);
    const found = known ?? { service: name, named, purpose, place, protocol, address, port };
    if (!found.named && named) Object.assign(found, { service: name, named });
    if (isAfter) found.after ??= frontend;
    else found.before ??= frontend;
    places.set(place, found);
  }
}

function isOfFamily(address: string, { addresses, family }: ServiceFrontend): boolean {
  if (family !== undefined) return address.includes(':');
  const [first] = addresses;
  return first === undefined || first.includes(':') === address.includes(':');
}

/** The node's own addresses at which node ports are asked: those that any side names, and loopback. */
function nodeAddressesOf(tables: readonly ServiceTable[], sides: readonly ServedSide[]): string[] {
  const found = new Set<string>();
  for (const { servicePorts } of tables) {
    for (const { frontends } of servicePorts)
      for (const { purpose, addresses } of frontends) if (purpose === 'node port') for (const address of addresses) found.add(address);
  }
  for (const { model, knowledge } of sides) {
    for (const address of knowledge.nodeAddresses) found.add(address);
    for (const address of ownAddresses(model)) if (!address.startsWith('fe80:')) found.add(address);
  }
  const hasOwn = [...found].some((address) => !isLoopback(address) && !address.includes(':'));
  return [...found, ...(hasOwn ? [] : [SOME_NODE_ADDRESS.ipv4]), '127.0.0.1'].filter((address) => address !== '::1');
}

/** Whether only the node itself can send to an address. */
export const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';
