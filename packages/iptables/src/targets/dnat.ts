import type { NatRange } from '../nat-range.ts';

/** `-j DNAT --to-destination`. */
export interface DnatTarget {
  readonly kind: 'DnatTarget';
  readonly name: 'DNAT';
  readonly to: readonly NatRange[];
  readonly random?: true;
  readonly randomFully?: true;
  readonly persistent?: true;
}
