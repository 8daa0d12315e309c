import type { NatRange } from '../nat-range.ts';

/** `-j SNAT --to-source`. */
export interface SnatTarget {
  readonly kind: 'SnatTarget';
  readonly name: 'SNAT';
  readonly to: readonly NatRange[];
  readonly random?: true;
  readonly randomFully?: true;
  readonly persistent?: true;
}
