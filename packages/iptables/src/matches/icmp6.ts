/** `-m icmp6 --icmpv6-type`. Without `-n` the tools print a name where they know one. */
export interface Icmp6Match {
  readonly kind: 'Icmp6Match';
  readonly not: boolean;
  readonly type: number | string;
  readonly code?: number;
}
