import { prefixTranslation, type PrefixTranslation } from '../prefix-translation.ts';

/** `-j SNPT`: translates the prefix of the source address (IPv6). */
export interface SnptTarget extends PrefixTranslation {
  readonly kind: 'SnptTarget';
  readonly name: 'SNPT';
}

/** `-j SNPT`. */
export const snptTarget = prefixTranslation<SnptTarget>('SNPT', 'SnptTarget');
