/** A value of a field: numbers, but IPv6 addresses, which are bigints. Within one rule set all addresses are of one kind. */
export type Value = number | bigint;

/** Flat pairs `low, high`, both included, ascending, with a gap between two of them: `[0, 79, 81, 65535]`. */
export type Intervals = readonly Value[];

/**
 * What rules ask of a packet, as numbers.
 *
 * `state`: place in {@link STATES}. `icmpType`: type × 256 + code. `tcpFlags`: the six bits FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32.
 */
export type Field = 'protocol' | 'source' | 'destination' | 'sourcePort' | 'destinationPort' | 'state' | 'icmpType' | 'tcpFlags';

/** States of a connection, in the order of their numbers in intervals. A packet has one of them. */
export const STATES = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'] as const;

/** Greatest value of each field that is no address. */
export const FIELD_MAX: Readonly<Record<Exclude<Field, 'source' | 'destination'>, number>> = {
  protocol: 255,
  sourcePort: 65_535,
  destinationPort: 65_535,
  state: STATES.length - 1,
  icmpType: 65_535,
  tcpFlags: 63,
};

/** Greatest address of a family: `0xffffffff`, or 2^128 - 1 as a bigint. */
export const ADDRESS_MAX: Readonly<Record<'ipv4' | 'ipv6', Value>> = { ipv4: 0xffff_ffff, ipv6: (1n << 128n) - 1n };

/** An interface by name, or all whose names begin like this (`cali+`, nft `cali*`). */
export interface InterfacePattern {
  readonly name: string;
  readonly prefix: boolean;
}
