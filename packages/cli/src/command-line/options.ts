import { type Command, Option } from 'commander';
import { Trouble } from '../trouble.ts';

/** What `--fail-on` takes: the lowest severity that ends with status 1, or `none` where only trouble fails. */
const FAIL_ON = ['none', 'notice', 'warning', 'critical'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** Adds one command to the program; `done` takes the exit status of its run. */
export type AddCommand = (program: Command, done: (status: number) => void) => void;

/** An option that takes one of several values. */
export function choice(flags: string, values: readonly string[], byDefault: string): Option {
  return new Option(flags).choices(values).default(byDefault);
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
