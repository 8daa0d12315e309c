import { icmpComparison } from '../fields/icmp-forms.ts';
import { icmpNames } from '../fields/icmp-names.ts';

/** `-m icmp --icmp-type`; type 255 is any type. Without `-n` the tools print a name where they know one. */
export interface IcmpMatch {
  readonly kind: 'IcmpMatch';
  readonly not: boolean;
  readonly type: number | string;
  readonly code?: number;
}

/** `-m icmp`. */
export const icmpMatch = icmpComparison<IcmpMatch>('IcmpMatch', {
  name: 'icmp',
  word: 'icmp',
  option: '--icmp-type',
  names: icmpNames,
  samples: ['icmptype 8', 'icmp !type 3 code 1', 'icmptype 255 code 255', 'icmp echo-request'],
});
