import { Command, CommanderError, Option } from 'commander';
import { addCapture } from './command-line/capture.ts';
import { addCheck } from './command-line/check.ts';
import { addCompletion } from './command-line/completion.ts';
import { addDiff } from './command-line/diff.ts';
import { addDigest } from './command-line/digest.ts';
import { addExpect } from './command-line/expect.ts';
import { addExplain } from './command-line/explain.ts';
import { addGitDiff } from './command-line/git-diff.ts';
import { addHelp } from './command-line/help.ts';
import { type AddCommand, withHelp } from './command-line/options.ts';
import { addParse } from './command-line/parse.ts';
import { addRules } from './command-line/rules.ts';
import { addTrace } from './command-line/trace.ts';
import { NOTHING, TROUBLE } from './exit-status.ts';
import { HELP } from './help.ts';
import { setLoudness } from './output/loudness.ts';
import { tell, tellWork } from './output/tell.ts';
import { Trouble } from './trouble.ts';
import { usageMessage } from './usage-message.ts';

/** Every command, one file each: its help, its options, and what it runs. */
const COMMANDS: readonly AddCommand[] = [
  addDiff,
  addCheck,
  addExpect,
  addExplain,
  addTrace,
  addCapture,
  addDigest,
  addParse,
  addRules,
  addGitDiff,
  addCompletion,
  addHelp,
];

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
  for (const command of program.commands) command.addOption(new Option('--quiet').conflicts('verbose')).option('--verbose');
  const began = Date.now();
  program.hook('preAction', (_program, command) => {
    const { quiet, verbose } = command.opts<{ quiet?: true; verbose?: true }>();
    setLoudness(quiet === true ? 'quiet' : verbose === true ? 'verbose' : 'usual');
  });
  program.hook('postAction', () => tellWork(`done in ${Date.now() - began} ms`));
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
