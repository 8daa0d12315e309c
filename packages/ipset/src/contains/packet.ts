import { addressBytes, canonicalAddress, type Family, familyOf, parseProtocol } from '@netdrift/core';

/** Which side of a packet each dimension of a set looks at, as in `--match-set NAME src,dst`. */
export type Direction = 'src' | 'dst';

/** What is known of a packet. A missing key is not known; `null` says that the packet has none. */
export interface PacketFields {
  /** One for each dimension, in order. The kernel lets a packet match no set with more dimensions than these. */
  readonly directions: readonly Direction[];
  /** Told by the addresses where one is known. */
  readonly family?: Family;
  readonly source?: string;
  readonly destination?: string;
  /** Name or number: `tcp`, `6`. */
  readonly protocol?: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  /** A fragment after the first: it has no ports. Missing is taken for no fragment. */
  readonly laterFragment?: boolean;
  readonly inInterface?: string | null;
  readonly outInterface?: string | null;
  /** The ports of a bridge the packet came in by and leaves by. */
  readonly physicalIn?: string | null;
  readonly physicalOut?: string | null;
  readonly sourceMac?: string | null;
  readonly destinationMac?: string | null;
  readonly mark?: number;
}

/** An address ready to be compared. */
export interface PacketAddress {
  readonly text: string;
  readonly bytes: readonly number[];
}

/** The fields of a packet, decoded once. */
export interface Packet {
  readonly fields: PacketFields;
  readonly family: Family | undefined;
  readonly addresses: Readonly<Record<Direction, PacketAddress | undefined>>;
  readonly protocol: number | undefined;
}

/** Decodes the fields; what is no address or protocol is taken for not known. */
export function toPacket(fields: PacketFields): Packet {
  const { source, destination, protocol } = fields;
  const family = fields.family ?? familyOf(source ?? '') ?? familyOf(destination ?? '');
  return {
    fields,
    family,
    addresses: { src: toAddress(source), dst: toAddress(destination) },
    protocol: protocol === undefined ? undefined : parseProtocol(protocol)?.number,
  };
}

function toAddress(text: string | undefined): PacketAddress | undefined {
  const canonical = text === undefined ? undefined : canonicalAddress(text);
  const bytes = canonical === undefined ? undefined : addressBytes(canonical);
  return canonical === undefined || bytes === undefined ? undefined : { text: canonical, bytes };
}
