import { diffSnapshots, hostName, seenFiles, splitSnapshots, type Report } from '@netdrift/drift';
import { FOUND, NOTHING, TROUBLE } from '../exit-status.ts';
import { StandardInput } from '../input/standard-input.ts';
import { oddSides } from '../input/odd-sides.ts';
import { foldersOf, readSnapshotArgument, readSnapshotsArgument, type ReadSnapshot } from '../input/read-snapshot-argument.ts';
import { Progress } from '../output/progress.ts';
import { render } from '../output/render.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { tell, tellNote, tellWork } from '../output/tell.ts';
import { tellTroubles } from '../output/tell-troubles.ts';
import { fails } from '../policy/fail-on.ts';
import { tellIdleRules } from '../policy/idle-rules.ts';
import { readPolicy } from '../policy/policy-file.ts';
import { Trouble } from '../trouble.ts';
import { compareNamed } from './diff-nodes.ts';
import type { DiffOptions } from './diff-options.ts';

/** The two sides of a comparison, and what the user called them. */
interface Sides {
  readonly before: ReadSnapshot;
  readonly after: ReadSnapshot;
  readonly names: readonly [before: string, after: string];
}

/** `netdrift diff`: compares two snapshots and tells what it means; gives the exit status. */
export async function diff(before: string, after: string, options: DiffOptions): Promise<number> {
  const standardInput = new StandardInput();
  const seen = seenFiles();
  const sides = {
    before: await readSnapshotArgument(before, standardInput, seen),
    after: await readSnapshotArgument(after, standardInput, seen),
  };
  for (const odd of oddSides(sides.before.manifest, sides.after.manifest)) tellNote(odd);
  return compared({ ...sides, names: [before, after] }, options);
}

/** `netdrift diff --split`: compares the two sides that one transcript holds; gives the exit status. */
export async function diffOfSplit(name: string, options: DiffOptions): Promise<number> {
  const split = splitSnapshots(await readSnapshotsArgument(name, new StandardInput()));
  if (split.kind === 'refused')
    throw new Trouble(`${name}: ${split.trouble.message}${split.trouble.help === undefined ? '' : `; ${split.trouble.help}`}`);
  if (split.kind === 'nodes')
    return compareNamed(
      split.nodes.map((snapshot) => ({ name: hostName(snapshot.host), snapshot })),
      options,
    );
  const { before, after, between } = split;
  for (const { source, title, lineAt } of between)
    tell(`${source}:${lineAt(0)}: ${title} is not compared: it stands between the first and the last moment`);
  return compared({ before, after, names: [name, name] }, options);
}

async function compared({ before, after, names }: Sides, options: DiffOptions): Promise<number> {
  const policy = await readPolicy(options);
  const began = Date.now();
  const progress = new Progress();
  progress.step('comparing');
  const report = diffSnapshots(before, after, policy);
  progress.done();
  tellWork(`compared in ${Date.now() - began} ms`);
  tellIdleRules(policy, report);
  await new StandardOutput().write(render(report, options, foldersOf({ before, after })));
  // The text shows them first; whoever sends it elsewhere is told here.
  if (options.format !== 'text' || !process.stdout.isTTY) {
    tellTroubles(
      report.troubles.filter(({ side }) => side === 'before'),
      names[0],
    );
    tellTroubles(
      report.troubles.filter(({ side }) => side === 'after'),
      names[1],
    );
  }
  return statusOf(report, options.failOn);
}

/**
 * A report with troubles is never a clean result, what is undecided counts as `notice` – a change as well as what could not be compared –,
 * and changes that are ignored or known fail nothing.
 */
function statusOf({ troubles, changes, undecided }: Report, failOn: DiffOptions['failOn']): number {
  if (troubles.length > 0) return TROUBLE;
  const open = changes.filter(({ ignored, known }) => !ignored && !known);
  if (open.some(({ severity, effect }) => fails(severity, failOn) || (effect === 'undecided' && fails('notice', failOn)))) return FOUND;
  const told = new Set(changes.map(({ text }) => text));
  return fails('notice', failOn) && undecided.some((text) => !told.has(text)) ? FOUND : NOTHING;
}
