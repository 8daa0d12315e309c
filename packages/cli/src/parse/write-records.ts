import { displayJson, encode, lineIndex, positionAt } from '@netdrift/core';
import { MAX_INPUT_BYTES, tooLarge } from '../input/input-limit.ts';
import { textPieces } from '../input/text-pieces.ts';
import type { StandardOutput } from '../output/standard-output.ts';
import { collector } from './collect.ts';
import { flatRecord } from './flat-record.ts';
import { type Given, OpenListings } from './open-listing.ts';
import { isDamaged, isRead, type ParsedInput, parseInput } from './parsed-input.ts';
import { diagnosticRecord, type NodeRecord, recordsOf } from './records.ts';
import { streamRecords, streamedTool } from './stream-records.ts';

/** After so many milliseconds without input what has come of an output is written. */
const PAUSE = 200;
/** Records are written together up to this many characters. */
const BATCH = 65_536;
/** Characters of one output that are held to be read whole; a longer one of iptables or ipvsadm is read line by line. */
const LONG = 4 * 1024 * 1024;

/** Records of a stream after which their memory is collected. */
const COLLECT_AFTER = 40_000;

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
 * Writes one input as JSON lines. Outputs that follow one another are written one by one, the last one as far as it has come whenever the
 * input pauses; a text with anything else in it is read whole. The records do not depend on how the input comes.
 */
export async function writeRecords(
  name: string,
  pieces: AsyncIterable<Uint8Array>,
  output: StandardOutput,
  form: RecordForm = {},
): Promise<Written> {
  const writer = new RecordWriter(output, form);
  const listings = new OpenListings(name);
  const text = textPieces(name, pieces);
  for (let next = text.next(); ;) {
    const piece = await orPause(next);
    if (piece !== 'pause') {
      if (piece.done === true) break;
      listings.add(piece.value);
      next = text.next();
    }
    if (piece !== 'pause' && !listings.isDue) continue;
    const given = listings.take(piece === 'pause');
    if (given === undefined)
      return writer.writeWhole(parseInput(name, encode(await joined(name, rejoined(listings.takeText(), next, text)))), listings.before);
    await writer.writeGiven(given);
    if (output.isClosed) return writer.written;
    const tool = listings.size > LONG ? streamedTool(listings.head(BATCH)) : undefined;
    if (tool !== undefined)
      return writer.writeStream(
        streamRecords(tool, name, rejoined(listings.takeText(), next, text), listings.before.lines),
        listings.before.records,
      );
    if (piece === 'pause') await next;
  }
  await writer.writeGiven(listings.end());
  return writer.written;
}

/** The next piece, or that none came for a while. */
async function orPause<Piece>(next: Promise<Piece>): Promise<Piece | 'pause'> {
  let timer: NodeJS.Timeout | undefined;
  const pause = new Promise<'pause'>((resolve) => {
    timer = setTimeout(() => resolve('pause'), PAUSE);
  });
  try {
    return await Promise.race([next, pause]);
  } finally {
    clearTimeout(timer);
  }
}

/** Writes records, and keeps how they came out. */
class RecordWriter {
  written: Written = { read: false, damaged: false };
  private readonly output: StandardOutput;
  private readonly form: RecordForm;
  private readonly collect = collector();
  private young = 0;

  constructor(output: StandardOutput, form: RecordForm) {
    this.output = output;
    this.form = form;
  }

  async writeGiven({ records, read, damaged }: Given): Promise<void> {
    this.note(read, damaged);
    await this.writeAll(records);
  }

  /** All records of a text before which others were written. */
  async writeWhole(input: ParsedInput, before: OpenListings['before']): Promise<Written> {
    this.note(isRead(input), isDamaged(input));
    const index = lineIndex(input.text);
    await this.writeAll([...allRecords(input, (offset) => before.lines + positionAt(index, offset).line)].slice(before.records));
    return this.written;
  }

  /** Records as they come; those that were given when the input paused come first again and are left out. */
  async writeStream(records: AsyncIterable<NodeRecord>, given: number): Promise<Written> {
    let passed = 0;
    for await (const record of records) {
      if (record.type === 'diagnostic') this.note(false, isWorse(record));
      else {
        this.note(true, false);
        if (passed++ < given) continue;
      }
      await this.output.write(textOf(record, this.form));
      if (this.output.isClosed) break;
      this.collectAfter();
    }
    return this.written;
  }

  private collectAfter(): void {
    this.young = (this.young + 1) % COLLECT_AFTER;
    if (this.young === 0) this.collect();
  }

  private note(read: boolean, damaged: boolean): void {
    this.written = { read: this.written.read || read, damaged: this.written.damaged || damaged };
  }

  private async writeAll(records: Iterable<NodeRecord>): Promise<void> {
    let batch = '';
    for (const record of records) {
      batch += textOf(record, this.form);
      this.collectAfter();
      if (batch.length < BATCH) continue;
      await this.output.write(batch);
      batch = '';
    }
    if (batch !== '') await this.output.write(batch);
  }
}

function isWorse({ node }: NodeRecord): boolean {
  return typeof node === 'object' && node !== null && 'severity' in node && node.severity !== 'info';
}

async function* rejoined(
  head: string,
  second: Promise<IteratorResult<string, void>>,
  rest: AsyncIterable<string>,
): AsyncGenerator<string, void, void> {
  // What was held comes as if it had not been: in one piece all of its records would be made at once.
  for (let at = 0; at < head.length; at += BATCH) yield head.slice(at, at + BATCH);
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

function* allRecords(input: ParsedInput, line: (offset: number) => number): Generator<NodeRecord, void, void> {
  for (const { section, parsed } of input.outputs) yield* recordsOf(parsed, { source: input.name, lineOf: line, section });
  for (const diagnostic of input.diagnostics) {
    const output = input.outputs.find(
      ({ section }) => section.span.start <= diagnostic.span.start && diagnostic.span.start < section.span.end,
    );
    yield diagnosticRecord(diagnostic, output?.section.tool ?? 'netdrift', input.name, line);
  }
}

function textOf(record: NodeRecord, { flat, timestamps }: RecordForm): string {
  const { node, ...place } = record;
  const told: NodeRecord = timestamps === true ? { ...place, time: new Date().toISOString(), node } : record;
  return `${displayJson(flat === true ? flatRecord(told) : told)}\n`;
}
