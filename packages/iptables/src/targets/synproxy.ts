import { wholeNumber } from '../codec.ts';
import type { TargetExtension } from '../extension.ts';
import { fieldTarget } from '../fields/fields.ts';

/** `-j SYNPROXY`: answers the handshake of TCP in place of the server. */
export interface SynproxyTarget {
  readonly kind: 'SynproxyTarget';
  readonly name: 'SYNPROXY';
  readonly sackPermitted?: true;
  readonly timestamp?: true;
  readonly windowScale?: number;
  readonly segmentSize?: number;
  readonly ecn?: true;
}

const base = fieldTarget<SynproxyTarget>({
  name: 'SYNPROXY',
  kind: 'SynproxyTarget',
  header: 'SYNPROXY',
  fields: [
    { key: 'sackPermitted', holds: 'flag', word: 'sack-perm', option: '--sack-perm' },
    { key: 'timestamp', holds: 'flag', word: 'timestamp', option: '--timestamp' },
    { key: 'windowScale', holds: 'value', value: wholeNumber(14), word: 'wscale', option: '--wscale' },
    { key: 'segmentSize', holds: 'value', value: wholeNumber(0xffff), word: 'mss', option: '--mss' },
    { key: 'ecn', holds: 'flag', word: 'ecn', option: '--ecn' },
  ],
  samples: ['SYNPROXY sack-perm timestamp wscale 9 mss 1460 ', 'SYNPROXY '],
});

/** `-j SYNPROXY`; a blank follows each of its words. */
export const synproxyTarget: TargetExtension<SynproxyTarget> = {
  ...base,
  print: (target, style) => `${base.print(target, style)} `,
};
