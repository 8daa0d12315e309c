/** Commander's sentences about wrong usage, and ours: they name the word and what was expected. */
const SENTENCES: readonly (readonly [sign: RegExp, message: string])[] = [
  [/^option '(--[\w-]+)[^']*' argument '([^]*)' is invalid\. Allowed choices are (.*)\.$/, '$1 has the value "$2"; expected one of $3'],
  [/^option '(--[\w-]+)[^']*' argument missing$/, '$1 has no value'],
  [/^missing required argument '(.*)'$/, 'the argument <$1> is missing'],
  [/^too many arguments for '(.*)'\. Expected (\d+) arguments? but got (\d+)\.$/, '$1 has $3 arguments; expected $2'],
  [/^option '(--[\w-]+)[^']*' cannot be used with option '(--[\w-]+)[^']*'$/, '$1 cannot be used with $2'],
  [/^unknown (option|command) '([^]*)'\n\(Did you mean (?:one of )?(.*)\?\)$/, 'there is no $1 "$2"; the nearest is $3'],
  [/^unknown (option|command) '([^]*)'$/, 'there is no $1 "$2"; netdrift --help lists what there is'],
];

/**
 * What Commander says of wrong usage, in netdrift's words.
 *
 * @example
 * usageMessage("error: unknown command 'dif'\n(Did you mean diff?)\n") // => 'there is no command "dif"; the nearest is diff'
 */
export function usageMessage(message: string): string {
  const told = message.trim().replace(/^error: /, '');
  const [sign, sentence] = SENTENCES.find(([one]) => one.test(told)) ?? [];
  return sign === undefined || sentence === undefined ? told : told.replace(sign, sentence);
}
