import type { CheckOptions } from '../commands/check.ts';
import { type AddCommand, COLOR_HELP, colorOption, failOnOption, once, reportFormatOption, withHelp } from './options.ts';
import { REPORT_FORMAT_HELP } from './report-formats.ts';

/** What `netdrift check --help` prints. */
export const CHECK_HELP = `netdrift check <snapshot> - what is wrong in one snapshot, whatever changed

  netdrift check node/
  netdrift check node/ --expect cluster/     compare with Services and Endpoints captured elsewhere

If the node was asked for ipvs mode and does not run it, the first line says what is missing.

Options:
  --expect SNAPSHOT         kubectl get svc, endpoints or endpointslices, as tables or JSON (those in the snapshot itself)
${REPORT_FORMAT_HELP}
  --fail-on none|notice|warning|critical
                            lowest severity that gives exit status 1 (notice); none: no finding fails
  --config FILE             the policy: a JSON file { "ignore", "severity", "known", "expect" } (netdrift.config.json, if it is here)
${COLOR_HELP}

Exit status: 0 nothing at or above --fail-on, 1 findings, 2 trouble: usage, or a part that cannot be read.
`;

/** `netdrift check`: what is wrong in one snapshot. */
export const addCheck: AddCommand = (program, done) => {
  withHelp(program.command('check <snapshot>'), CHECK_HELP)
    .addOption(reportFormatOption())
    .addOption(colorOption())
    .addOption(once('--config <file>'))
    .addOption(failOnOption())
    .addOption(once('--expect <snapshot>'))
    .action(async (snapshot: string, options: CheckOptions) => {
      const { check } = await import('../commands/check.ts');
      done(await check(snapshot, options));
    });
};
