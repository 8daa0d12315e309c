import { compareNodes, hostName, lastOfEachHost, type NamedNode } from '@netdrift/drift';
import { FOUND, NOTHING, TROUBLE } from '../exit-status.ts';
import { readSnapshotsArgument } from '../input/read-snapshot-argument.ts';
import { StandardInput } from '../input/standard-input.ts';
import { Progress } from '../output/progress.ts';
import { render } from '../output/render.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { tell } from '../output/tell.ts';
import { fails } from '../policy/fail-on.ts';
import { Trouble } from '../trouble.ts';
import type { DiffOptions } from './diff-options.ts';

/** `netdrift diff --nodes`: compares nodes of one cluster with each other; gives the exit status. */
export async function diffNodes(names: readonly string[], options: DiffOptions): Promise<number> {
  const standardInput = new StandardInput();
  const nodes: NamedNode[] = [];
  const progress = new Progress();
  for (const [index, name] of names.entries()) {
    progress.step(`reading ${index + 1} of ${names.length}: ${name}`);
    const hosts = lastOfEachHost(await readSnapshotsArgument(name, standardInput));
    for (const snapshot of hosts) nodes.push({ name: hosts.length === 1 ? name : `${name}: ${hostName(snapshot.host)}`, snapshot });
  }
  progress.step('comparing');
  return compareNamed(nodes, options, progress);
}

/** Compares nodes that are read already; gives the exit status. */
export async function compareNamed(nodes: readonly NamedNode[], options: DiffOptions, progress = new Progress()): Promise<number> {
  for (const name of ['ignore', 'known', 'severity'] as const) {
    if (options[name].length > 0) throw new Trouble(`--${name} has no meaning with --nodes`);
  }
  if (nodes.length < 2) throw new Trouble('--nodes compares two snapshots or more, and one is named');
  const report = compareNodes(nodes);
  progress.done();
  await new StandardOutput().write(render(report, options));
  for (const { node, message } of report.troubles) tell(`${node}: ${message}`);
  if (report.troubles.length > 0) return TROUBLE;
  return report.differences.some(({ severity }) => fails(severity, options.failOn)) ? FOUND : NOTHING;
}
