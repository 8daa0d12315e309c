/**
 * The names of a long list in short: at most so many words, the last of which counts the rest.
 *
 * @example
 * firstNames(['a', 'b', 'c', 'd'], 3) // => 'a, b and 2 more'
 */
export function firstNames(names: readonly string[], most: number): string {
  return names.length > most ? `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more` : names.join(', ');
}
