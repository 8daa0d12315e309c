import { compareNodes, type NamedNode, type NodesReport, renderNodesJson, renderNodesMarkdown, renderNodesText } from '@netdrift/drift';
import type { DiffOptions } from './diff.ts';
import { FOUND, NOTHING, TROUBLE } from '../exit-status.ts';
import { readSnapshotArgument } from '../input/read-snapshot-argument.ts';
import { StandardInput } from '../input/standard-input.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { tell } from '../output/tell.ts';
import { fails } from '../policy/fail-on.ts';
import { Trouble } from '../trouble.ts';

const RENDERERS: ReadonlyMap<DiffOptions['format'], (report: NodesReport) => string> = new Map([
  ['text', renderNodesText],
  ['json', renderNodesJson],
  ['markdown', renderNodesMarkdown],
]);

/** `netdrift diff --nodes`: compares nodes of one cluster with each other; gives the exit status. */
export async function diffNodes(names: readonly string[], options: DiffOptions): Promise<number> {
  const render = RENDERERS.get(options.format);
  if (render === undefined) throw new Trouble(`--nodes does not support --format ${options.format}; expected one of ${[...RENDERERS.keys()].join(', ')}`);
  for (const name of ['ignore', 'known', 'severity'] as const) {
    if (options[name].length > 0) throw new Trouble(`--${name} has no meaning with --nodes`);
  }
  if (names.length < 2) throw new Trouble('--nodes compares two snapshots or more, and one is named');
  const standardInput = new StandardInput();
  const nodes: NamedNode[] = [];
  for (const name of names) nodes.push({ name, snapshot: await readSnapshotArgument(name, standardInput) });
  const report = compareNodes(nodes);
  await new StandardOutput().write(render(report));
  for (const { node, message } of report.troubles) tell(`${node}: ${message}`);
  if (report.troubles.length > 0) return TROUBLE;
  return report.differences.some(({ severity }) => fails(severity, options.failOn)) ? FOUND : NOTHING;
}
