/** A counter of a set's element compared with a number. */
export interface SetCounterCondition {
  readonly not: boolean;
  readonly operator: 'eq' | 'lt' | 'gt';
  readonly value: number | string;
}

/** `-m set --match-set NAME DIRECTIONS`: `directions` says which end of the packet each dimension of the set is compared with. */
export interface SetMatch {
  readonly kind: 'SetMatch';
  readonly not: boolean;
  readonly set: string;
  readonly directions: readonly string[];
  readonly returnNomatch?: true;
  readonly updateCounters?: boolean;
  readonly updateSubcounters?: boolean;
  readonly packets?: SetCounterCondition;
  readonly bytes?: SetCounterCondition;
}
