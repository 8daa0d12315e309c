/** The value of `--color`. */
export type ColorChoice = 'auto' | 'always' | 'never';

/** Whether what goes to standard output is to have colours. */
export function colorsOutput(choice: ColorChoice): boolean {
  return wantsColor(choice, process.env, process.stdout.isTTY);
}

/**
 * Whether to write colours: `--color` decides; else `FORCE_COLOR` turns them on and `NO_COLOR` off, as the pages
 * no-color.org and force-color.org describe; else a terminal has them and a pipe has not.
 */
export function wantsColor(choice: ColorChoice, environment: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (isSet(environment['NO_COLOR'])) return false;
  if (isSet(environment['FORCE_COLOR'])) return environment['FORCE_COLOR'] !== '0';
  return isTerminal && environment['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
