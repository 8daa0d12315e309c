import { decodeUtf8, LINE_FEED, type Diagnostic } from '@netdrift/core';
import type { Connection, IpvsadmNode, IpvsadmValue, SyncDaemon, VirtualService } from './ast.ts';
import { outputs } from './outputs.ts';
import { readLines, type ParseIpvsadmOptions } from './parse.ts';
import { SourceLine } from './source-line.ts';

/**
 * What {@link parseIpvsadmStream} gives: nodes and diagnostics as they are read, and at the end the value without its nodes. The stream of every
 * package gives such items: `type` tells what it is, and the key of that name holds it.
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

/** Puts pieces together to text that ends with a line end. */
interface WholeLines {
  /** What is complete with this piece; may be empty. */
  add(piece: string | Uint8Array): string;
  /** The last line, when it has no line end. */
  rest(): string;
}

function wholeLines(): WholeLines {
  let waiting: (string | Uint8Array)[] = [];
  return {
    add(piece) {
      const end = (typeof piece === 'string' ? piece.lastIndexOf('\n') : piece.lastIndexOf(LINE_FEED)) + 1;
      if (end === 0) {
        waiting.push(piece);
        return '';
      }
      const complete = joined([...waiting, cut(piece, 0, end)]);
      waiting = end === piece.length ? [] : [cut(piece, end, piece.length)];
      return complete;
    },
    rest: () => joined(waiting),
  };
}

function cut(piece: string | Uint8Array, start: number, end: number): string | Uint8Array {
  return typeof piece === 'string' ? piece.slice(start, end) : piece.slice(start, end);
}

/** Pieces of bytes are joined before they are decoded: a character may be cut between them. */
function joined(pieces: readonly (string | Uint8Array)[]): string {
  let text = '';
  let bytes: Uint8Array[] = [];
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      bytes.push(piece);
      continue;
    }
    text += decodeAll(bytes) + piece;
    bytes = [];
  }
  return text + decodeAll(bytes);
}

function decodeAll(pieces: readonly Uint8Array[]): string {
  const [only] = pieces;
  if (only === undefined) return '';
  if (pieces.length === 1) return decodeUtf8(only);
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return decodeUtf8(all);
}
