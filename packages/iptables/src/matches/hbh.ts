import { optionsHeader, type OptionsHeader } from '../options-header.ts';

/** `-m hbh`: the hop-by-hop options header of IPv6; with no key beyond `kind` any. */
export interface HbhMatch extends OptionsHeader {
  readonly kind: 'HbhMatch';
}

/** `-m hbh`. */
export const hbhMatch = optionsHeader<HbhMatch>('hbh', 'HbhMatch');
