/** The number of a token type inside one {@link TokenSet}. */
export type TokenCode = number;

/** One token type: its name, and the wider types it also counts as. */
export interface TokenDefinition {
  readonly name: string;
  readonly categories: readonly TokenCode[];
}

/**
 * The token types of one format.
 *
 * The same set gives the scanner its codes and the grammar its terminals, so the two cannot disagree.
 */
export interface TokenSet {
  /** The types added so far; a code is an index into this list. */
  readonly definitions: readonly TokenDefinition[];
  /**
   * Adds a type and gives its code. Where the grammar reads one of `categories` it accepts this type too: a keyword
   * that may also stand as a free word names the free word's type here.
   *
   * @throws Error when the name is taken: two meanings of one name are a mistake of the programmer.
   */
  add(name: string, ...categories: readonly TokenCode[]): TokenCode;
}

/**
 * An empty {@link TokenSet}.
 *
 * @example
 * const tokens = tokenSet();
 * const word = tokens.add('Word');
 * const mark = tokens.add('mark', word); // also a free word
 */
export function tokenSet(): TokenSet {
  const definitions: TokenDefinition[] = [];
  const names = new Set<string>();
  return {
    definitions,
    add(name, ...categories) {
      if (names.has(name)) throw new Error(`token type ${name} is defined twice`);
      names.add(name);
      return definitions.push({ name, categories }) - 1;
    },
  };
}
