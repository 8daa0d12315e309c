import type { Diagnostic } from '../diagnostic.ts';
import type { Span } from '../text/span.ts';
import type { EditedText } from './edits/edited-text.ts';
import type { OpenSection } from './open-section.ts';
import type { TranscriptResult } from './transcript.ts';
import type { Envelope, Section } from './section.ts';
import type { SourceMap } from './edits/source-map.ts';
import type { SetAside, SetAsideReason } from './set-aside.ts';
import { quoteInput } from '../text/display.ts';
import { commandFacts, filterOf, runsTool } from './commands/command-facts.ts';
import { withoutOnlyOne } from './commands/unnamed-machines.ts';
import { loggingProgram } from './logs/logging-program.ts';
import { sourceMap } from './edits/source-map.ts';
import { timeIn } from './titles/time.ts';
import { transcriptCodes } from './diagnostics.ts';

/** What was taken off lines, told once for each kind. */
interface Noted {
  count: number;
  readonly text: string;
  readonly span: Span;
}

/** Collects sections, lines set aside and what is to be said of them. */
export class TranscriptWriter {
  private readonly text: string;
  private readonly map: SourceMap;
  private readonly sections: Section[] = [];
  private readonly aside: { reason: SetAsideReason; span: { start: number; end: number }; lines: number }[] = [];
  private readonly envelopes = new Map<Envelope, Noted>();
  private readonly programs = new Set<string>();
  private readonly remarks: Span[] = [];
  private readonly wrapped: Span[] = [];
  /** Where the last run of the text ends in the input: anything after it was cut out. */
  private readonly cutAfter: Span;

  constructor(source: EditedText) {
    this.text = source.text;
    this.map = sourceMap(source);
    this.cutAfter = { start: this.map.end, end: source.length };
  }

  get sectionCount(): number {
    return this.sections.length;
  }

  setAside(reason: SetAsideReason, span: Span): void {
    const last = this.aside.at(-1);
    if (last !== undefined && last.reason === reason && last.span.end === span.start) {
      last.span.end = span.end;
      last.lines += 1;
    } else this.aside.push({ reason, span: { ...span }, lines: 1 });
  }

  /** A program whose lines stand between those of kube-proxy's log. */
  noteProgram(name: string): void {
    this.programs.add(name);
  }

  noteRemark(span: Span): void {
    this.remarks.push(this.map.toInput(span));
  }

  noteWrapped(span: Span): void {
    this.wrapped.push(this.map.toInput(span));
  }

  /** Adds a section; `run` counts the outputs of its tool that the same command made before. */
  addSection(open: OpenSection, run: number): void {
    const pieces = this.map.pieces(open.ranges);
    const span = this.map.toInput(open.span);
    const { form } = open.format;
    const text = open.ranges.map(({ start, end }) => this.text.slice(start, end)).join('');
    const first = form === 'log' ? loggingProgram(text, open.layers) : undefined;
    const program = first === undefined || open.programs.size < 2 ? first : [...open.programs].join(', ');
    const tool = program === undefined ? open.format.tool : 'log';
    const facts = open.command === undefined ? undefined : commandFacts(open.command, tool, run);
    // A command that runs some other tool did not print this; one that runs nothing known may have.
    const command = facts !== undefined || (open.command !== undefined && !runsTool(open.command)) ? open.command : undefined;
    const filter = facts !== undefined || command === undefined ? undefined : filterOf(command);
    const time = ownTime(text) ?? open.time;
    const section: Section = {
      kind: 'Section',
      tool,
      form,
      ...(program === undefined || program === '' ? {} : { program }),
      ...(command === undefined ? {} : { command }),
      ...facts,
      ...(filter === undefined ? {} : { filter }),
      ...(open.host === undefined ? {} : { host: open.host }),
      ...(time === undefined ? {} : { time }),
      order: this.sections.length,
      text,
      pieces,
      envelopes: [...new Set(open.layers.map(({ kind }) => kind.name))],
      gaps: open.gaps,
      span,
    };
    this.sections.push(section);
    for (const name of section.envelopes) {
      const layers = open.layers.filter(({ kind }) => kind.name === name);
      this.noteEnvelope(name, layers.map(({ text }) => text).join(''), span);
    }
  }

  private noteEnvelope(name: Envelope, text: string, span: Span): void {
    const noted = this.envelopes.get(name);
    if (noted === undefined) this.envelopes.set(name, { count: 1, text, span: { start: span.start, end: span.start + text.length } });
    else noted.count += 1;
  }

