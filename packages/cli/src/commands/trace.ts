import { familyOf } from '@netdrift/core';
import { type NamedTrace, parsePacketQuestion, renderTraceJson, renderTraceText, traceSnapshot } from '@netdrift/drift';
import { NOTHING, TROUBLE } from '../exit-status.ts';
import { readSnapshotArgument } from '../input/read-snapshot-argument.ts';
import { StandardInput } from '../input/standard-input.ts';
import { StandardOutput } from '../output/standard-output.ts';
import { tellTroubles } from '../output/tell-troubles.ts';
import { Trouble } from '../trouble.ts';
import type { ColorOptions } from '../command-line/options.ts';
import { colorsOutput } from '../output/color.ts';

/** Options of `netdrift trace`. */
export interface TraceCommandOptions extends ColorOptions {
  readonly format: 'text' | 'json';
  readonly from?: string;
  readonly in?: string;
}

const SENDERS = ['pod', 'node', 'outside'];

/** `netdrift trace`: what nodes do with a packet, which is the last of the words; gives the exit status. */
export async function trace(words: readonly string[], { format, from, in: device, color }: TraceCommandOptions): Promise<number> {
  const names = words.slice(0, -1);
  if (names.length === 0) throw new Trouble("a packet is missing: netdrift trace node/ 'tcp 10.244.3.9 -> 10.96.0.10:53'");
  const question = parsePacketQuestion(words.at(-1) ?? '');
  if ('fault' in question) throw new Trouble(question.fault);
  if (from !== undefined && !SENDERS.includes(from)) {
    const family = familyOf(from);
    if (family === undefined) throw new Trouble(`--from takes pod, node, outside or an address, found "${from}"`);
    if (family !== question.family) throw new Trouble('--from and the packet are of different address families');
  }
  const input = new StandardInput();
  const named: NamedTrace[] = [];
  for (const name of names) {
    const options = { ...(from === undefined ? {} : { from }), ...(device === undefined ? {} : { in: device }) };
    named.push({ name, trace: traceSnapshot(await readSnapshotArgument(name, input), question, options) });
  }
  await new StandardOutput().write(format === 'json' ? renderTraceJson(named) : renderTraceText(named, { color: colorsOutput(color) }));
  for (const { name, trace: found } of named) tellTroubles(found.troubles, name);
  return named.some(({ trace: found }) => found.troubles.length > 0) ? TROUBLE : NOTHING;
}
