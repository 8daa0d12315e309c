import type { RulesOptions } from '../commands/rules.ts';
import { type AddCommand, choice, withHelp } from './options.ts';

/** What `netdrift rules --help` prints. */
export const RULES_HELP = `netdrift rules - the ids that diff reports, with their severities and meanings

  netdrift rules
  netdrift rules --format json

Options:
  --format text|json        how to tell it (text)
`;

/** `netdrift rules`: the ids that are reported. */
export const addRules: AddCommand = (program, done) => {
  withHelp(program.command('rules'), RULES_HELP)
    .addOption(choice('--format <format>', ['text', 'json'], 'text'))
    .action(async (options: RulesOptions) => {
      const { rules } = await import('../commands/rules.ts');
      done(await rules(options));
    });
};
