/** A user or group of the packet's sender: a number, a range, or a name where the listing shows names. */
export interface OwnerCondition {
  readonly not: boolean;
  readonly low: number | string;
  readonly high: number | string;
}

/** `-m owner`: the process that sent the packet. */
export interface OwnerMatch {
  readonly kind: 'OwnerMatch';
  readonly user?: OwnerCondition;
  readonly group?: OwnerCondition;
  readonly socketExists?: { readonly not: boolean };
  readonly supplementaryGroups?: true;
}
