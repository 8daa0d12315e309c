import { addressFamily } from '../state/address-range.ts';

/** The first packet of a flow, with everything about it known. */
export interface Packet {
  /** Lower case. */
  readonly protocol: string;
  readonly protocolNumber: number;
  readonly source: bigint;
  readonly sourcePort: number;
  readonly destination: bigint;
  readonly destinationPort: number;
}

/** Numbers of the protocols that services use. */
export const PROTOCOL_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['icmp', 1],
  ['tcp', 6],
  ['udp', 17],
  ['sctp', 132],
]);

/** The family of a packet's addresses. */
export function familyOf({ destination }: Packet): 'ipv4' | 'ipv6' {
  return addressFamily(destination);
}
