/** `-j MARK` in normal form: the new mark is `(mark & ~mask) ^ value`, whatever option set it. Both are unsigned. */
export interface MarkTarget {
  readonly kind: 'MarkTarget';
  readonly name: 'MARK';
  readonly value: number;
  readonly mask: number;
}
