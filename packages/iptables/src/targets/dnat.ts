import { fieldTarget } from '../fields/fields.ts';
import { natFields } from '../fields/nat-fields.ts';
import type { NatRange } from '../fields/nat-range.ts';

/** `-j DNAT --to-destination`. */
export interface DnatTarget {
  readonly kind: 'DnatTarget';
  readonly name: 'DNAT';
  readonly to: NatRange;
  readonly random?: true;
  readonly randomFully?: true;
  readonly persistent?: true;
}

/** `-j DNAT`. */
export const dnatTarget = fieldTarget<DnatTarget>({
  name: 'DNAT',
  kind: 'DnatTarget',
  lead: 1,
  fields: natFields('--to-destination'),
  samples: ['to:10.0.0.1:8080', 'to:10.0.0.1-10.0.0.9:80-90 random persistent', 'to:[fd00::1]:80'],
});
