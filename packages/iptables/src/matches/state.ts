/** `-m state --state LIST`: the older form of `-m conntrack --ctstate`, kept apart because the tools keep it apart. */
export interface StateMatch {
  readonly kind: 'StateMatch';
  readonly not: boolean;
  readonly states: readonly string[];
}
