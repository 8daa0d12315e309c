import type { RulesOptions } from '../commands/rules.ts';
import { type AddCommand, choice, colorOption, COLOR_HELP, withHelp } from './options.ts';

/** What `netdrift rules --help` prints. */
export const RULES_HELP = `netdrift rules [id] - what diff and check report: changes, findings and causes, with their severities and meanings

  netdrift rules
  netdrift rules ipvs.destination.draining    one of them, with an example and what netdrift reports of it
  netdrift rules --format json

Options:
  --format text|json        how to show it (text)
${COLOR_HELP}
`;

/** `netdrift rules`: what is reported. */
export const addRules: AddCommand = (program, done) => {
  withHelp(program.command('rules [id]'), RULES_HELP)
    .addOption(choice('--format <format>', ['text', 'json'], 'text'))
    .addOption(colorOption())
    .action(async (id: string | undefined, options: RulesOptions) => {
      const { rules } = await import('../commands/rules.ts');
      done(await rules(id, options));
    });
};
