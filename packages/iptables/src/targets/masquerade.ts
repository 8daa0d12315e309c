import type { PortRange } from '../port-condition.ts';

/** `-j MASQUERADE`: source NAT to the address of the interface the packet leaves by. */
export interface MasqueradeTarget {
  readonly kind: 'MasqueradeTarget';
  readonly name: 'MASQUERADE';
  readonly ports?: PortRange;
  readonly random?: true;
  readonly randomFully?: true;
}
