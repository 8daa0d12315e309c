import type { Element } from '@netdrift/ipset';
import { inRange, prefixRange } from '../model/address-range.ts';
import type { IpSetEntry } from '../model/model.ts';
import type { Packet } from './packet.ts';

/**
 * Whether a packet is a member of a set, looked at through the `src`/`dst` of each dimension.
 *
 * Undefined where the listing shows no members, or where the set is of a kind whose lookup needs more than addresses and
 * ports (interfaces, marks, hardware addresses, sets of sets).
 */
export function packetInSet(
  set: IpSetEntry,
  directions: readonly string[],
  packet: Packet,
  addressText: (address: bigint) => string,
): boolean | undefined {
  if (set.members === undefined || set.type === undefined) return undefined;
  const [, kinds = ''] = set.type.split(':');
  const dimensions = kinds.split(',');
  if (dimensions.some((dimension) => !['ip', 'port', 'net'].includes(dimension))) return undefined;
  if (dimensions.includes('net')) return inNetworks(set, directions, packet);
  const bitmap = set.type.startsWith('bitmap:');
  const parts = dimensions.map((dimension, index) => {
    const fromSource = directions[index] === 'src';
    if (dimension === 'ip') return addressText(fromSource ? packet.source : packet.destination);
    const port = fromSource ? packet.sourcePort : packet.destinationPort;
    return bitmap ? String(port) : `${packet.protocol}:${port}`;
  });
  return set.members.has(parts.join(','));
}

function inNetworks(set: IpSetEntry, directions: readonly string[], packet: Packet): boolean {
  let inside = false;
  for (const member of set.members?.values() ?? []) {
    if (!member.elements.every((element, index) => inElement(element, directions[index] === 'src', packet))) continue;
    if (member.except) return false;
    inside = true;
  }
  return inside;
}

function inElement(element: Element, fromSource: boolean, packet: Packet): boolean {
  const address = fromSource ? packet.source : packet.destination;
  switch (element.kind) {
    case 'AddressElement':
      return within(element.address, 128, address);
    case 'NetElement':
      return within(element.address, element.prefixLength, address);
    case 'PortElement': {
      const port = fromSource ? packet.sourcePort : packet.destinationPort;
      const sameProtocol = element.protocol === undefined || element.protocol === packet.protocol;
      return sameProtocol && element.port <= port && port <= (element.last ?? element.port);
    }
    default:
      return false;
  }
}

function within(network: string, length: number, address: bigint): boolean {
  const range = prefixRange(network, length);
  return range !== undefined && inRange(range, address);
}
