import { Command, CommanderError, Option } from 'commander';
import type { ColorChoice } from './output/color.ts';
import { CHECK_HELP, DIFF_HELP, EXPLAIN_HELP, HELP, PARSE_HELP, RULES_HELP } from './help.ts';
import { tell } from './output/tell.ts';
import { Trouble } from './trouble.ts';
import { usageMessage } from './usage-message.ts';

/** Exit statuses, as of diff(1) and grep(1). */
export const NOTHING = 0;
export const FOUND = 1;
export const TROUBLE = 2;

/** What `--fail-on` takes: the lowest severity that ends with status 1, or `none` where only trouble fails. */
const FAIL_ON = ['none', 'notice', 'warning', 'critical'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/**
 * Runs one command line and gives its exit status. Results go to standard output, everything else to standard error.
 *
 * @param argv the words after the program's name
 */
export async function run(argv: readonly string[]): Promise<number> {
  let status = NOTHING;
  const program = new Command('netdrift')
    .exitOverride()
    .configureOutput({ outputError: (message) => tell(usageMessage(message)) })
    .helpCommand(false);
  withHelp(program, HELP);
  withHelp(program.command('diff [before] [after]'), DIFF_HELP)
    .addOption(choice('--format <format>', ['text', 'json', 'jsonl', 'lines', 'markdown'], 'text'))
    .addOption(choice('--fail-on <severity>', FAIL_ON, 'notice'))
    .addOption(choice('--color <when>', ['auto', 'always', 'never'], 'auto'))
    .addOption(repeatable('--ignore <file>'))
    .addOption(repeatable('--known <file>'))
    .addOption(repeatable('--severity <rule>'))
    .option('--nodes <snapshots...>')
    .addOption(once('--split <file>'))
    .action(async (before: string | undefined, after: string | undefined, options: DiffOptions) => {
      if (options.nodes !== undefined) {
        if (before !== undefined) throw new Trouble('--nodes takes all the snapshots; none may stand before it');
        if (options.split !== undefined) throw new Trouble('--split has no meaning with --nodes');
        const { diffNodes } = await import('./commands/diff-nodes.ts');
        status = await diffNodes(options.nodes, options);
        return;
      }
      const { diff, diffOfSplit } = await import('./commands/diff.ts');
      if (options.split !== undefined) {
        if (before !== undefined) throw new Trouble('--split takes both sides from one file; no snapshot may be named beside it');
        status = await diffOfSplit(options.split, options);
        return;
      }
      if (before === undefined || after === undefined) throw new Trouble(`the argument <${before === undefined ? 'before' : 'after'}> is missing`);
      status = await diff(before, after, options);
    });
  withHelp(program.command('check <snapshot>'), CHECK_HELP)
    .addOption(choice('--format <format>', ['text', 'json', 'markdown'], 'text'))
    .addOption(choice('--fail-on <severity>', FAIL_ON, 'notice'))
    .addOption(once('--expect <snapshot>'))
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
  readonly format: 'text' | 'json' | 'jsonl' | 'lines' | 'markdown';
  readonly failOn: FailOn;
  readonly color: ColorChoice;
  /** Paths of ignore files. */
  readonly ignore: readonly string[];
  /** Paths of stored reports. */
  readonly known: readonly string[];
  /** `ID=LEVEL`, or the path of a file of such pairs. */
  readonly severity: readonly string[];
  /** Snapshots of nodes of one cluster, to be compared with each other. */
  readonly nodes?: readonly string[];
  /** A transcript that holds both sides. */
  readonly split?: string;
}

/** Options of `netdrift check`. */
export interface CheckOptions {
  readonly format: 'text' | 'json' | 'markdown';
  readonly failOn: FailOn;
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

/** An option whose values all count, in their order. */
function repeatable(flags: string): Option {
  return new Option(flags).argParser((value, values: readonly string[]) => [...values, value]).default([]);
}

/** An option whose second value would silently undo the first. */
function once(flags: string): Option {
  const option: Option = new Option(flags);
  return option.argParser((value, before: string | undefined) => {
    if (before !== undefined) throw new Trouble(`${option.long ?? flags} is given twice`);
    return value;
  });
}

function withHelp(command: Command, text: string): Command {
  command.helpInformation = () => text;
  return command;
}
