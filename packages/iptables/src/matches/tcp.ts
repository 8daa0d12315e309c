import type { PortCondition } from '../port-condition.ts';

/** Flags a packet is looked at for (`mask`) and those of them that must be set (`set`), as bits: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32. */
export interface TcpFlags {
  readonly not: boolean;
  readonly mask: number;
  readonly set: number;
}

/** `-m tcp`; with no key beyond `kind` the match is loaded without conditions. */
export interface TcpMatch {
  readonly kind: 'TcpMatch';
  readonly sourcePorts?: PortCondition;
  readonly destinationPorts?: PortCondition;
  readonly option?: { readonly not: boolean; readonly value: number };
  readonly flags?: TcpFlags;
}
