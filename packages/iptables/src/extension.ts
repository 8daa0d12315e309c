import type { Part, Template } from '@netdrift/core';

/**
 * What the grammar of an extension is written with: `word('ctstate')` reads that word, `value()` any one word.
 *
 * As in every grammar here there is no text, only the places of tokens; a part must not be looked into or branched on.
 * `nth` tells apart two uses of one method with the same word inside one fragment.
 */
export interface Grammar {
  /** Reads a word of the vocabulary. `dpt:|dpts:` is one word in two spellings. */
  word(spelling: string, nth?: number): number;
  /** Reads one word, whatever it spells. */
  value(nth?: number): number;
  /** Reads one word that is no keyword. */
  bare(nth?: number): number;
  /** Reads the sign of a negation where there is one. */
  sign(nth?: number): number;
  /** Reads a text in quotes; the token is what stands between them. */
  quoted(nth?: number): number;
  /** Reads a comment; the token is what stands between its signs. */
  comment(nth?: number): number;
  maybe<P extends Part>(part: () => P, nth?: number): P | -1;
  repeat<P extends Part>(part: () => P, nth?: number): P[];
  choose<P extends Part>(parts: readonly (() => P)[], nth?: number): P;
}

/** The words one form of an extension is written with, and its grammar over them. */
export interface Form<N> {
  /** Words or phrases that begin the text: `ctstate`, `mark match`. Empty: this form prints no text. */
  readonly starts: readonly string[];
  /** Words and phrases inside the text. */
  readonly words?: readonly string[];
  /** Words with their value joined on: `dpt:`, `node_mask=`, `match` (before a digit or `!`). The token is the value. */
  readonly glued?: readonly string[];
  /** Those of the words above after which the next word is a value, whatever it spells. */
  readonly values?: readonly string[];
  /** Those of the words above that a `!` may stand before. The grammar finds the sign after the word. */
  readonly negatable?: readonly string[];
  /** The fragment. The template may give one node, or several where the text holds the same match twice. */
  grammar(grammar: Grammar): Template<N | readonly N[]>;
}

/** What printing must know beyond the node. */
export interface PrintStyle {
  /** The listing shows names (it was made without `-n`). */
  readonly names: boolean;
  readonly family: 'ipv4' | 'ipv6';
  /** Whether the text that was read spells something this way; see `ListingLayout.spellings`. */
  readonly spells: (spelling: string) => boolean;
}

/** What every match is. */
export interface Kinded {
  readonly kind: string;
}

/** What every target is: it has the name it is jumped to by. */
export interface Named extends Kinded {
  readonly name: string;
}

/** The node type of an extension. */
export type NodeOf<E> = E extends MatchExtension<infer N> ? N : E extends TargetExtension<infer N> ? N : never;

interface Extension<N> {
  /** The name after `-m` or `-j`. */
  readonly name: string;
  readonly kind: string;
  readonly listing: Form<N>;
  /** The text in a listing, without the blank before it. */
  print(node: N, style: PrintStyle): string;
  /** The options in a save form; they stand after `-m NAME` or `-j NAME`. */
  readonly save: Form<N>;
  /** The options in a save form, each with a blank before it. */
  printSave(node: N, style: PrintStyle): string;
  /** Real text of listings, for tests and for the reader. */
  readonly samples: readonly string[];
}

/** A match: `-m NAME`. */
export interface MatchExtension<N extends Kinded = Kinded> extends Extension<N> {
  readonly type: 'match';
  readonly kind: N['kind'];
  /** The tool prints no blank before this text. */
  readonly joined?: true;
}

/** A target with options: `-j NAME`. */
export interface TargetExtension<N extends Named = Named> extends Extension<N> {
  readonly type: 'target';
  readonly kind: N['kind'];
  /** The word in a listing's target column where it is not the name. */
  readonly column?: string;
  /** The target where the listing shows no text for it; missing where it always shows one. */
  readonly plain?: N;
  /** Whether the tool prints no blank before this text. */
  joined?(style: PrintStyle): boolean;
  /**
   * Where the text of the target begins in the last word of a line, for text printed without blank or word before it: it is the last of the
   * starts.
   */
  joinedText?(source: string, start: number, end: number): number | undefined;
}
