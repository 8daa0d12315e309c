import { decodeUtf8, LINE_FEED, sourceBytes, type Diagnostic, type Family } from '@netdrift/core';
import type { Chain, IptablesValue, Rule } from './ast.ts';
import { listingReader } from './listing/load-listing-reader.ts';
import { saveReader } from './save/load-save-reader.ts';
import { isSaveForm, type ParseIptablesOptions } from './parse.ts';
import type { ListingReader } from './listing/read-listing.ts';
import type { SaveReader } from './save/read-save.ts';
import { RuleLine, TextContext } from './rule/rule-line.ts';
import { readToolError } from './tool-error.ts';

/**
 * What {@link parseIptablesStream} gives, in the order of the input; the value, which tells the form and whose tables hold no chains, comes
 * last.
 */
export type IptablesStreamItem =
  | { readonly type: 'chain'; readonly table?: string; readonly chain: Chain }
  | { readonly type: 'rule'; readonly table?: string; readonly chain: string; readonly rule: Rule }
  | { readonly type: 'diagnostic'; readonly diagnostic: Diagnostic }
  | { readonly type: 'value'; readonly value: IptablesValue };

/** So much text is read before its form is told; an error of the tool is shorter. */
const ENOUGH_TO_TELL = 4096;

/**
 * Reads an output that is too large to hold: gives each chain (without its rules) and each rule as soon as its line is
 * complete, with the diagnostics between them.
 *
 * The nodes are those of `parseIptables`, spans included, but for two things only a whole text tells: a rule of a save form that
 * asks for no address has any IPv4 address until something tells that the family is IPv6, and an unknown target's text
 * stays an unknown match. Rules put in with `-I` come where they stand. Held in memory are one piece of the input and, of a
 * listing, the names of the chains of a table. Back-pressure is that of the reader: nothing is read ahead.
 *
 * @example
 * for await (const item of parseIptablesStream(process.stdin)) if (item.type === 'rule') count += 1;
 */
export async function* parseIptablesStream(
  input: AsyncIterable<string | Uint8Array>,
  options: ParseIptablesOptions = {},
): AsyncGenerator<IptablesStreamItem, void, void> {
  const pieces = new Pieces();
  let reading: Reading | undefined;
  for await (const piece of input) {
    pieces.add(piece);
    const text = pieces.takeLines();
    if (text === '') continue;
    if (reading === undefined && text.length < ENOUGH_TO_TELL && !tellsForm(text)) {
      pieces.putBack(text);
      continue;
    }
    reading ??= new Reading(text, options.family);
    pieces.putBack(reading.read(text, false));
    yield* reading.take();
  }
  const rest = pieces.takeAll();
  const failure = reading === undefined ? readToolError(rest) : undefined;
  if (failure !== undefined) {
    yield { type: 'value', value: failure };
    return;
  }
  reading ??= new Reading(rest, options.family);
  reading.read(rest, true);
  yield* reading.take();
  const value = reading.finish();
  yield* reading.take();
  yield { type: 'value', value };
}

function tellsForm(text: string): boolean {
  return /^Chain \S/m.test(text) || isSaveForm(text);
}

/** A text under way: its reader, and what it gave since it was last asked. */
class Reading {
  private readonly context = new TextContext();
  private readonly reader: ListingReader | SaveReader;
  private items: IptablesStreamItem[] = [];
  private given = 0;
  private base = 0;
  /** Written over for each piece: fresh memory for every one would stay with the process. */
  private buffer = new Uint8Array(0);

  constructor(start: string, family: Family | undefined) {
    this.reader = isSaveForm(start)
      ? saveReader(this.context, family, {
          chain: (chain, table) => void this.items.push({ type: 'chain', ...(table === undefined ? {} : { table }), chain }),
          rule: (rule, chain, table) => void this.items.push({ type: 'rule', ...(table === undefined ? {} : { table }), chain, rule }),
        })
      : listingReader(this.context, {
          chain: (chain) => void this.items.push({ type: 'chain', chain }),
          rule: (rule, chain) => void this.items.push({ type: 'rule', chain, rule }),
        });
  }

  /** Reads a piece and gives back the part of it that needs what follows. */
  read(text: string, isLast: boolean): string {
    if (text.length > this.buffer.length) this.buffer = new Uint8Array(text.length * 2);
    const end = this.reader.read(new RuleLine(text, this.context, this.base, sourceBytes(text, this.buffer)), isLast);
    this.base += end;
    return text.slice(end);
  }

  *take(): Generator<IptablesStreamItem, void, void> {
    const { items } = this;
    this.items = [];
    yield* items;
    const { diagnostics } = this.reader;
    for (; this.given < diagnostics.length; this.given += 1) {
      const diagnostic = diagnostics[this.given];
      if (diagnostic !== undefined) yield { type: 'diagnostic', diagnostic };
    }
    diagnostics.length = 0;
    this.given = 0;
  }

  finish(): IptablesValue {
    return this.reader.finish(this.base);
  }
}

/** Puts pieces together to text that ends with a line end. */
class Pieces {
  private text = '';
  private bytes: Uint8Array[] = [];
  /** Something was added that ends a line. */
  private hasLine = false;

  add(piece: string | Uint8Array): void {
    if (typeof piece === 'string') {
      this.text += this.decoded(this.bytes) + piece;
      this.bytes = [];
      this.hasLine ||= piece.includes('\n');
      return;
    }
    const end = piece.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) {
      this.bytes.push(piece);
      return;
    }
    // A character may be cut between two pieces, so bytes are joined up to a line end before they are decoded.
    this.text += this.decoded([...this.bytes, piece.subarray(0, end)]);
    this.bytes = end === piece.length ? [] : [piece.subarray(end)];
    this.hasLine = true;
  }

  /** The complete lines. */
  takeLines(): string {
    if (!this.hasLine) return '';
    this.hasLine = false;
    const end = this.text.lastIndexOf('\n') + 1;
    const lines = this.text.slice(0, end);
    this.text = this.text.slice(end);
    return lines;
  }

  takeAll(): string {
    const all = this.text + this.decoded(this.bytes);
    this.text = '';
    this.bytes = [];
    return all;
  }

  putBack(text: string): void {
    this.text = text + this.text;
  }

  private decoded(pieces: readonly Uint8Array[]): string {
    const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return decodeUtf8(all);
  }
}
