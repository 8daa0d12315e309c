import { fieldTarget } from '../fields/fields.ts';
import { natFields } from '../fields/nat-fields.ts';
import type { NatRange } from '../fields/nat-range.ts';

/** `-j SNAT --to-source`. */
export interface SnatTarget {
  readonly kind: 'SnatTarget';
  readonly name: 'SNAT';
  readonly to: NatRange;
  readonly random?: true;
  readonly randomFully?: true;
  readonly persistent?: true;
}

/** `-j SNAT`. */
export const snatTarget = fieldTarget<SnatTarget>({
  name: 'SNAT',
  kind: 'SnatTarget',
  lead: 1,
  fields: natFields('--to-source'),
  samples: ['to:10.0.0.1:8080', 'to:10.0.0.1-10.0.0.9:80-90 random persistent', 'to:[fd00::1]:80'],
});
