import { displayJson, encode, lineIndex, positionAt } from '@netdrift/core';
import { MAX_INPUT_BYTES, tooLarge } from '../input/input-limit.ts';
import { textPieces } from '../input/text-pieces.ts';
import type { StandardOutput } from '../output/standard-output.ts';
import { flatRecord } from './flat-record.ts';
import { isDamaged, isRead, type ParsedInput, parseInput } from './parsed-input.ts';
import { diagnosticRecord, type NodeRecord, recordsOf } from './records.ts';
import { streamRecords, streamedTool } from './stream-records.ts';

/** An input that ends within this time, in milliseconds, is read whole: then nothing has to be guessed from its head. */
const PATIENCE = 50;
/** Records are written together up to this many characters. */
const BATCH = 65_536;

/** How records are written. */
export interface RecordForm {
  /** As columns for SQL. */
  readonly flat?: boolean;
  /** With the time at which they were read. */
  readonly timestamps?: boolean;
}

/** How the records of one input came out. */
export interface Written {
  /** Whether anything was read. */
  readonly read: boolean;
  /** Whether some of it is kept as text or was set aside as damage. */
  readonly damaged: boolean;
}

/**
 * Writes one input as JSON lines. An input that goes on for long is written as it comes if its head is one clean output of
 * iptables or ipvsadm; anything else is read whole.
 */
export async function writeRecords(name: string, pieces: AsyncIterable<Uint8Array>, output: StandardOutput, form: RecordForm = {}): Promise<Written> {
  const lineOf = (record: NodeRecord): string => textOf(record, form);
  const text = textPieces(name, pieces);
  const head = await text.next();
  if (head.done === true) return writeWhole(parseInput(name, new Uint8Array()), output, lineOf);
  const second = text.next();
  const isWhole = await Promise.race([second.then(({ done }) => done === true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PATIENCE))]);
  const tool = isWhole ? undefined : streamedTool(head.value);
  const all = rejoined(head.value, second, text);
  if (tool === undefined) return writeWhole(parseInput(name, encode(await joined(name, all))), output, lineOf);
  let read = false;
  let damaged = false;
  for await (const record of streamRecords(tool, name, all)) {
    if (record.type === 'diagnostic') damaged ||= isWorse(record);
    else read = true;
    await output.write(lineOf(record));
    if (output.isClosed) break;
  }
  return { read, damaged };
}

function isWorse({ node }: NodeRecord): boolean {
  return typeof node === 'object' && node !== null && 'severity' in node && node.severity !== 'info';
}

async function* rejoined(head: string, second: Promise<IteratorResult<string, void>>, rest: AsyncIterable<string>): AsyncGenerator<string, void, void> {
  yield head;
  const next = await second;
  if (next.done === true) return;
  yield next.value;
  yield* rest;
}

async function joined(name: string, pieces: AsyncIterable<string>): Promise<string> {
  const all: string[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > MAX_INPUT_BYTES) throw tooLarge(name);
    all.push(piece);
  }
  return all.join('');
}

async function writeWhole(input: ParsedInput, output: StandardOutput, textOfRecord: (record: NodeRecord) => string): Promise<Written> {
  const index = lineIndex(input.text);
  let batch = '';
  for (const record of allRecords(input, (offset) => positionAt(index, offset).line)) {
    batch += textOfRecord(record);
    if (batch.length < BATCH) continue;
    await output.write(batch);
    batch = '';
  }
  await output.write(batch);
  return { read: isRead(input), damaged: isDamaged(input) };
}

function* allRecords(input: ParsedInput, line: (offset: number) => number): Generator<NodeRecord, void, void> {
  for (const { section, parsed } of input.outputs) yield* recordsOf(parsed, { source: input.name, lineOf: line, section });
  for (const diagnostic of input.diagnostics) {
    const output = input.outputs.find(({ section }) => section.span.start <= diagnostic.span.start && diagnostic.span.start < section.span.end);
    yield diagnosticRecord(diagnostic, output?.section.tool ?? 'netdrift', input.name, line);
  }
}

function textOf(record: NodeRecord, { flat, timestamps }: RecordForm): string {
  const { node, ...place } = record;
  const told: NodeRecord = timestamps === true ? { ...place, time: new Date().toISOString(), node } : record;
  return `${displayJson(flat === true ? flatRecord(told) : told)}\n`;
}
