import { diffSnapshots, readSnapshot, reaches, renderJson, renderText, type Report, type Snapshot } from '@netdrift/drift';
import { StandardInput } from '../input/standard-input.ts';
import { loadSnapshot } from '../input/snapshot-files.ts';
import { wantsColor } from '../output/color.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { tell } from '../output/tell.ts';
import { type DiffOptions, FOUND, NOTHING, TROUBLE } from '../program.ts';

/** `netdrift diff`: compares two snapshots and tells what it means; gives the exit status. */
export async function diff(before: string, after: string, options: DiffOptions): Promise<number> {
  const standardInput = new StandardInput();
  const output = new StandardOutput();
  const report = diffSnapshots(await read(before, standardInput), await read(after, standardInput));
  await output.write(render(report, options));
  // The text shows them first; whoever sends it elsewhere is told here.
  if (options.format !== 'text' || !process.stdout.isTTY) {
    for (const trouble of report.troubles) tell(`${trouble.source ?? (trouble.side === 'before' ? before : after)}: ${trouble.message}`);
  }
  return statusOf(report, options.failOn);
}

async function read(argument: string, standardInput: StandardInput): Promise<Snapshot> {
  const { files, skipped } = await loadSnapshot(argument, standardInput);
  for (const { name, reason } of skipped) tell(`${argument}: ${name} is not read: ${reason}`);
  return readSnapshot(files);
}

function render(report: Report, { format, color }: DiffOptions): string {
  if (format === 'json') return renderJson(report);
  return renderText(report, { color: wantsColor(color, process.env, process.stdout.isTTY) });
}

/** A report with troubles is never a clean result; an undecided verdict counts as `notice`. */
function statusOf(report: Report, failOn: DiffOptions['failOn']): number {
  if (report.troubles.length > 0) return TROUBLE;
  if (failOn === 'none') return report.changes.length > 0 || report.verdict === 'undecided' ? FOUND : NOTHING;
  const reached = reaches(report.maxSeverity, failOn) || (report.verdict === 'undecided' && failOn === 'notice');
  return reached ? FOUND : NOTHING;
}
