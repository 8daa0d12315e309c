/** `-m mark --mark VALUE/MASK`; the mask is 0xffffffff where the listing leaves it out. Both are unsigned. */
export interface MarkMatch {
  readonly kind: 'MarkMatch';
  readonly not: boolean;
  readonly value: number;
  readonly mask: number;
}
