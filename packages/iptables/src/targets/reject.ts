import { WORD } from '../codec.ts';
import { fieldTarget } from '../fields/fields.ts';

/** `-j REJECT --reject-with TYPE`; the listing always names the type, the save form too. */
export interface RejectTarget {
  readonly kind: 'RejectTarget';
  readonly name: 'REJECT';
  readonly with: string;
}

/** `-j REJECT`. */
export const rejectTarget = fieldTarget<RejectTarget>({
  name: 'REJECT',
  kind: 'RejectTarget',
  fields: [{ key: 'with', holds: 'value', value: WORD, word: 'reject-with', option: '--reject-with' }],
  samples: ['reject-with icmp-port-unreachable', 'reject-with tcp-reset'],
});
