import type { ParseOptions } from '../commands/parse.ts';
import { type AddCommand, choice, withHelp } from './options.ts';

/** What `netdrift parse --help` prints. */
export const PARSE_HELP = `netdrift parse [file...] - what netdrift reads in a text, as data

  netdrift parse ipvsadm.txt
  iptables -t nat -nvL | netdrift parse --format jsonl
  netdrift parse iptables.txt --format save | iptables-restore --test

Without a file, or with -, standard input is read.

Options:
  --format json|jsonl|text|save
                            json: the whole tree (default); jsonl: one record a line, as they come;
                            text: the tool's text again; save: input for iptables-restore or ipvsadm -R
  --flat                    jsonl: columns for SQL, each of one type in every record
  --timestamps              jsonl: with the time at which each record was read

Exit status: 0 all of it read, 1 some text kept unknown or set aside, 2 nothing read, or trouble.
`;

/** `netdrift parse`: what netdrift reads in a text, as data. */
export const addParse: AddCommand = (program, done) => {
  withHelp(program.command('parse [files...]'), PARSE_HELP)
    .addOption(choice('--format <format>', ['json', 'jsonl', 'text', 'save'], 'json'))
    .option('--flat')
    .option('--timestamps')
    .action(async (files: string[], options: ParseOptions) => {
      const { parse } = await import('../commands/parse.ts');
      done(await parse(files, options));
    });
};
