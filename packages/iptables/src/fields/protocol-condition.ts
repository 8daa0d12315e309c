/** The protocol of a rule: `all` is 0. `number` is missing where the text shows a name this package does not know. */
export interface ProtocolCondition {
  readonly not: boolean;
  readonly name: string;
  readonly number?: number;
}
