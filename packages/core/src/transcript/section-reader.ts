import type { EditedSource } from './edits/edit-source.ts';
import type { LineContext } from './format.ts';
import type { OpenSection, SourceLine } from './open-section.ts';
import type { Start } from './layers/peel.ts';
import type { TranscriptResult } from './transcript.ts';
import type { SetAsideReason } from './set-aside.ts';
import { answerOf } from './titles/answers.ts';
import { commandOf, startsCommand } from './commands/command.ts';
import { runsTool } from './commands/command-facts.ts';
import { type Commented, commentedSaves } from './comment-as-whole.ts';
import { CommandRuns } from './commands/command-runs.ts';
import { formats } from './formats.ts';
import { jsonFormatAt } from './formats/json-format.ts';
import { kubeProxyLog, proxyMode } from './formats/kube-proxy.ts';
import { HostLabels } from './titles/host-label-reader.ts';
import { jsonEnd } from './json-end.ts';
import { LineAdder } from './line-adder.ts';
import { addRange, WaitingLines } from './open-section.ts';
import { isLoggedOutput } from './logs/logged-output.ts';
import { holdsKubeProxy, taggedProgram } from './logs/logging-program.ts';
import { withoutPayload } from './logs/restore-payload.ts';
import { findStart, peelAgain } from './layers/peel.ts';
import { UnnamedMachines } from './commands/unnamed-machines.ts';
import { machineOf } from './commands/remote-host.ts';
import { MAX_LINE, SourceLines } from './source-lines.ts';
import { timeIn } from './titles/time.ts';
import { timeAlone } from './titles/time-title.ts';
import { goesOn, isCommentedOut, isInsideLogged } from './beside-open-section.ts';
import { printedPart } from './layers/right-side.ts';
import { isStderrLine } from './stderr-lines.ts';
import { standsForLinesLeftOut, type Title, titleOf } from './titles/titles.ts';
import { TranscriptWriter } from './transcript-writer.ts';
import { wholeText } from './whole-text.ts';

/** Sections that are read; a text with more is hostile or no output. */
const MAX_SECTIONS = 10_000;
/** Lines between a command and what it prints. */
const COMMAND_REACH = 4;
/** Lines of one command. */
const MAX_COMMAND_LINES = 20;

