import { ttlComparison, type TtlComparison } from '../fields/ttl-forms.ts';

/** `-m ttl`: the time to live of an IPv4 packet. */
export interface TtlMatch extends TtlComparison {
  readonly kind: 'TtlMatch';
}

/** `-m ttl`. */
export const ttlMatch = ttlComparison<TtlMatch>('ttl', 'TtlMatch', ['TTL match TTL == 64', 'TTL match TTL < 5']);
