import { wholeNumber, WORD } from '../codec.ts';
import { fieldMatch } from '../fields/fields.ts';

/** `-m osf` (IPv4): the operating system that sent a SYN packet. A listing shows neither `ttl` nor `log`. */
export interface OsfMatch {
  readonly kind: 'OsfMatch';
  readonly genre?: { readonly not: boolean; readonly value: string };
  readonly ttl?: number;
  readonly log?: number;
}

/** `-m osf`. */
export const osfMatch = fieldMatch<OsfMatch>({
  name: 'osf',
  kind: 'OsfMatch',
  fields: [
    { key: 'genre', holds: 'condition', value: WORD, word: 'OS fingerprint match', not: 'after', option: '--genre' },
    { key: 'ttl', holds: 'value', value: wholeNumber(2), option: '--ttl' },
    { key: 'log', holds: 'value', value: wholeNumber(2), option: '--log' },
  ],
  samples: ['OS fingerprint match Linux', 'OS fingerprint match ! Windows'],
});
