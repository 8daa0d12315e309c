import type { RuleRef } from './rule-ref.ts';

/**
 * Something that is taken to be so because nothing given shows it. A claim that needs one prints it.
 *
 * An assumption has no sentence: that is made where it is printed.
 */
export type Assumption =
  /** A condition that no listing decides, and what was taken of it. */
  | { readonly kind: 'condition'; readonly identity: string; readonly text: string; readonly holds: boolean; readonly at: RuleRef }
  /** A chain is jumped to and not listed; by its name it sets a mark and comes back. */
  | { readonly kind: 'mark-of-unlisted-chain'; readonly chain: string; readonly mark: number }
  /** No listing of the table was given: it is taken to let everything pass. */
  | { readonly kind: 'table-not-given'; readonly table: string }
  /** A base chain's policy is not shown: it is taken to be ACCEPT. */
  | { readonly kind: 'policy-not-shown'; readonly table: string; readonly chain: string }
  /** Whether the address is one of the node's is not known. */
  | { readonly kind: 'address'; readonly address: string; readonly local: boolean }
  /** The interface the packet comes in by or leaves by is not known. */
  | { readonly kind: 'interface'; readonly side: 'in' | 'out'; readonly pattern: string; readonly holds: boolean }
  /** Routes were given, and not by which rules their tables are asked (`ip rule`): it is taken to be as a kernel starts. */
  | { readonly kind: 'routing-rules-not-given' }
  /** The value of a setting was not given. */
  | { readonly kind: 'setting'; readonly name: string; readonly value: string };
