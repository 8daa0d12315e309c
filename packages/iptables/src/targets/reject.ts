/** `-j REJECT --reject-with TYPE`; the listing always names the type, the save form too. */
export interface RejectTarget {
  readonly kind: 'RejectTarget';
  readonly name: 'REJECT';
  readonly with: string;
}
