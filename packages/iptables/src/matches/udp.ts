import type { PortCondition } from '../port-condition.ts';

/** `-m udp`; with no key beyond `kind` the match is loaded without conditions. */
export interface UdpMatch {
  readonly kind: 'UdpMatch';
  readonly sourcePorts?: PortCondition;
  readonly destinationPorts?: PortCondition;
}
