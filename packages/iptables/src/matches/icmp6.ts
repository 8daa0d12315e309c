import { icmpComparison } from '../fields/icmp-forms.ts';
import { icmpv6Names } from '../fields/icmp-names.ts';

/** `-m icmp6 --icmpv6-type`. Without `-n` the tools print a name where they know one. */
export interface Icmp6Match {
  readonly kind: 'Icmp6Match';
  readonly not: boolean;
  readonly type: number | string;
  readonly code?: number;
}

/** `-m icmp6`. */
export const icmp6Match = icmpComparison<Icmp6Match>('Icmp6Match', {
  name: 'icmp6',
  word: 'ipv6-icmp',
  option: '--icmpv6-type',
  names: icmpv6Names,
  samples: ['ipv6-icmptype 134', 'ipv6-icmp !type 128', 'ipv6-icmp port-unreachable'],
});
