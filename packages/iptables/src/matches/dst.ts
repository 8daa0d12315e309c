import { optionsHeader, type OptionsHeader } from '../options-header.ts';

/** `-m dst`: the destination options header of IPv6; with no key beyond `kind` any. */
export interface DstMatch extends OptionsHeader {
  readonly kind: 'DstMatch';
}

/** `-m dst`. */
export const dstMatch = optionsHeader<DstMatch>('dst', 'DstMatch');
