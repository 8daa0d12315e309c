import { fieldMatch } from '../fields/fields.ts';
import { PORT_FIELDS } from '../fields/port-fields.ts';
import type { PortCondition } from '../fields/port-condition.ts';

/** `-m udp`; with no key beyond `kind` the match is loaded without conditions. */
export interface UdpMatch {
  readonly kind: 'UdpMatch';
  readonly sourcePorts?: PortCondition;
  readonly destinationPorts?: PortCondition;
}

/** `-m udp`. */
export const udpMatch = fieldMatch<UdpMatch>({
  name: 'udp',
  kind: 'UdpMatch',
  header: 'udp',
  fields: PORT_FIELDS,
  samples: ['udp dpt:53', 'udp spt:67 dpt:68'],
});
