/** A verdict of the kernel itself: `ACCEPT`, `DROP`, `RETURN`, `QUEUE`. */
export interface VerdictTarget {
  readonly kind: 'VerdictTarget';
  readonly name: 'ACCEPT' | 'DROP' | 'RETURN' | 'QUEUE';
}
