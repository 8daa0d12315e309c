import type { ExplainOptions } from '../commands/explain.ts';
import { type AddCommand, choice, colorOption, COLOR_HELP, withHelp } from './options.ts';
import { EXPLAIN_FORMAT_HELP, EXPLAIN_FORMATS } from './report-formats.ts';

/** What `netdrift explain --help` prints. */
export const EXPLAIN_HELP = `netdrift explain <snapshot> - the configuration of the node's service proxy, and where each service leads

  netdrift explain node/
  netdrift explain node/ --format markdown

Options:
${EXPLAIN_FORMAT_HELP}
${COLOR_HELP}

Exit status: 0, or 2 for trouble: usage, or a part that cannot be read.
`;

/** `netdrift explain`: what a node's service proxy does. */
export const addExplain: AddCommand = (program, done) => {
  withHelp(program.command('explain <snapshot>'), EXPLAIN_HELP)
    .addOption(choice('--format <format>', EXPLAIN_FORMATS, 'text'))
    .addOption(colorOption())
    .action(async (snapshot: string, options: ExplainOptions) => {
      const { explain } = await import('../commands/explain.ts');
      done(await explain(snapshot, options));
    });
};
