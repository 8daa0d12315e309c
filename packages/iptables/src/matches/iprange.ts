import { canonicalAddress } from '@netdrift/core';
import type { Codec } from '../codec.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';

/** Addresses from `low` to `high`, both included. */
export interface AddressRange {
  readonly not: boolean;
  readonly low: string;
  readonly high: string;
}

/** `-m iprange`. */
export interface IprangeMatch {
  readonly kind: 'IprangeMatch';
  readonly source?: AddressRange;
  readonly destination?: AddressRange;
}

/** `10.0.0.1-10.0.0.9`; restore files may give one address. */
const RANGE: Codec<Omit<AddressRange, 'not'>> = {
  expected: 'two addresses with "-" between',
  decode(text) {
    const [first = '', last = first, ...more] = text.split('-');
    const low = canonicalAddress(first);
    const high = canonicalAddress(last);
    return low === undefined || high === undefined || more.length > 0 ? undefined : { low, high };
  },
  print: ({ low, high }) => `${low}-${high}`,
};

const fields: readonly Field[] = [
  { key: 'source', holds: 'spread', value: RANGE, word: 'source IP range', not: 'after', option: '--src-range' },
  { key: 'destination', holds: 'spread', value: RANGE, word: 'destination IP range', not: 'after', option: '--dst-range' },
];

/** `-m iprange`. */
export const iprangeMatch = fieldMatch<IprangeMatch>({
  name: 'iprange',
  kind: 'IprangeMatch',
  fields,
  samples: ['source IP range 10.0.0.1-10.0.0.9 destination IP range ! 10.1.0.1-10.1.0.2'],
});
