import {
  type Explanation,
  explainSnapshots,
  renderExplanationJson,
  renderExplanationMarkdown,
  renderExplanationText,
  type TextOptions,
} from '@netdrift/drift';
import { NOTHING, TROUBLE } from '../exit-status.ts';
import { readSnapshotsArgument } from '../input/read-snapshot-argument.ts';
import { StandardInput } from '../input/standard-input.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { tellTroubles } from '../output/tell-troubles.ts';
import type { ColorOptions } from '../command-line/options.ts';
import { colorsOutput } from '../output/color.ts';

/** Options of `netdrift explain`. */
export interface ExplainOptions extends ColorOptions {
  readonly format: 'text' | 'json' | 'markdown';
}

const RENDERERS: Readonly<Record<ExplainOptions['format'], (explanation: Explanation, options: TextOptions) => string>> = {
  text: renderExplanationText,
  json: renderExplanationJson,
  markdown: renderExplanationMarkdown,
};

/** `netdrift explain`: what the service proxy of a node does; gives the exit status. */
export async function explain(argument: string, { format, color }: ExplainOptions): Promise<number> {
  const explanation = explainSnapshots(await readSnapshotsArgument(argument, new StandardInput()));
  await new StandardOutput().write(RENDERERS[format](explanation, { color: colorsOutput(color) }));
  const all = [explanation, ...(explanation.otherHosts ?? [])];
  for (const { troubles } of all) tellTroubles(troubles, argument);
  return all.some(({ troubles }) => troubles.length > 0) ? TROUBLE : NOTHING;
}
