import { addressFamily, addressNumber, addressText } from '../model/address-range.ts';
import type { DestinationTranslation } from '../model/condition.ts';
import { endpointText } from '../model/ipvs-table.ts';
import type { Packet } from './packet.ts';

/** A packet after its destination was translated. */
export interface Translated {
  readonly packet: Packet;
  /** Where it goes, as `10.244.0.2:53`. */
  readonly endpoint: string;
  /** It goes to the node itself, whatever its address is. */
  readonly toNode: boolean;
}

const LOOPBACK = { ipv4: addressNumber('127.0.0.1') as bigint, ipv6: addressNumber('::1') as bigint } as const;

/** What a DNAT or REDIRECT makes of a packet. Of a range of addresses or ports the first one stands for all. */
export function translated(packet: Packet, target: DestinationTranslation, isLocal: (address: bigint) => boolean | undefined): Translated {
  if (target.toNode === true) {
    const destinationPort = target.port ?? packet.destinationPort;
    // REDIRECT takes the address of the interface, which nobody shows.
    const destination = isLocal(packet.destination) === true ? packet.destination : LOOPBACK[familyOf(packet)];
    return { packet: { ...packet, destination, destinationPort }, endpoint: `this node:${destinationPort}`, toNode: true };
  }
  const sent = sentTo(packet, target.address, target.port);
  return { packet: sent, endpoint: endpointText(addressText(sent.destination), sent.destinationPort), toNode: false };
}

/** A packet to another place; what is missing stays as it is. */
export function sentTo(packet: Packet, destination: bigint = packet.destination, destinationPort: number = packet.destinationPort): Packet {
  return { ...packet, destination, destinationPort };
}

/** The family of a packet's addresses. */
export function familyOf(packet: Packet): 'ipv4' | 'ipv6' {
  return addressFamily(packet.destination);
}
