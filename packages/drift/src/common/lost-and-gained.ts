/** What a list had and has no longer, and what is new in it; each once, in order of code units. */
export interface LostAndGained {
  readonly lost: readonly string[];
  readonly gained: readonly string[];
}

/**
 * What two lists do not have in common.
 *
 * @example
 * lostAndGained(['b', 'a'], ['b', 'c']) // => { lost: ['a'], gained: ['c'] }
 */
export function lostAndGained(before: Iterable<string>, after: Iterable<string>): LostAndGained {
  const [was, is] = [new Set(before), new Set(after)];
  return {
    lost: [...was].filter((one) => !is.has(one)).sort(),
    gained: [...is].filter((one) => !was.has(one)).sort(),
  };
}
