import { wholeNumber } from '../codec.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';

/** `-m ecn`: the congestion notification bits of the TCP and the IP header. */
export interface EcnMatch {
  readonly kind: 'EcnMatch';
  readonly ece?: { readonly not: boolean };
  readonly cwr?: { readonly not: boolean };
  readonly ect?: { readonly not: boolean; readonly value: number };
}

const fields: readonly Field[] = [
  { key: 'ece', holds: 'sign', word: 'ECE', not: 'tight', option: '--ecn-tcp-ece' },
  { key: 'cwr', holds: 'sign', word: 'CWR', not: 'tight', option: '--ecn-tcp-cwr' },
  { key: 'ect', holds: 'condition', value: wholeNumber(3), word: 'ECT=', not: 'tight', option: '--ecn-ip-ect' },
];

/** `-m ecn`. */
export const ecnMatch = fieldMatch<EcnMatch>({
  name: 'ecn',
  kind: 'EcnMatch',
  header: 'ECN match',
  fields,
  samples: ['ECN match ECE !CWR ECT=2', 'ECN match !ECT=1'],
});
