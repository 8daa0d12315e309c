import { ttlComparison, type TtlComparison } from '../fields/ttl-forms.ts';

/** `-m hl`: the hop limit of an IPv6 packet. */
export interface HlMatch extends TtlComparison {
  readonly kind: 'HlMatch';
}

/** `-m hl`. */
export const hlMatch = ttlComparison<HlMatch>('hl', 'HlMatch', ['HL match HL == 255', 'HL match HL != 1']);
