import { type Diagnostic, Line, sourceBytes, wholeLines } from '@netdrift/core';
import type { Ipset, IpSet, IpsetListForm, Member, UnknownMember } from './ast.ts';
import { type SetDraft, toSet } from './draft.ts';
import { formOfLine, parseIpset, type ParseIpsetOptions, readerOf, reportError, toValue } from './parse.ts';
import { eachLine, newReading, type Reading, type SetsReader } from './read-lines.ts';
import { namesIpset, toolErrorOf } from './tool-errors.ts';

/** What {@link parseIpsetStream} gives: sets, members and diagnostics as they are read, and at the end the value, which holds no sets. */
export type IpsetStreamItem =
  | { readonly type: 'set'; readonly set: Omit<IpSet, 'members'> }
  | { readonly type: 'member'; readonly set: string; readonly member: Member | UnknownMember }
  | { readonly type: 'diagnostic'; readonly diagnostic: Diagnostic }
  | { readonly type: 'value'; readonly value: Ipset };

/**
 * Reads an output that is too large to hold: gives each set as soon as its head is complete, and each of its members, with the diagnostics
 * between them. Held in memory are one piece of the input and the heads of the sets.
 *
 * The nodes are those of `parseIpset`, but for two things that only a whole text tells: a set spans its first line, and where a save
 * creates a set behind its members it is given without its type. A text that shows no form is read whole. Bytes are read as UTF-8.
 *
 * @example
 * for await (const item of parseIpsetStream(process.stdin)) if (item.type === 'member') count += 1;
 */
export async function* parseIpsetStream(
  input: AsyncIterable<string | Uint8Array>,
  options: ParseIpsetOptions = {},
): AsyncGenerator<IpsetStreamItem, void, void> {
  const lines = wholeLines();
  let held = '';
  let { form } = options;
  let stream: SetStream | undefined;
  for await (const piece of input) {
    const complete = lines.add(piece);
    held += complete;
    form ??= formOf(complete);
    if (form === undefined) continue;
    // The last line waits: whether `Name: x` begins a set is told by the line behind it.
    const end = held.lastIndexOf('\n', held.length - 2) + 1;
    if (end === 0) continue;
    stream ??= new SetStream(form, options.set);
    yield* stream.read(held.slice(0, end));
    held = held.slice(end);
  }
  held += lines.rest();
  if (stream === undefined) {
    const { value, diagnostics } = parseIpset(held, options);
    if (!('sets' in value) || value.sets.length === 0) {
      for (const diagnostic of diagnostics) yield { type: 'diagnostic', diagnostic };
      yield { type: 'value', value };
      return;
    }
    // One line, which no other one came behind.
    stream = new SetStream(value.layout.form, options.set);
  }
  yield* stream.read(held);
  yield* stream.end();
}

function formOf(text: string): 'list' | 'save' | undefined {
  const line = new Line(text);
  let form: 'list' | 'save' | undefined;
  eachLine(line, (start, end, blank) => {
    if (!blank) form ??= formOfLine(line, start, end);
  });
  return form;
}

/** A text under way. */
class SetStream {
  readonly form: IpsetListForm | 'save';
  private reading: Reading = newReading(new Line(''), true);
  private readonly reader: SetsReader;
  private readonly told = new Set<SetDraft>();
  private length = 0;
  /** Written over for each piece: fresh memory for every one would stay with the process. */
  private buffer = new Uint8Array(0);

  constructor(form: IpsetListForm | 'save', set: string | undefined) {
    this.form = form;
    this.reader = readerOf(form, this.reading, set);
  }

  *read(text: string): Generator<IpsetStreamItem, void, void> {
    if (text.length > this.buffer.length) this.buffer = new Uint8Array(text.length * 2);
    const line = new Line(text, sourceBytes(text, this.buffer), this.length);
    const mayFail = namesIpset(text);
    this.reading = { ...this.reading, line, diagnostics: [] };
    this.length += text.length;
    this.reader.read(this.reading, (start, end) => {
      const span = line.spanOf(start, end);
      if (!mayFail || toolErrorOf(text.slice(start, end), span) === undefined) return false;
      this.reading.diagnostics.push(reportError(text.slice(start, end), span));
      return true;
    });
    yield* this.given();
  }

  *end(): Generator<IpsetStreamItem, void, void> {
    this.reader.finish();
    yield* this.given();
    yield { type: 'value', value: toValue(this.form, [], { start: 0, end: this.length }) };
  }

  /** What has come since it was last asked, in the order of the text. */
  private *given(): Generator<IpsetStreamItem, void, void> {
    const items: { readonly at: number; readonly item: IpsetStreamItem }[] = [];
    for (const draft of this.reader.touched()) {
      if (this.reader.hasHead(draft) && !this.told.has(draft)) {
        this.told.add(draft);
        items.push({ at: draft.start, item: { type: 'set', set: headOf(draft) } });
      }
      const { members = [] } = draft;
      for (const member of members) items.push({ at: member.span.start, item: { type: 'member', set: draft.name, member } });
      draft.given = (draft.given ?? 0) + members.length;
      if (members.length > 0) draft.members = [];
    }
    for (const { item } of items.sort((one, other) => one.at - other.at)) yield item;
    for (const diagnostic of this.reading.diagnostics.splice(0)) yield { type: 'diagnostic', diagnostic };
  }
}

function headOf(draft: SetDraft): Omit<IpSet, 'members'> {
  const { members: _, ...set } = toSet(draft);
  return { ...set, span: draft.firstLine };
}