/** Lines that could be a command although a section could go on with them. */
const COMMAND_SIGN = /^\s{0,40}[#$>%[+\\└❯➜]/u;

/** `### web-b`, which a save would go on with as its comment. */
const LABEL_SIGN = /^\s{0,40}(?:#{2,}|={2,}|-{3,}) *\S/;

/** Reads an edited text line by line; one open section at a time. */
export class SectionReader {
  private readonly source: EditedSource;
  private readonly text: string;
  private readonly lines: SourceLines;
  private readonly writer: TranscriptWriter;
  private readonly adder: LineAdder;
  private open: OpenSection | undefined;
  private command: string | undefined;
  private commandAge = 0;
  private readonly runs = new CommandRuns();
  private readonly unnamed = new UnnamedMachines();
  private host: string | undefined;
  private time: string | undefined;
  /** The machine that its own `hostname` names, for prompts that name none. */
  private answered: string | undefined;
  private readonly labels = new HostLabels();
  private jsonFailed = false;
  private commented: Commented | undefined;

  constructor(source: EditedSource) {
    this.source = source;
    this.text = source.text;
    this.lines = new SourceLines(source.text);
    this.writer = new TranscriptWriter(source);
    this.adder = new LineAdder(this.lines, this.writer);
  }

  /** Reads the text; all of it is of one format where that is told. */
  read(whole = wholeText(this.text)): TranscriptResult {
    if (whole !== undefined) {
      const all = { start: 0, end: this.text.length, next: this.text.length };
      addRange(this.begin({ format: whole, strength: 'row', layers: [], at: 0 }, all), 0, this.text.length);
      this.finish();
      return this.writer.result(this.source.diagnostics);
    }
    for (let at = 0; at < this.text.length;) at = this.readLine(this.lines.at(at)).next;
    this.finish();
    return this.writer.result(this.source.diagnostics);
  }

  /** Reads one line, or several that belong together; gives the last. */
  private readLine(line: SourceLine): SourceLine {
    if (line.end - line.start > MAX_LINE) return this.readLongLine(line);
    const head = this.lines.head(line);
    if (head.trim() === '') return this.readBlank(line);
    return (
      this.continueOpen(line, head) ??
      this.readStderr(line, head) ??
      this.readTitle(line, head) ??
      this.readAnswer(line, head) ??
      this.beginSection(line, head) ??
      this.readOther(line, head)
    );
  }

  private continueOpen(line: SourceLine, head: string): SourceLine | undefined {
    const open = this.open;
    if (open === undefined) return undefined;
    const at = peelAgain(head, open.layers);
    if (at === undefined) return undefined;
    const rest = at === 0 ? head : head.slice(at);
    const printed = printedPart(rest, open.layers);
    if (printed.trim() === '') return this.readBlank(line);
    const program = open.format === kubeProxyLog ? taggedProgram(head.slice(0, at)) : undefined;
    const isKubeProxys = program !== undefined && holdsKubeProxy(program);
    if (program !== undefined && isKubeProxys !== open.isKubeProxys) return isKubeProxys ? undefined : this.betweenPrograms(line, program);
    const context = this.context(line, open);
    if (this.adder.isWrapped(open, line, rest)) return this.adder.joinWrapped(open, line, at);
    if (program !== undefined && !isKubeProxys) {
      open.programs.add(program);
      return this.adder.add(open, line, rest, at);
    }
    if (!open.format.continues(printed, context)) return undefined;
    if (LABEL_SIGN.test(head) && this.readLabel(line, head) !== undefined) return undefined;
    if (COMMAND_SIGN.test(head) && startsCommand(commandOf(head.trimStart())?.command ?? '')) return undefined;
    if (open.format.loose === true && (titleOf(head) !== undefined || this.isTitleOfOther(printed, context))) return undefined;
    const once = open.format.once?.(printed, context);
    const key = once ?? open.format.announces?.(printed, context);
    if (key !== undefined && (open.seen.has(key) || open.format.restarts?.(printed, open.seen) === true)) return undefined;
    // Foreign lines between blank ones are a text that goes on: what follows is another output, even of the same kind.
    if (open.waiting.has('other') && context.afterBlank) return undefined;
    if (once !== undefined) open.seen.add(once);
    this.adder.settleWaiting(open, printed);
    return this.adder.add(open, line, rest, at);
  }

  /** A journal of several programs: kube-proxy's lines are its log, and those of others between them are not. */
  private betweenPrograms(line: SourceLine, program: string): SourceLine {
    this.writer.noteProgram(program);
    return this.setAside(line, 'other-program');
  }

  private isTitleOfOther(rest: string, context: LineContext): boolean {
    if (this.open?.format === kubeProxyLog && isLoggedOutput(rest, context)) return true;
    return formats.some((format) => format !== this.open?.format && format.starts(rest, context) === 'title');
  }

  /** A message between the rows of an output, or before its first one: the output goes on behind it. */
  private readStderr(line: SourceLine, head: string): SourceLine | undefined {
    if (!isStderrLine(head.trimStart())) return undefined;
    // Alone it is what a tool says instead of its output.
    if (this.open === undefined && findStart(head, this.context(line, undefined)) !== undefined) return undefined;
    return this.setAside(line, 'message');
  }

  /** A line that tells of what follows it: a command, the machine, the end of a fence. */
  private readTitle(line: SourceLine, head: string): SourceLine | undefined {
    // `iptables` alone is a command too.
    if (proxyMode.starts(head.trim(), this.context(line, undefined)) !== undefined) return undefined;
    const title = titleOf(head) ?? this.readLabel(line, head);
    if (title === undefined) return undefined;
    if (title.kind === 'fence') return this.close(line, 'fence');
    this.finish();
    this.runs.reset();
    if (title.host !== undefined && title.host !== this.host) this.time = undefined;
    this.host = this.labels.hostOf(title) ?? this.answered;
    this.commandAge = 0;
    if (title.kind === 'host') return this.close(line, 'title');
    if (title.time !== undefined) this.time = title.time;
    return this.readCommand(line, title.command);
  }

  /** The machine that a line alone names, where an output or a command follows it. */
  private readLabel(line: SourceLine, head: string): Title | undefined {
    const context = this.context(line, undefined);
    const title = this.labels.read(
      line,
      head,
      context.next(),
      (text) => titleOf(text) !== undefined || findStart(text, context)?.strength === 'title',
    );
    // `inet6 2001:db8::1/128 dev dpdk0 mtu 1500 scope host` is a row.
    if (title !== undefined && findStart(head, context)?.strength === 'title') return undefined;
    // A turn of a loop is at the machine of the loop.
    return title?.kind === 'command' && this.host !== undefined ? { ...title, host: this.host } : title;
  }

  /** The answer of `hostname` or `date`, which holds for what follows. */
  private readAnswer(line: SourceLine, head: string): SourceLine | undefined {
    const time = timeAlone(head);
    const answer = answerOf(head, this.command) ?? (time === undefined ? undefined : { time });
    if (answer === undefined) return undefined;
    if (answer.time !== undefined) this.time = answer.time;
    if (answer.host !== undefined) this.host = this.answered = answer.host;
    return this.close(line, 'title');
  }

  /** Takes a command, and the lines in which it goes on behind a backslash; an empty prompt announces nothing. */
  private readCommand(line: SourceLine, command: string): SourceLine {
    this.close(line, 'command');
    const parts = [command];
    let last = line;
    for (
      let next = this.lines.after(last);
      next !== undefined && parts.length < MAX_COMMAND_LINES && parts.at(-1)?.endsWith('\\') === true;
      next = this.lines.after(last)
    ) {
      parts.push(this.lines.head(next).trim().replace(/^> ?/, ''));
      last = this.setAside(next, 'command');
    }
    const whole = parts.map((part) => part.replace(/\s*\\$/, '')).join(' ');
    this.command = whole === '' ? undefined : whole;
    this.labels.noteLoop(whole);
    this.host = machineOf(whole, this.host);
    return last;
  }

  private beginSection(line: SourceLine, head: string): SourceLine | undefined {
    const json = this.beginJson(line);
    if (json !== undefined) return json;
    const found = findStart(head, this.context(line, undefined));
    if (found === undefined) return undefined;
    const start = withoutPayload(head, found, this.context(line, undefined));
    if (start.format === kubeProxyLog && isInsideLogged(this.open, this.context(line, this.open))) return undefined;
    if (isCommentedOut(this.open, start)) return this.setAside(line, 'comment');
    const rest = head.slice(start.at);
    const once = start.format.once?.(printedPart(rest, start.layers), this.context(line, undefined));
    const isShownAgain = once !== undefined && this.open?.seen.has(once) === true;
    if (!isShownAgain && goesOn(this.open, start)) return this.resume(line, head, start);
    this.finish();
    if (this.writer.sectionCount >= MAX_SECTIONS) return this.setAside(line, 'too-many-sections');
    const open = this.begin(start, line);
    if (once !== undefined) open.seen.add(once);
    return this.adder.add(open, line, rest, start.at);
  }

  private begin({ format, layers }: Start, line: SourceLine): OpenSection {
    const programs = layers.flatMap(({ text }) => taggedProgram(text) ?? []);
    const open = {
      format,
      layers,
      command: this.command,
      host: layers.find((layer) => layer.host !== undefined)?.host ?? this.host,
      time: timeIn(layers.map(({ kind, text }) => (kind.name === 'log-prefix' ? text : '')).join(' ')) ?? this.time,
      programs: new Set(programs),
      isKubeProxys: programs.some(holdsKubeProxy),
      seen: new Set<string>(),
      ranges: [],
      waiting: new WaitingLines(),
      gaps: 0,
      lastLine: line,
      span: { start: line.start, end: line.next },
    };
    this.open = open;
    return open;
  }

  private resume(line: SourceLine, head: string, start: Start): SourceLine | undefined {
    const open = this.open;
    if (open === undefined) return undefined;
    const rest = head.slice(start.at);
    const printed = printedPart(rest, open.layers);
    const once = open.format.once?.(printed, this.context(line, open));
    if (once !== undefined) open.seen.add(once);
    this.adder.settleWaiting(open, printed);
    return this.adder.add(open, line, rest, start.at);
  }

  private beginJson(line: SourceLine): SourceLine | undefined {
    if (this.jsonFailed) return undefined;
    const format = jsonFormatAt(this.text, line.start);
    if (format === undefined) return undefined;
    const end = jsonEnd(this.text, line.start);
    // Brackets that never close are looked through once only.
    this.jsonFailed = end < 0;
    if (end < 0) return undefined;
    this.finish();
    const last = this.lines.at(end - 1);
    addRange(this.begin({ format, strength: 'title', layers: [], at: 0 }, { ...last, start: line.start }), line.start, last.next);
    this.finish();
    return last;
  }

  private readOther(line: SourceLine, head: string): SourceLine {
    if (this.open?.format.hashComments === true && /^\s*[#;]/.test(head)) return this.setAside(line, 'comment');
    const reason: SetAsideReason = standsForLinesLeftOut(head) ? 'left-out' : 'other';
    this.commandAge += 1;
    if (this.commandAge > COMMAND_REACH) {
      this.command = undefined;
      this.host = undefined;
    }
    if (this.open === undefined) return this.setAside(line, reason);
    this.open.waiting.add(line, reason);
    return line;
  }

  private readBlank(line: SourceLine): SourceLine {
    if (this.open === undefined) return this.setAside(line, 'blank');
    if (this.open.format.blank === 'end') return this.close(line, 'blank');
    this.open.waiting.add(line, 'blank');
    return line;
  }

  private readLongLine(line: SourceLine): SourceLine {
    return this.beginJson(line) ?? this.close(line, 'long-line');
  }

  private context(line: SourceLine, open: OpenSection | undefined): LineContext {
    const command = open === undefined ? this.command : open.command;
    return {
      next: (skip) => {
        let next = this.lines.after(line);
        while (next !== undefined && (next.end === next.start || skip?.(this.lines.head(next)) === true)) next = this.lines.after(next);
        return next === undefined ? '' : this.lines.head(next);
      },
      command,
      runs: (tool) => command !== undefined && runsTool(command, tool),
      afterBlank: open?.waiting.has('blank') ?? false,
      commented: () => (this.commented ??= commentedSaves(this.text)),
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
    const [only] = open.waiting.lines;
    // A last line without a line feed right after a row is that row's successor, cut off by whoever copied it.
    const cut = only !== undefined && open.waiting.lines.length === 1 && only.reason === 'other' && only.line.next === only.line.end;
    if (cut) {
      this.adder.addAsIs(open, only.line);
      open.span = { start: open.span.start, end: only.line.next };
    }
    // `[...]` and `--More--` right behind the last row stand for rows below it.
    if (open.waiting.lines[0]?.reason === 'left-out') open.gaps += 1;
    const run = this.runs.runOf(open);
    const host = open.host ?? this.unnamed.nameOf(open.command, open.format.tool, run);
    this.writer.addSection({ ...open, host }, run);
    if (!cut) for (const { line, reason } of open.waiting.lines) this.writer.setAside(reason, { start: line.start, end: line.next });
  }
}
