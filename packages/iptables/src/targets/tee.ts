import { canonicalAddress } from '@netdrift/core';
import { WORD, type Codec } from '../codec.ts';
import { fieldTarget } from '../fields/fields.ts';

/** `-j TEE`: sends a copy of the packet to another host of the local network. */
export interface TeeTarget {
  readonly kind: 'TeeTarget';
  readonly name: 'TEE';
  readonly gateway: string;
  readonly out?: string;
}

const ADDRESS: Codec<string> = { expected: 'an address', decode: canonicalAddress, print: (value) => value };

/** `-j TEE`. */
export const teeTarget = fieldTarget<TeeTarget>({
  name: 'TEE',
  kind: 'TeeTarget',
  header: 'TEE',
  fields: [
    { key: 'gateway', holds: 'value', value: ADDRESS, word: 'gw:', option: '--gateway' },
    { key: 'out', holds: 'value', value: WORD, word: 'oif=', option: '--oif' },
  ],
  samples: ['TEE gw:10.0.0.1 oif=eth0', 'TEE gw:fd00::1'],
});
