import { ttlChange, type TtlChange } from '../fields/ttl-forms.ts';

/** `-j TTL`: changes the time to live of an IPv4 packet. */
export interface TtlTarget extends TtlChange {
  readonly kind: 'TtlTarget';
  readonly name: 'TTL';
}

/** `-j TTL`. */
export const ttlTarget = ttlChange<TtlTarget>('TTL', 'TtlTarget', ['TTL set to 64', 'TTL decrement by 1']);
