import { Command, CommanderError, Option } from 'commander';
import type { ColorChoice } from './output/color.ts';
import { CHECK_HELP, DIFF_HELP, EXPLAIN_HELP, HELP, PARSE_HELP, RULES_HELP } from './help.ts';
import { tell } from './output/tell.ts';
import { Trouble } from './trouble.ts';

/** Exit statuses, as of diff(1) and grep(1). */
export const NOTHING = 0;
export const FOUND = 1;
export const TROUBLE = 2;

/**
 * Runs one command line and gives its exit status. Results go to standard output, everything else to standard error.
 *
 * @param argv the words after the program's name
 */
export async function run(argv: readonly string[]): Promise<number> {
  let status = NOTHING;
  const program = new Command('netdrift')
    .exitOverride()
    .configureOutput({ outputError: (message, write) => write(message.replace(/^error: /, 'netdrift: ')) })
    .helpCommand(false);
  withHelp(program, HELP);
  withHelp(program.command('diff <before> <after>'), DIFF_HELP)
    .addOption(choice('--format <format>', ['text', 'json'], 'text'))
    .addOption(choice('--fail-on <severity>', ['none', 'notice', 'warning', 'critical'], 'notice'))
    .addOption(choice('--color <when>', ['auto', 'always', 'never'], 'auto'))
    .option('--ignore <file>')
    .option('--known <file>')
    .addOption(new Option('--severity <rule>').argParser((value, values: readonly string[]) => [...values, value]).default([]))
    .action(async (before: string, after: string, options: DiffOptions) => {
      const { diff } = await import('./commands/diff.ts');
      status = await diff(before, after, options);
    });
  withHelp(program.command('check <snapshot>'), CHECK_HELP)
    .addOption(choice('--format <format>', ['text', 'json', 'markdown'], 'text'))
    .addOption(choice('--fail-on <severity>', ['none', 'notice', 'warning', 'critical'], 'notice'))
    .option('--expect <snapshot>')
    .action(async (snapshot: string, options: CheckOptions) => {
      const { check } = await import('./commands/check.ts');
      status = await check(snapshot, options);
    });
  withHelp(program.command('explain <snapshot>'), EXPLAIN_HELP)
    .addOption(choice('--format <format>', ['text', 'json', 'markdown'], 'text'))
    .action(async (snapshot: string, options: ExplainOptions) => {
      const { explain } = await import('./commands/explain.ts');
      status = await explain(snapshot, options);
    });
  withHelp(program.command('parse [files...]'), PARSE_HELP)
    .addOption(choice('--format <format>', ['json', 'jsonl', 'text', 'save'], 'json'))
    .action(async (files: string[], options: ParseOptions) => {
      const { parse } = await import('./commands/parse.ts');
      status = await parse(files, options);
    });
  withHelp(program.command('rules'), RULES_HELP)
    .addOption(choice('--format <format>', ['text', 'json'], 'text'))
    .action(async (options: RulesOptions) => {
      const { rules } = await import('./commands/rules.ts');
      status = await rules(options);
    });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? NOTHING : TROUBLE;
    if (!(error instanceof Trouble)) throw error;
    tell(error.message);
    return TROUBLE;
  }
}

/** Options of `netdrift diff`. */
export interface DiffOptions {
  readonly format: 'text' | 'json';
  readonly failOn: 'none' | 'notice' | 'warning' | 'critical';
  readonly color: ColorChoice;
  /** Path of an ignore file. */
  readonly ignore?: string;
  /** Path of a stored report. */
  readonly known?: string;
  /** `ID=LEVEL`, or the path of a file of such pairs. */
  readonly severity: readonly string[];
}

/** Options of `netdrift check`. */
export interface CheckOptions {
  readonly format: 'text' | 'json' | 'markdown';
  readonly failOn: DiffOptions['failOn'];
  /** A snapshot of Services and endpoints as they should be. */
  readonly expect?: string;
}

/** Options of `netdrift explain`. */
export interface ExplainOptions {
  readonly format: 'text' | 'json' | 'markdown';
}

/** Options of `netdrift parse`. */
export interface ParseOptions {
  readonly format: 'json' | 'jsonl' | 'text' | 'save';
}

/** Options of `netdrift rules`. */
export interface RulesOptions {
  readonly format: 'text' | 'json';
}

function choice(flags: string, values: readonly string[], byDefault: string): Option {
  return new Option(flags).choices(values).default(byDefault);
}

function withHelp(command: Command, text: string): Command {
  command.helpInformation = () => text;
  return command;
}
