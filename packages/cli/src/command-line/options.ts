import { type Command, Option } from 'commander';
import { Trouble } from '../trouble.ts';
import { REPORT_FORMATS } from './report-formats.ts';

/** What `--fail-on` takes: the lowest severity that ends with status 1, or `none` where only trouble fails. */
const FAIL_ON = ['none', 'notice', 'warning', 'critical'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** `--format`, as every command has it that makes a report. */
export function reportFormatOption(): Option {
  return choice('--format <format>', REPORT_FORMATS, 'text');
}

/** `--color`, as every command has it that writes text for a person. */
export function colorOption(): Option {
  return choice('--color <when>', ['auto', 'always', 'never'], 'auto');
}

/** What the help of these commands says of `--color`. */
export const COLOR_HELP = '  --color auto|always|never colours in text (auto: on a terminal; NO_COLOR and FORCE_COLOR are heeded)';

/** Adds one command to the program; `done` takes the exit status of its run. */
export type AddCommand = (program: Command, done: (status: number) => void) => void;

/** An option that takes one of several values. */
export function choice(flags: string, values: readonly string[], byDefault: string): Option {
  return new Option(flags).choices(values).default(byDefault);
}

/** What commands that write text and data have in common. */
export interface ColorOptions {
  readonly color: 'auto' | 'always' | 'never';
}

/** `--fail-on`, as every command has it that may find something. */
export function failOnOption(): Option {
  return choice('--fail-on <severity>', FAIL_ON, 'notice');
}

/** An option whose values all count, in their order. */
export function repeatable(flags: string): Option {
  return new Option(flags).argParser((value, values: readonly string[]) => [...values, value]).default([]);
}

/** An option whose second value would silently undo the first. */
export function once(flags: string): Option {
  const option: Option = new Option(flags);
  return option.argParser((value, before: string | undefined) => {
    if (before !== undefined) throw new Trouble(`${option.long ?? flags} is given twice`);
    return value;
  });
}

/** The help of a command is written by hand, examples first. */
export function withHelp(command: Command, text: string): Command {
  command.helpInformation = () => text;
  return command;
}
