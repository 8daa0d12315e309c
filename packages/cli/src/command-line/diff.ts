import type { DiffOptions } from '../commands/diff-options.ts';
import { Trouble } from '../trouble.ts';
import { type AddCommand, COLOR_HELP, colorOption, failOnOption, once, repeatable, reportFormatOption, withHelp } from './options.ts';
import { REPORT_FORMAT_HELP } from './report-formats.ts';

/** What `netdrift diff --help` prints. */
export const DIFF_HELP = `netdrift diff <before> <after> - what changed, what it does to traffic, and why

  netdrift diff before/ after/
  netdrift diff before/ after/ --format json
  netdrift diff nat=old.txt nat=new.txt --fail-on critical
  netdrift diff --nodes node-1/ node-2/ node-3/
  netdrift diff --split ticket.txt         before and after in one paste

<before> and <after> each name a folder of outputs, one file, KIND=file (nat, filter, mangle, raw, security,
iptables, ip6tables, ipvsadm, ipset, modules, lsmod) or - for standard input.

Options:
${REPORT_FORMAT_HELP}
  --fail-on none|notice|warning|critical
                            lowest severity that gives exit status 1 (notice); none: no change fails
  --nodes SNAPSHOT...       compare nodes of one cluster by what they do for services; of three or more, who differs from
                            the majority. What is a node's own is left out
  --split FILE              take both sides from one transcript: the first and the last of each output, or two hosts
  --severity ID=LEVEL       another level for an id (* stands for any text; off: not judged); may be repeated.
                            A word without = is a JSON file { "ID": "LEVEL" }
  --ignore FILE             a JSON list of { "id", "subject"?, "until"?: "YYYY-MM-DD", "reason" }: changes to count, not tell;
                            may be repeated
  --known FILE              a report stored with --format json: what it holds is known, only new changes fail;
                            may be repeated
  --config FILE             the policy: a JSON file { "ignore", "severity", "known", "expect" } (netdrift.config.json, if it is here)
${COLOR_HELP}

Exit status: 0 nothing at or above --fail-on, 1 drift, 2 trouble: usage, or a side that cannot be read or compared.
`;

/** `netdrift diff`: two snapshots, one paste that holds both sides, or several nodes. */
export const addDiff: AddCommand = (program, done) => {
  withHelp(program.command('diff [before] [after]'), DIFF_HELP)
    .addOption(reportFormatOption())
    .addOption(failOnOption())
    .addOption(colorOption())
    .addOption(once('--config <file>'))
    .addOption(repeatable('--ignore <file>'))
    .addOption(repeatable('--known <file>'))
    .addOption(repeatable('--severity <rule>'))
    .option('--nodes <snapshots...>')
    .addOption(once('--split <file>'))
    .action(async (before: string | undefined, after: string | undefined, options: DiffOptions) => {
      done(await runDiff(before, after, options));
    });
};

async function runDiff(before: string | undefined, after: string | undefined, options: DiffOptions): Promise<number> {
  if (options.nodes !== undefined) {
    if (before !== undefined) throw new Trouble('--nodes takes all the snapshots; none may stand before it');
    if (options.split !== undefined) throw new Trouble('--split has no meaning with --nodes');
    const { diffNodes } = await import('../commands/diff-nodes.ts');
    return diffNodes(options.nodes, options);
  }
  const { diff, diffOfSplit } = await import('../commands/diff.ts');
  if (options.split !== undefined) {
    if (before !== undefined) throw new Trouble('--split takes both sides from one file; no snapshot may be named beside it');
    return diffOfSplit(options.split, options);
  }
  if (before === undefined || after === undefined)
    throw new Trouble(`the argument <${before === undefined ? 'before' : 'after'}> is missing`);
  return diff(before, after, options);
}
