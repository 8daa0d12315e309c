import { Command, CommanderError } from 'commander';
import { addCapture } from './command-line/capture.ts';
import { addCheck } from './command-line/check.ts';
import { addDiff } from './command-line/diff.ts';
import { addExpect } from './command-line/expect.ts';
import { addExplain } from './command-line/explain.ts';
import { type AddCommand, withHelp } from './command-line/options.ts';
import { addParse } from './command-line/parse.ts';
import { addRules } from './command-line/rules.ts';
import { addTrace } from './command-line/trace.ts';
import { NOTHING, TROUBLE } from './exit-status.ts';
import { HELP } from './help.ts';
import { tell } from './output/tell.ts';
import { Trouble } from './trouble.ts';
import { usageMessage } from './usage-message.ts';

/** Every command, one file each: its help, its options, and what it runs. */
const COMMANDS: readonly AddCommand[] = [addDiff, addCheck, addExpect, addExplain, addTrace, addCapture, addParse, addRules];

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
  for (const add of COMMANDS) {
    add(program, (result) => {
      status = result;
    });
  }
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
