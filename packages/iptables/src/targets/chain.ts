/** A jump to a user chain, or a go-to where the rule says `goto`. */
export interface ChainTarget {
  readonly kind: 'ChainTarget';
  readonly name: string;
}
