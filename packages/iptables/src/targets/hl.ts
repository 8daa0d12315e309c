import { ttlChange, type TtlChange } from '../fields/ttl-forms.ts';

/** `-j HL`: changes the hop limit of an IPv6 packet. */
export interface HlTarget extends TtlChange {
  readonly kind: 'HlTarget';
  readonly name: 'HL';
}

/** `-j HL`. */
export const hlTarget = ttlChange<HlTarget>('HL', 'HlTarget', ['HL set to 64', 'HL increment by 1']);
