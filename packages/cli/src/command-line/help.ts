import type { Command } from 'commander';
import { closest, distance } from 'fastest-levenshtein';
import { NOTHING } from '../exit-status.ts';
import { Trouble } from '../trouble.ts';
import { type AddCommand, withHelp } from './options.ts';

/** What `netdrift help --help` prints. */
export const HELP_HELP = `netdrift help [command] - what a command does, and its options

  netdrift help
  netdrift help diff
  netdrift help --man | man -l -              all of it as a manual page

Options:
  --man                     the manual page, as troff source
`;

/** `netdrift help`: the same as `--help`, and the manual page. */
export const addHelp: AddCommand = (program, done) => {
  withHelp(program.command('help [command]'), HELP_HELP)
    .option('--man')
    .action(async (name: string | undefined, options: { readonly man?: true }) => {
      if (options.man === true) {
        const { manualPage } = await import('../commands/manual-page.ts');
        process.stdout.write(manualPage(program));
      } else {
        process.stdout.write((name === undefined ? program : commandOf(program, name)).helpInformation());
      }
      done(NOTHING);
    });
};

function commandOf(program: Command, name: string): Command {
  const found = program.commands.find((command) => command.name() === name);
  if (found !== undefined) return found;
  const names = program.commands.map((command) => command.name());
  const nearest = closest(name, names);
  throw new Trouble(
    `there is no command "${name}"; ${distance(name, nearest) > 2 ? 'netdrift help lists what there is' : `the nearest is ${nearest}`}`,
  );
}