  result(edits: readonly Diagnostic[]): TranscriptResult {
    const lines = this.aside.map(({ reason, span }): SetAside => ({ reason, span: this.map.toInputLines(span) }));
    const { start, end } = this.cutAfter;
    const setAside = [...lines, ...(end > start ? [{ reason: 'fence', span: { start, end } } as const] : [])].toSorted(
      (one, other) => one.span.start - other.span.start,
    );
    const told = [...edits, ...this.aboutSections(), ...this.aboutLines()];
    const hosts = withoutOnlyOne(this.sections.map(({ host }) => host));
    const sections = this.sections.map((section, index) => {
      const { host, ...rest } = section;
      return host === undefined || hosts[index] !== undefined ? section : rest;
    });
    return {
      sections,
      setAside,
      diagnostics: told.toSorted((one, other) => one.span.start - other.span.start),
    };
  }

  private aboutSections(): readonly Diagnostic[] {
    const told: Diagnostic[] = [];
    for (const [name, { count, text, span }] of this.envelopes) {
      const outputs = count === 1 ? 'an output' : `${count} outputs`;
      told.push(tell('transcript/envelope', `${WORDS[name]} ${quoteInput(text)} is removed from the lines of ${outputs}`, span));
    }
    const [first] = this.remarks;
    if (first !== undefined) {
      const rows = this.remarks.length === 1 ? 'a row' : `${this.remarks.length} rows`;
      told.push(tell('transcript/annotation', `a remark is removed from the end of ${rows}`, first));
    }
    const [firstWrapped] = this.wrapped;
    if (firstWrapped !== undefined) {
      const lines = this.wrapped.length === 1 ? 'a line that was' : `${this.wrapped.length} lines that were`;
      told.push(
        tell('transcript/wrapped', `${lines} wrapped by a terminal ${this.wrapped.length === 1 ? 'is' : 'are'} joined`, firstWrapped),
      );
    }
    if (this.sections.length === 0 && this.text.trim() !== '') {
      const span = this.map.toInput({ start: 0, end: this.text.length });
      told.push(tell('transcript/nothing-found', 'the text holds no output of a known tool', span));
    }
    return told;
  }

  private aboutLines(): readonly Diagnostic[] {
    const told: Diagnostic[] = [];
    for (const [reason, { code, message }] of TOLD) {
      const found = this.aside.filter((aside) => aside.reason === reason);
      const [first] = found;
      if (first === undefined || (reason === 'other' && this.sections.length === 0)) continue;
      const lines = found.reduce((sum, aside) => sum + aside.lines, 0);
      told.push(tell(code, message(lines, [...this.programs]), this.map.toInput(first.span)));
    }
    return told;
  }
}

/** Characters in which a tool tells when it was run. */
const FIRST_LINES = 300;

/** The time in `# Generated by iptables-save v1.8.7 on Thu Nov 17 10:03:18 2016`. */
function ownTime(text: string): string | undefined {
  const generated = /^# Generated by .*$/m.exec(text.slice(0, FIRST_LINES));
  return generated === null ? undefined : timeIn(generated[0]);
}

const WORDS: Readonly<Record<Envelope, string>> = {
  indent: 'the indent',
  quote: 'the quote mark',
  diff: 'the diff sign',
  comment: 'the comment sign',
  border: 'the border',
  'log-prefix': 'the log prefix',
  'host-prefix': 'the host prefix',
  'line-number': 'the line number',
  'list-mark': 'the list mark',
  'inline-code': 'the code mark',
  fence: 'the code fence',
};

/** What is said of lines that were set aside; `programs` are those whose lines stand in kube-proxy's log. */
interface Told {
  readonly code: string;
  readonly message: (count: number, programs: readonly string[]) => string;
}

const TOLD: readonly (readonly [SetAsideReason, Told])[] = [
  [
    'other-program',
    {
      code: 'transcript/other-programs',
      message: (count, programs) =>
        `${count === 1 ? '1 line is' : `${count} lines are`} not kube-proxy's: ${programs.slice(0, 8).map(quoteInput).join(', ')}`,
    },
  ],
  [
    'other',
    {
      code: 'transcript/set-aside',
      message: (count) => (count === 1 ? '1 line is not output of a known tool' : `${count} lines are not output of a known tool`),
    },
  ],
  [
    'left-out',
    { code: 'transcript/left-out', message: (count) => `lines are left out of the text in ${count === 1 ? '1 place' : `${count} places`}` },
  ],
  ['long-line', { code: 'transcript/long-line', message: () => 'a line has more than 1048576 characters and is not read' }],
  [
    'too-many-sections',
    { code: 'transcript/too-many-sections', message: () => 'the text holds more than 10000 outputs; the rest is not read' },
  ],
];

function tell(code: string, message: string, span: Span): Diagnostic {
  return { code, severity: transcriptCodes.get(code)?.severity ?? 'error', message, span };
}
