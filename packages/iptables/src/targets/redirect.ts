import { fieldTarget, type Field } from '../fields/fields.ts';
import { NAT_FLAGS } from '../fields/nat-fields.ts';
import { portRange } from '../fields/port-condition.ts';
import type { PortRange } from '../fields/port-condition.ts';

/** `-j REDIRECT`: destination NAT to this host itself. */
export interface RedirectTarget {
  readonly kind: 'RedirectTarget';
  readonly name: 'REDIRECT';
  readonly ports?: PortRange;
  readonly random?: true;
}

const fields: readonly Field[] = [
  { key: 'ports', holds: 'value', value: portRange('-'), word: 'redir ports', option: '--to-ports|--to-port|--to' },
  ...NAT_FLAGS.slice(0, 1),
];

/** `-j REDIRECT`; `random` alone is listed from 1.8.9 on. */
export const redirectTarget = fieldTarget<RedirectTarget>({
  name: 'REDIRECT',
  kind: 'RedirectTarget',
  fields,
  plain: { kind: 'RedirectTarget', name: 'REDIRECT' },
  samples: ['redir ports 80', 'redir ports 42-1234 random', 'random'],
});
