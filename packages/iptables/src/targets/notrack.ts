/** `-j NOTRACK`; the listing shows `CT` in the target column and `NOTRACK` as its text. */
export interface NotrackTarget {
  readonly kind: 'NotrackTarget';
  readonly name: 'NOTRACK';
}
