import { encode, lineIndex, positionAt, readTranscript, type Transcript } from '@netdrift/core';
import { isDamaged, isRead, parseInput } from './parsed-input.ts';
import { diagnosticRecord, type NodeRecord, recordsOf } from './records.ts';

/** Characters that are gathered before they are looked through. */
const FIRST = 65_536;

/** What a piece of a stream gave. */
export interface Given {
  readonly records: readonly NodeRecord[];
  readonly read: boolean;
  readonly damaged: boolean;
}

/**
 * Outputs that come one behind the other, as a loop writes them. Each is given once the next one has begun, or as far as it has come when
 * the stream pauses; which records come in which order is the same however the text is cut into pieces.
 */
export class OpenListings {
  private readonly name: string;
  private waiting: string[] = [];
  private length = 0;
  private lookAt = FIRST;
  /** Lines and characters before the text that is kept. */
  private lines = 0;
  private base = 0;
  /** Records of the last output that were given when the stream paused. */
  private given = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** Characters that are kept. */
  get size(): number {
    return this.length;
  }

  /** Lines before them, and how many records of them were given when the stream paused. */
  get before(): { readonly lines: number; readonly records: number } {
    return { lines: this.lines, records: this.given };
  }

  /** The first characters that are kept. */
  head(length: number): string {
    const text = this.takeText();
    this.add(text);
    return text.slice(0, length);
  }

  add(text: string): void {
    this.waiting.push(text);
    this.length += text.length;
  }

  /** Whether enough has come to look through it again: the work is linear in the text. */
  get isDue(): boolean {
    return this.length >= this.lookAt;
  }

  /** All that is kept, which is then forgotten. */
  takeText(): string {
    const text = this.waiting.join('');
    this.waiting = [];
    this.length = 0;
    return text;
  }

  /**
   * The records of the outputs that are complete; with `pause` those of the last one too, as far as it has come. Undefined where something
   * stands between or around the outputs: what it tells of those behind it is seen in the whole text alone.
   */
  take(pause: boolean): Given | undefined {
    const text = this.takeText();
    const transcript = readTranscript(text);
    const clean = isClean(transcript);
    const last = transcript.sections.at(-1);
    if (!clean || last === undefined) {
      this.add(text);
      this.lookAt = Math.max(FIRST, 2 * this.length);
      return clean || endsBeforeTelling(text) ? { records: [], read: false, damaged: false } : undefined;
    }
    const starts = transcript.sections.map(({ span }) => span.start);
    // Comments and messages between two outputs go with the one before them.
    const complete = starts
      .slice(0, -1)
      .map((start, index) => this.recordsOf(text.slice(index === 0 ? 0 : start, starts[index + 1]), false));
    const rest = text.slice(starts.length === 1 ? 0 : last.span.start);
    this.add(rest);
    this.lookAt = Math.max(FIRST, 2 * this.length);
    const open = pause ? [this.openRecords(rest)] : [];
    const all = [...complete, ...open];
    return {
      records: all.flatMap(({ records }) => records),
      read: all.some(({ read }) => read),
      damaged: all.some(({ damaged }) => damaged),
    };
  }

  /** What is left at the end of the stream. */
  end(): Given {
    const complete = this.take(false);
    const last = this.recordsOf(this.takeText(), false);
    if (complete === undefined) return last;
    return { records: [...complete.records, ...last.records], read: complete.read || last.read, damaged: complete.damaged || last.damaged };
  }

  /** The records of an output that may go on: what is odd about it is told when it has ended. */
  private openRecords(text: string): Given {
    const { records, ...rest } = this.recordsOf(text, true);
    return { records, read: rest.read, damaged: false };
  }

  private recordsOf(text: string, isOpen: boolean): Given {
    const { base } = this;
    const input = parseInput(this.name, encode(text), base);
    const index = lineIndex(text);
    const line = (offset: number): number => this.lines + positionAt(index, offset - base).line;
    const found: NodeRecord[] = [];
    for (const { section, parsed } of input.outputs)
      for (const record of recordsOf(parsed, { source: this.name, lineOf: line, section })) found.push(firstLineAlone(record, text, base));
    // In the order of the text: what comes later adds records behind those that were given.
    const inOrder = found.toSorted((one, other) => one.line - other.line);
    const all = !isOpen
      ? inOrder
      : isOfUnknownFamily(inOrder) || isOpenTable(inOrder, text)
        ? []
        : endsInHeader(text)
          ? inOrder.slice(0, -1)
          : inOrder;
    const records = all.slice(this.given);
    if (isOpen) this.given = all.length;
    else {
      this.given = 0;
      const [output] = input.outputs;
      for (const diagnostic of input.diagnostics)
        records.push(diagnosticRecord(diagnostic, output?.section.tool ?? 'netdrift', this.name, line));
      this.lines += index.starts.length - 1;
      this.base += text.length;
    }
    return { records, read: isRead(input), damaged: isDamaged(input) };
  }
}

/** Whether only the last line is no line of an output, which the next one may make the first of one: `Name: KUBE-X`. */
function endsBeforeTelling(text: string): boolean {
  const rest = text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1);
  return rest === '' || isClean(readTranscript(rest));
}

/** Rules of which no address has told the family yet: a later one tells it of all of them. */
function isOfUnknownFamily(records: readonly NodeRecord[]): boolean {
  return records.some(({ tool, family }) => tool === 'iptables' && family === undefined);
}

/**
 * Whether a listing of nft may still change what it tells: a table that goes on, a file of commands, or sets of which none has shown an
 * element.
 */
function isOpenTable(records: readonly NodeRecord[], text: string): boolean {
  return (
    records.some(({ tool }) => tool === 'nft') && !(text.startsWith('table ') && text.endsWith('\n}\n') && text.includes('\telements = '))
  );
}

/** Whether the last set of `ipset list` has not shown all lines that tell what it is: they belong to one record. */
function endsInHeader(text: string): boolean {
  const last = text.lastIndexOf('Name: ');
  return last >= 0 && (last === 0 || text[last - 1] === '\n') && !text.includes('\nMembers:', last);
}

/** A chain or a set spans its first line: how far it goes is not known before it has ended. */
function firstLineAlone(record: NodeRecord, text: string, base: number): NodeRecord {
  const { node } = record;
  if ((record.type !== 'chain' && record.type !== 'ip-set') || typeof node !== 'object' || node === null || !('span' in node))
    return record;
  const { start } = node.span as { readonly start: number };
  const feed = text.indexOf('\n', start - base);
  return { ...record, node: { ...node, span: { start, end: base + (feed < 0 ? text.length : feed) } } as NodeRecord['node'] };
}

/** Whether a text is nothing but outputs: no command, no machine, nothing around or between their lines. */
function isClean({ sections, setAside, diagnostics }: Transcript & { readonly diagnostics: readonly unknown[] }): boolean {
  if (diagnostics.length > 0 || setAside.some(({ reason }) => reason !== 'blank' && reason !== 'comment' && reason !== 'message'))
    return false;
  return sections.every(
    ({ tool, form, command, host, envelopes }) =>
      REPEATED.has(tool) && form !== 'error' && form !== 'json' && command === undefined && host === undefined && envelopes.length === 0,
  );
}

/** Tools whose outputs are followed as they come. */
const REPEATED: ReadonlySet<string> = new Set(['ipvsadm', 'iptables', 'ipset', 'modules', 'nft']);
