import { fieldTarget } from '../fields/fields.ts';
import { markFields } from '../fields/mark-forms.ts';

/** `-j MARK` in normal form: the new mark is `(mark & ~mask) ^ value`, whatever option set it. Both are unsigned. */
export interface MarkTarget {
  readonly kind: 'MarkTarget';
  readonly name: 'MARK';
  readonly value: number;
  readonly mask: number;
}

/** `-j MARK`. */
export const markTarget = fieldTarget<MarkTarget>({
  name: 'MARK',
  kind: 'MarkTarget',
  fields: markFields('MARK'),
  samples: ['MARK or 0x4000', 'MARK and 0xffffbfff', 'MARK xor 0x4000', 'MARK set 0x1', 'MARK xset 0x1/0xff'],
});
