import { fieldTarget } from '../fields/fields.ts';

/** `-j CHECKSUM`: fills in the checksum of a packet that has none. */
export interface ChecksumTarget {
  readonly kind: 'ChecksumTarget';
  readonly name: 'CHECKSUM';
  readonly fill?: true;
}

/** `-j CHECKSUM`. */
export const checksumTarget = fieldTarget<ChecksumTarget>({
  name: 'CHECKSUM',
  kind: 'ChecksumTarget',
  fields: [{ key: 'fill', holds: 'flag', word: 'CHECKSUM fill', option: '--checksum-fill' }],
  samples: ['CHECKSUM fill'],
});
