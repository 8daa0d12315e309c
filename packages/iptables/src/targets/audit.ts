import { oneOf } from '../codec.ts';
import { fieldTarget } from '../fields/fields.ts';

/** `-j AUDIT`: writes an audit record of what is about to happen to the packet. */
export interface AuditTarget {
  readonly kind: 'AuditTarget';
  readonly name: 'AUDIT';
  readonly type: 'accept' | 'drop' | 'reject';
}

/** `-j AUDIT`. */
export const auditTarget = fieldTarget<AuditTarget>({
  name: 'AUDIT',
  kind: 'AuditTarget',
  fields: [{ key: 'type', holds: 'value', value: oneOf('accept', 'drop', 'reject'), word: 'AUDIT', option: '--type' }],
  samples: ['AUDIT accept', 'AUDIT reject'],
});
