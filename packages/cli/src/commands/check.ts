import { checkSnapshots } from '@netdrift/drift';
import type { FailOn } from '../command-line/options.ts';
import { FOUND, NOTHING, TROUBLE } from '../exit-status.ts';
import { foldersOf, readSnapshotArgument, readSnapshotsArgument } from '../input/read-snapshot-argument.ts';
import { StandardInput } from '../input/standard-input.ts';
import type { ColorChoice } from '../output/color.ts';
import { render } from '../output/render.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { tellTroubles } from '../output/tell-troubles.ts';
import { fails } from '../policy/fail-on.ts';
import { readPolicy } from '../policy/policy-file.ts';

/** Options of `netdrift check`. */
export interface CheckOptions {
  readonly format: string;
  readonly failOn: FailOn;
  readonly color: ColorChoice;
  /** The policy file; missing = `netdrift.config.json` of this folder, where there is one. */
  readonly config?: string;
  /** A snapshot of Services and endpoints as they should be. */
  readonly expect?: string;
}

/** `netdrift check`: what is wrong in one snapshot, whatever changed; gives the exit status. */
export async function check(argument: string, options: CheckOptions): Promise<number> {
  const { failOn } = options;
  const policy = await readPolicy({ ...options, ignore: [], severity: [], known: [] });
  const expect = options.expect ?? policy.expect;
  const standardInput = new StandardInput();
  const snapshots = await readSnapshotsArgument(argument, standardInput);
  const expected = expect === undefined ? undefined : await readSnapshotArgument(expect, standardInput);
  const { ignore, severity } = policy;
  const report = checkSnapshots(snapshots, { ignore, severity, ...(expected === undefined ? {} : { expect: expected }) });
  await new StandardOutput().write(render(report, options, foldersOf({ after: snapshots[0] })));
  const reports = [report, ...(report.otherHosts ?? [])];
  for (const { troubles } of reports) tellTroubles(troubles, argument);
  if (expected !== undefined) tellTroubles(expected.troubles, expect ?? '');
  if (reports.some(({ troubles }) => troubles.length > 0) || (expected?.troubles.length ?? 0) > 0) return TROUBLE;
  return reports.some(({ findings }) => findings.some(({ severity }) => fails(severity, failOn))) ? FOUND : NOTHING;
}
