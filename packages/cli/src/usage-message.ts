/** Commander's sentences about wrong usage, and ours: one line that names the word and what was expected. */
const SENTENCES: readonly (readonly [sign: RegExp, message: string])[] = [
  [/^option '(--[\w-]+)[^']*' argument '([^]*)' is invalid\. Allowed choices are (.*)\.$/, '$1 has the value "$2"; expected one of $3'],
  [/^option '(--[\w-]+)[^']*' argument missing$/, '$1 has no value'],
  [/^missing required argument '(.*)'$/, 'the argument <$1> is missing'],
  [/^too many arguments for '(.*)'\. Expected (\d+) arguments? but got (\d+)\.$/, '$1 takes $2 arguments, and was given $3'],
  [/^too many arguments\. Expected (\d+) arguments? but got (\d+)\.$/, 'expected $1 arguments, was given $2'],
  [/^unknown (option|command) '([^]*?)'(?:\n\(Did you mean (?:one of )?(.*)\?\))?$/, 'there is no $1 "$2"'],
];

/**
 * What Commander says of wrong usage, in netdrift's words.
 *
 * @example
 * usageMessage("error: unknown command 'dif'\n(Did you mean diff?)\n") // => 'there is no command "dif"; the nearest is diff'
 */
export function usageMessage(message: string): string {
  const told = message.trim().replace(/^error: /, '');
  for (const [sign, sentence] of SENTENCES) {
    if (!sign.test(told)) continue;
    const near = /\(Did you mean (?:one of )?(.*)\?\)$/.exec(told)?.[1];
    return `${told.replace(sign, sentence)}${near === undefined ? '; netdrift --help lists what there is' : `; the nearest is ${near}`}`;
  }
  return told;
}
