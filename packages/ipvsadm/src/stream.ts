import { type Diagnostic, wholeLines } from '@netdrift/core';
import type { Connection, IpvsadmNode, IpvsadmValue, SyncDaemon, VirtualService } from './ast.ts';
import { outputs } from './outputs.ts';
import { readLines, type ParseIpvsadmOptions } from './parse.ts';
import { SourceLine } from './source-line.ts';

/**
 * What {@link parseIpvsadmStream} gives: nodes and diagnostics as they are read, and at the end the value without its nodes. The stream of
 * every package gives such items: `type` tells what it is, and the key of that name holds it.
 */
export type IpvsadmStreamItem =
  | { readonly type: 'service'; readonly service: VirtualService }
  | { readonly type: 'connection'; readonly connection: Connection }
  | { readonly type: 'daemon'; readonly daemon: SyncDaemon }
  | { readonly type: 'diagnostic'; readonly diagnostic: Diagnostic }
  | { readonly type: 'value'; readonly value: IpvsadmValue };

/**
 * Reads an output that is too large to hold: gives each service with its destinations, each connection, each daemon as soon
 * as it is complete, with the diagnostics between them, and last the value, which tells the form and holds no nodes.
 *
 * The nodes are those of `parseIpvsadm`, spans included. Held in memory are one piece of input, the longest line and one
 * service; of a rule file the latest 1000 services, because destinations may follow later. Duplicates are not looked
 * for. Bytes are read as UTF-8.
 *
 * @example
 * for await (const item of parseIpvsadmStream(process.stdin)) if (item.type === 'service') count += 1;
 */
export async function* parseIpvsadmStream(
  input: AsyncIterable<string | Uint8Array>,
  options: ParseIpvsadmOptions = {},
): AsyncGenerator<IpvsadmStreamItem, void, void> {
  let diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
  };
  const reader = outputs({ report, remember: true }, options.output);
  let length = 0;

  function* read(text: string): Generator<IpvsadmStreamItem, void, void> {
    readLines(new SourceLine(text, length), (line) => {
      reader.read(line);
    });
    length += text.length;
    yield* given();
  }

  function* given(): Generator<IpvsadmStreamItem, void, void> {
    const told = diagnostics;
    diagnostics = [];
    for (const diagnostic of told) yield { type: 'diagnostic', diagnostic };
    for (const node of reader.take()) yield* itemOf(node);
  }

  const lines = wholeLines();
  for await (const piece of input) {
    const text = lines.add(piece);
    if (text !== '') yield* read(text);
  }
  yield* read(lines.rest());
  reader.end();
  yield* given();
  yield { type: 'value', value: reader.value({ start: 0, end: length }) };
}

/** A destination is given with its service. */
function* itemOf(node: IpvsadmNode): Generator<IpvsadmStreamItem, void, void> {
  if (node.kind === 'VirtualService') yield { type: 'service', service: node };
  else if (node.kind === 'Connection') yield { type: 'connection', connection: node };
  else if (node.kind === 'SyncDaemon') yield { type: 'daemon', daemon: node };
}
