import { parseProtocol } from '@netdrift/core';
import type { Element, IcmpElement, InterfaceElement, PortElement } from '../ast.ts';
import { type AddressMask, holdsAddress } from './addresses.ts';
import { and, decided, type Membership } from './membership.ts';
import type { Direction, Packet } from './packet.ts';

/** What an element is compared with besides the packet. */
export interface ElementPlace {
  /** The side of the packet that the element's dimension looks at. */
  readonly direction: Direction;
  /** `bitmap:port` has ports without a protocol; the hash types take such a port for one of TCP. */
  readonly method: 'hash' | 'bitmap';
  readonly mask: AddressMask;
  readonly markmask: number;
  /** The interface's name stands for all that begin with it. */
  readonly wildcard: boolean;
}

const TCP = 6;
const UDP = 17;
const ICMP = 1;
const ICMPV6 = 58;
/** Protocols whose packets have ports or a type and code: Linux net/netfilter/ipset/ip_set_getport.c `get_port`. */
const PORTED: readonly number[] = [TCP, UDP, 132, 136];
const TYPED: readonly number[] = [ICMP, ICMPV6];

/** Whether one element of a member fits the packet. */
export function elementHolds(element: Element, packet: Packet, place: ElementPlace): Membership {
  switch (element.kind) {
    case 'AddressElement':
    case 'NetElement':
    case 'AddressRangeElement': {
      const address = packet.addresses[place.direction];
      return decided(address === undefined ? undefined : holdsAddress(element, address, place.mask));
    }
    case 'PortElement':
      return portHolds(element, packet, place);
    case 'IcmpElement':
      return icmpHolds(element, packet);
    case 'MacElement':
      return decided(compareText(place.direction === 'src' ? packet.fields.sourceMac : packet.fields.destinationMac, element.mac));
    case 'MarkElement':
      return decided(packet.fields.mark === undefined ? undefined : ((packet.fields.mark ^ element.mark) & place.markmask) === 0);
    case 'InterfaceElement':
      return interfaceHolds(element, packet, place);
    case 'NameElement':
    case 'SetElement':
      return 'unknown';
  }
}

function compareText(found: string | null | undefined, wanted: string): boolean | undefined {
  return found === undefined ? undefined : found !== null && found.toUpperCase() === wanted;
}

function portHolds({ protocol, port, last = port }: PortElement, packet: Packet, { direction, method }: ElementPlace): Membership {
  const found = direction === 'src' ? packet.fields.sourcePort : packet.fields.destinationPort;
  const wanted = protocol === undefined ? undefined : parseProtocol(protocol)?.number;
  if (protocol !== undefined && wanted === undefined) return 'unknown';
  const protocols = wanted !== undefined ? [wanted] : method === 'bitmap' ? [TCP, UDP] : [TCP];
  const sameProtocol = decided(packet.protocol === undefined ? undefined : protocols.includes(packet.protocol));
  if (wanted !== undefined && !PORTED.includes(wanted)) return and(sameProtocol, decided(port === 0));
  const whole = decided(packet.fields.laterFragment !== true);
  return and(and(sameProtocol, whole), decided(found === undefined ? undefined : port <= found && found <= last));
}

function icmpHolds({ protocol, type, code }: IcmpElement, { protocol: found, fields }: Packet): Membership {
  const wanted = parseProtocol(protocol)?.number;
  const sameProtocol = decided(found === undefined || wanted === undefined ? undefined : found === wanted && TYPED.includes(found));
  const sameType = decided(fields.icmpType === undefined ? undefined : fields.icmpType === type);
  const sameCode = decided(fields.icmpCode === undefined ? undefined : fields.icmpCode === code);
  return and(and(sameProtocol, decided(fields.laterFragment !== true)), and(sameType, sameCode));
}

function interfaceHolds({ name, physdev }: InterfaceElement, { fields }: Packet, { direction, wildcard }: ElementPlace): Membership {
  const plain = direction === 'src' ? fields.inInterface : fields.outInterface;
  const bridged = direction === 'src' ? fields.physicalIn : fields.physicalOut;
  const found = physdev === true ? bridged : plain;
  if (found === undefined) return 'unknown';
  return decided(found !== null && (wildcard ? found.startsWith(name) : found === name));
}
