import type { EditedSource } from './edit-source.ts';
import type { LineContext } from './format.ts';
import type { OpenSection, SourceLine } from './open-section.ts';
import type { Start } from './peel.ts';
import type { TranscriptResult } from './read-transcript.ts';
import type { SetAsideReason } from './set-aside.ts';
import { commandOf, startsCommand, watchedCommand } from './command.ts';
import { HEAD } from './format.ts';
import { formats } from './formats.ts';
import { kubernetesJson } from './formats/kubernetes.ts';
import { jsonEnd, startsKubernetesJson } from './json-end.ts';
import { addRange } from './open-section.ts';
import { findStart, peelAgain } from './peel.ts';
import { findRemark } from './remarks.ts';
import { TranscriptWriter } from './transcript-writer.ts';
import { wholeText } from './whole-text.ts';

/** Sections and characters of a line that are read; beyond that the text is hostile or no output. */
const MAX_SECTIONS = 10_000;
const MAX_LINE = 1_048_576;
/** Lines between a command and what it prints. */
const COMMAND_REACH = 4;

const FENCE = /^\s*(?:[>│|] ?)*(?:`{3,}|~{3,})[\w-]*\s*$/;
const LEFT_OUT = /^\s*(?:[>│|] ?)*(?:[.…]{1,6}|\[?\.\.\.\]?|[([<]?(?:snip|snipped|omitted|truncated|省略)[)\]>]?|--|#? ?\.{3,})\s*$/iu;
/** `node1 | CHANGED | rc=0 >>`, `==> node1 <==` */
const HOST_TITLE = /^\s*(?:([\w.-]{1,128}) \| (?:CHANGED|SUCCESS|FAILED)[!]? (?:\| rc=\d+ >>|=> \{)|==> ([\w.-]{1,128}) <==)\s*$/;
/** Lines that could be a command although a section could go on with them. */
const COMMAND_SIGN = /^\s{0,40}[#$>%[+\\└❯➜]/u;

/** Reads an edited text line by line; one open section at a time. */
export class SectionReader {
  private readonly source: EditedSource;
  private readonly text: string;
  private readonly writer: TranscriptWriter;
  private open: OpenSection | undefined;
  private command: string | undefined;
  private commandAge = 0;
  private host: string | undefined;
  private jsonFailed = false;

  constructor(source: EditedSource) {
    this.source = source;
    this.text = source.text;
    this.writer = new TranscriptWriter(source);
  }

  read(): TranscriptResult {
    const whole = wholeText(this.text);
    if (whole !== undefined) {
      const all = { start: 0, end: this.text.length, next: this.text.length };
      addRange(this.begin({ format: whole, strength: 'row', layers: [], at: 0 }, all), 0, this.text.length);
      this.finish();
      return this.writer.result(this.source.diagnostics);
    }
    for (let at = 0; at < this.text.length; ) at = this.readLine(this.lineAt(at)).next;
    this.finish();
    return this.writer.result(this.source.diagnostics);
  }

  /** Reads one line, or several that belong together; gives the last. */
  private readLine(line: SourceLine): SourceLine {
    if (line.end - line.start > MAX_LINE) return this.readLongLine(line);
    const head = this.headOf(line);
    if (head.trim() === '') return this.readBlank(line);
    return this.continueOpen(line, head) ?? this.readTitle(line, head) ?? this.beginSection(line, head) ?? this.readOther(line, head);
  }

  private continueOpen(line: SourceLine, head: string): SourceLine | undefined {
    const open = this.open;
    if (open === undefined) return undefined;
    const at = peelAgain(head, open.layers);
    if (at === undefined) return undefined;
    const rest = at === 0 ? head : head.slice(at);
    if (rest.trim() === '') return this.readBlank(line);
    const context = this.context(line, open);
    if (!open.format.continues(rest, context)) return undefined;
    if (COMMAND_SIGN.test(head) && startsCommand(commandOf(head.trimStart())?.command ?? '')) return undefined;
    if (open.format.loose === true && this.isTitleOfOther(rest, context)) return undefined;
    const once = open.format.once?.(rest, context);
    const key = once ?? open.format.announces?.(rest, context);
    if (key !== undefined && open.seen.has(key)) return undefined;
    // Foreign lines between blank ones are a text that goes on: what follows is another output, even of the same kind.
    const foreign = open.waiting.some(({ reason }) => reason === 'other');
    if (foreign && context.afterBlank) return undefined;
    if (once !== undefined) open.seen.add(once);
    this.settleWaiting(open);
    return this.add(open, line, rest, at);
  }

  private isTitleOfOther(rest: string, context: LineContext): boolean {
    return formats.some((format) => format !== this.open?.format && format.starts(rest, context) === 'title');
  }

  /** A line that tells of what follows it: a command, the machine, the end of a fence. */
  private readTitle(line: SourceLine, head: string): SourceLine | undefined {
    if (FENCE.test(head)) return this.close(line, 'fence');
    const titled = HOST_TITLE.exec(head);
    if (titled !== null) {
      this.host = titled[1] ?? titled[2];
      this.commandAge = 0;
      return this.close(line, 'title');
    }
    const trimmed = head.trim();
    const shown = trimmed.replace(/^(?:`{3,}|>+ ?|[│|] )(?=\S)/, '');
    const command = watchedCommand(trimmed) ?? commandOf(trimmed) ?? (shown === trimmed ? undefined : commandOf(shown));
    if (command === undefined) return undefined;
    // An empty prompt ends what stands before it and announces nothing.
    this.command = command.command === '' ? undefined : command.command;
    this.commandAge = 0;
    this.host = command.host;
    return this.close(line, 'command');
  }

  private beginSection(line: SourceLine, head: string): SourceLine | undefined {
    const json = this.beginJson(line);
    if (json !== undefined) return json;
    const start = findStart(head, this.context(line, undefined));
    if (start === undefined) return undefined;
    if (this.resumes(start)) return this.resume(line, head, start);
    this.finish();
    if (this.writer.sectionCount >= MAX_SECTIONS) return this.setAside(line, 'too-many-sections');
    const rest = head.slice(start.at);
    const open = this.begin(start, line);
    const once = start.format.once?.(rest, this.context(line, undefined));
    if (once !== undefined) open.seen.add(once);
    return this.add(open, line, rest, start.at);
  }

  private begin({ format, layers }: Start, { start, next }: SourceLine): OpenSection {
    const open = {
      format,
      layers,
      command: this.command,
      host: layers.find((layer) => layer.host !== undefined)?.host ?? this.host,
      seen: new Set<string>(),
      ranges: [],
      waiting: [],
      gaps: 0,
      span: { start, end: next },
    };
    this.open = open;
    return open;
  }

  /** Whether a row belongs to the open section although something stands between that could not be read. */
  private resumes(start: Start): boolean {
    const open = this.open;
    if (open === undefined || start.strength === 'title' || start.format !== open.format) return false;
    const apart = open.waiting.some(({ reason }) => reason === 'blank') && open.waiting.some(({ reason }) => reason === 'other');
    if (apart) return false;
    const sameHost = start.layers.every((layer) => layer.host === undefined || layer.host === open.host);
    return sameHost && start.format.blank !== 'end';
  }

  private resume(line: SourceLine, head: string, start: Start): SourceLine | undefined {
    const open = this.open;
    if (open === undefined) return undefined;
    const rest = head.slice(start.at);
    const once = open.format.once?.(rest, this.context(line, open));
    if (once !== undefined) open.seen.add(once);
    this.settleWaiting(open);
    return this.add(open, line, rest, start.at);
  }

  private beginJson(line: SourceLine): SourceLine | undefined {
    if (this.jsonFailed || !startsKubernetesJson(this.text, line.start)) return undefined;
    const end = jsonEnd(this.text, line.start);
    // Brackets that never close are looked through once only.
    this.jsonFailed = end < 0;
    if (end < 0) return undefined;
    this.finish();
    const last = this.lineAt(end - 1);
    addRange(this.begin({ format: kubernetesJson, strength: 'title', layers: [], at: 0 }, { ...last, start: line.start }), line.start, last.next);
    this.finish();
    return last;
  }

  private readOther(line: SourceLine, head: string): SourceLine {
    const reason: SetAsideReason = LEFT_OUT.test(head) ? 'left-out' : 'other';
    this.commandAge += 1;
    if (this.commandAge > COMMAND_REACH) {
      this.command = undefined;
      this.host = undefined;
    }
    if (this.open === undefined) return this.setAside(line, reason);
    this.open.waiting.push({ line, reason });
    return line;
  }

  private readBlank(line: SourceLine): SourceLine {
    if (this.open === undefined) return this.setAside(line, 'blank');
    if (this.open.format.blank === 'end') return this.close(line, 'blank');
    this.open.waiting.push({ line, reason: 'blank' });
    return line;
  }

  private readLongLine(line: SourceLine): SourceLine {
    return this.beginJson(line) ?? this.close(line, 'long-line');
  }

  /** Adds a line to a section, without what is around it, and the lines it carries with it. */
  private add(open: OpenSection, line: SourceLine, rest: string, at: number): SourceLine {
    const start = line.start + at;
    const end = this.endOfOutput(open, line, rest, start);
    addRange(open, start, end);
    addRange(open, end < line.end ? line.end : end, line.next);
    open.span = { start: open.span.start, end: line.next };
    let last = line;
    const count = open.format.carries?.(this.text.slice(start, line.end), this.followingLines(open, line)) ?? 0;
    for (let index = 0; index < count; index += 1) {
      last = this.lineAt(last.next);
      const inner = peelAgain(this.headOf(last), open.layers) ?? 0;
      addRange(open, last.start + inner, last.next);
      open.span = { start: open.span.start, end: last.next };
    }
    return last;
  }

  /** Where a line's output ends: before a remark, or the right side of what is around it. */
  private endOfOutput(open: OpenSection, line: SourceLine, rest: string, start: number): number {
    if (open.layers.length > 0) {
      const right = open.layers.some(({ kind }) => kind.name === 'border') ? /\s*[│┃║|]\s*$/ : undefined;
      const tick = open.layers.some(({ kind }) => kind.name === 'inline-code') ? /`\s*$/ : undefined;
      const pattern = right ?? tick;
      const found = pattern?.exec(this.text.slice(start, Math.min(line.end, start + MAX_LINE)));
      if (found !== null && found !== undefined) return start + found.index;
    }
    if (!/[<←⟵⇐]/u.test(rest)) return line.end;
    const remark = findRemark(rest);
    if (remark < 0) return line.end;
    this.writer.noteRemark({ start: start + remark, end: line.end });
    return start + remark;
  }

  private followingLines(open: OpenSection, line: SourceLine): (index: number) => string | undefined {
    let last = line;
    let lastIndex = -1;
    return (index) => {
      // Formats ask in order; each line is found from the one before.
      if (index <= lastIndex) return undefined;
      for (; lastIndex < index; lastIndex += 1) {
        if (last.next >= this.text.length) return undefined;
        last = this.lineAt(last.next);
      }
      const head = this.text.slice(last.start, Math.min(last.end, last.start + MAX_LINE));
      return head.slice(peelAgain(head, open.layers) ?? 0);
    };
  }

  /**
   * Decides about lines that turn out to stand inside a section: blank ones by the format; a single strange line is a damaged
   * row, for the parser to report; more of them are foreign.
   */
  private settleWaiting(open: OpenSection): void {
    if (open.waiting.length === 0) return;
    const waiting = open.waiting;
    open.waiting = [];
    const strange = waiting.filter(({ reason }) => reason === 'other');
    const damagedRow = waiting.length === 1 && strange.length === 1;
    for (const { line, reason } of waiting) {
      if (reason === 'left-out') open.gaps += 1;
      if (damagedRow || (reason === 'blank' && open.format.blank === 'keep')) this.addAsIs(open, line);
      else this.writer.setAside(reason, { start: line.start, end: line.next });
    }
  }

  private addAsIs(open: OpenSection, line: SourceLine): void {
    const at = Math.min(peelAgain(this.headOf(line), open.layers) ?? 0, line.end - line.start);
    addRange(open, line.start + at, line.next);
  }

  private context(line: SourceLine, open: OpenSection | undefined): LineContext {
    return {
      next: () => (line.next < this.text.length ? this.headOf(this.lineAt(line.next)) : ''),
      command: open === undefined ? this.command : open.command,
      afterBlank: open?.waiting.some(({ reason }) => reason === 'blank') ?? false,
    };
  }

  private close(line: SourceLine, reason: SetAsideReason): SourceLine {
    this.finish();
    return this.setAside(line, reason);
  }

  private setAside(line: SourceLine, reason: SetAsideReason): SourceLine {
    this.writer.setAside(reason, { start: line.start, end: line.next });
    return line;
  }

  /** Ends the open section; what came after its last line is not part of it. */
  private finish(): void {
    const open = this.open;
    if (open === undefined) return;
    this.open = undefined;
    const [only, ...more] = open.waiting;
    // A last line without a line feed right after a row is that row's successor, cut off by whoever copied it.
    const cut = only !== undefined && more.length === 0 && only.reason === 'other' && only.line.next === only.line.end;
    if (cut) {
      this.addAsIs(open, only.line);
      open.span = { start: open.span.start, end: only.line.next };
    }
    this.writer.addSection(open);
    if (!cut) for (const { line, reason } of open.waiting) this.writer.setAside(reason, { start: line.start, end: line.next });
  }

  private headOf(line: SourceLine): string {
    return this.text.slice(line.start, Math.min(line.end, line.start + HEAD));
  }

  private lineAt(start: number): SourceLine {
    const feed = this.text.indexOf('\n', start);
    if (feed < 0) return { start, end: this.text.length, next: this.text.length };
    const end = feed > start && this.text.charCodeAt(feed - 1) === 0x0d ? feed - 1 : feed;
    return { start, end, next: feed + 1 };
  }
}

