/** `-m icmp --icmp-type`; type 255 is any type. Without `-n` the tools print a name where they know one. */
export interface IcmpMatch {
  readonly kind: 'IcmpMatch';
  readonly not: boolean;
  readonly type: number | string;
  readonly code?: number;
}
