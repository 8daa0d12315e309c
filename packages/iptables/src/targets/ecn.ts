import { fieldTarget } from '../fields/fields.ts';

/** `-j ECN --ecn-tcp-remove`: takes the congestion notification bits out of the TCP header. */
export interface EcnTarget {
  readonly kind: 'EcnTarget';
  readonly name: 'ECN';
  readonly removeTcp?: true;
}

/** `-j ECN`. */
export const ecnTarget = fieldTarget<EcnTarget>({
  name: 'ECN',
  kind: 'EcnTarget',
  fields: [{ key: 'removeTcp', holds: 'flag', word: 'ECN TCP remove', option: '--ecn-tcp-remove' }],
  samples: ['ECN TCP remove'],
});
