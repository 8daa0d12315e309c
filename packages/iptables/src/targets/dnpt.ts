import { prefixTranslation, type PrefixTranslation } from '../prefix-translation.ts';

/** `-j DNPT`: translates the prefix of the destination address (IPv6). */
export interface DnptTarget extends PrefixTranslation {
  readonly kind: 'DnptTarget';
  readonly name: 'DNPT';
}

/** `-j DNPT`. */
export const dnptTarget = prefixTranslation<DnptTarget>('DNPT', 'DnptTarget');
