import { WORD } from '../codec.ts';
import { fieldTarget } from '../fields/fields.ts';

/** `-j SECMARK`: sets the security context of the packet. */
export interface SecmarkTarget {
  readonly kind: 'SecmarkTarget';
  readonly name: 'SECMARK';
  readonly context: string;
}

/** `-j SECMARK`; text as in extensions/libxt_SECMARK.c, not seen from a tool. */
export const secmarkTarget = fieldTarget<SecmarkTarget>({
  name: 'SECMARK',
  kind: 'SecmarkTarget',
  fields: [{ key: 'context', holds: 'value', value: WORD, word: 'SECMARK selctx', option: '--selctx' }],
  samples: ['SECMARK selctx system_u:object_r:httpd_packet_t:s0'],
});
