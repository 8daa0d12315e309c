import type { ABSENT } from './absent.ts';
import type { Part, Template } from './template.ts';
import type { TokenCode, TokenSet } from './token-set.ts';
import type { KnownShapes } from './known-shapes.ts';

/** How one occurrence of a method looks ahead. */
export interface Occurrence {
  /** Tells apart two uses of one method (with the same token or rule) inside one rule; from 0. */
  readonly nth?: number;
  /** Tokens to look at before deciding, instead of the grammar's own number. */
  readonly lookahead?: number;
}

/**
 * What a grammar rule is written with. Nothing here gives text: a rule can only say which token goes where.
 *
 * While the grammar is built each rule runs once with placeholders, so a rule must not branch on what it gets.
 */
export interface Rules {
  /** Reads one token of this type, or of a type that counts as it; gives its index in the line. */
  take(type: TokenCode, nth?: number): number;
  /** Reads a part that may be missing: gives {@link ABSENT} then. */
  maybe<P extends Part>(part: () => P, nth?: number): P | typeof ABSENT;
  /** Reads a part as often as it comes, perhaps never. */
  repeat<P extends Part>(part: () => P, nth?: number): P[];
  /** Reads the one of several parts that the next token starts. */
  choose<P extends Part>(parts: readonly (() => P)[], occurrence?: Occurrence): P;
  /** Reads what another rule describes. */
  rule<N>(name: string, nth?: number): Template<N>;
  /** Index of the token that comes next; the number of tokens at the end of the line. */
  next(): number;
}

/** One rule: reads tokens and gives the template of what they mean. */
export type Rule = (rules: Rules) => Part;

/** Where a line left the grammar. */
export interface Mismatch {
  readonly mismatch: true;
  /** Index of the token that does not fit; the number of tokens when the line ended too early. */
  readonly at: number;
  /** The innermost rule that was being read, and the token it began with. */
  readonly rule: string;
  readonly ruleStart: number;
}

/** What {@link lineGrammar} builds a grammar from. */
export interface LineGrammarOptions {
  readonly tokens: TokenSet;
  readonly rules: Readonly<Record<string, Rule>>;
  /** Name of the rule that reads a whole line. */
  readonly start: string;
  /** Tokens to look at before a decision; 1 unless given. */
  readonly lookahead?: number;
  /** Shapes that the grammar has read before. */
  readonly known?: KnownShapes;
}
