import { fieldTarget, type Field } from '../fields/fields.ts';
import { NAT_FLAGS } from '../fields/nat-fields.ts';
import { portRange } from '../fields/port-condition.ts';
import type { PortRange } from '../fields/port-condition.ts';

/** `-j MASQUERADE`: source NAT to the address of the interface the packet leaves by. */
export interface MasqueradeTarget {
  readonly kind: 'MasqueradeTarget';
  readonly name: 'MASQUERADE';
  readonly ports?: PortRange;
  readonly random?: true;
  readonly randomFully?: true;
}

const fields: readonly Field[] = [
  { key: 'ports', holds: 'value', value: portRange('-'), word: 'masq ports:', spaced: true, option: '--to-ports|--to-port|--to' },
  ...NAT_FLAGS.slice(0, 2),
];

/** `-j MASQUERADE`; 1.4.21 lists nothing for `random-fully`. */
export const masqueradeTarget = fieldTarget<MasqueradeTarget>({
  name: 'MASQUERADE',
  kind: 'MasqueradeTarget',
  fields,
  plain: { kind: 'MasqueradeTarget', name: 'MASQUERADE' },
  samples: ['random-fully', 'masq ports: 1024-65535 random'],
});
