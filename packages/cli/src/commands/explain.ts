import { explainSnapshots } from '@netdrift/drift';
import { NOTHING, TROUBLE } from '../exit-status.ts';
import { readSnapshotsArgument } from '../input/read-snapshot-argument.ts';
import { StandardInput } from '../input/standard-input.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { tellTroubles } from '../output/tell-troubles.ts';
import type { ColorOptions } from '../command-line/options.ts';
import { render } from '../output/render.ts';

/** Options of `netdrift explain`. */
export interface ExplainOptions extends ColorOptions {
  readonly format: string;
}

/** `netdrift explain`: what the service proxy of a node does; gives the exit status. */
export async function explain(argument: string, options: ExplainOptions): Promise<number> {
  const explanation = explainSnapshots(await readSnapshotsArgument(argument, new StandardInput()));
  await new StandardOutput().write(render(explanation, options));
  const all = [explanation, ...(explanation.otherHosts ?? [])];
  for (const { troubles } of all) tellTroubles(troubles, argument);
  return all.some(({ troubles }) => troubles.length > 0) ? TROUBLE : NOTHING;
}
