import { checkSnapshot, type CheckReport, renderCheckJson, renderCheckMarkdown, renderCheckText } from '@netdrift/drift';
import type { FailOn } from '../command-line/options.ts';
import { FOUND, NOTHING, TROUBLE } from '../exit-status.ts';
import { readSnapshotArgument } from '../input/read-snapshot-argument.ts';
import { StandardInput } from '../input/standard-input.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { tellTroubles } from '../output/tell-troubles.ts';
import { fails } from '../policy/fail-on.ts';

/** Options of `netdrift check`. */
export interface CheckOptions {
  readonly format: 'text' | 'json' | 'markdown';
  readonly failOn: FailOn;
  /** A snapshot of Services and endpoints as they should be. */
  readonly expect?: string;
}

const RENDERERS: Readonly<Record<CheckOptions['format'], (report: CheckReport) => string>> = {
  text: renderCheckText,
  json: renderCheckJson,
  markdown: renderCheckMarkdown,
};

/** `netdrift check`: what is wrong in one snapshot, whatever changed; gives the exit status. */
export async function check(argument: string, { format, failOn, expect }: CheckOptions): Promise<number> {
  const standardInput = new StandardInput();
  const snapshot = await readSnapshotArgument(argument, standardInput);
  const expected = expect === undefined ? undefined : await readSnapshotArgument(expect, standardInput);
  const report = checkSnapshot(snapshot, expected === undefined ? {} : { expect: expected });
  await new StandardOutput().write(RENDERERS[format](report));
  tellTroubles(report.troubles, argument);
  if (expected !== undefined) tellTroubles(expected.troubles, expect ?? '');
  if (report.troubles.length > 0 || (expected?.troubles.length ?? 0) > 0) return TROUBLE;
  return report.findings.some(({ severity }) => fails(severity, failOn)) ? FOUND : NOTHING;
}
