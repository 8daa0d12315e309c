import type { OpenSection, SourceLine } from './open-section.ts';
import type { TranscriptWriter } from './transcript-writer.ts';
import { addRange, WaitingLines } from './open-section.ts';
import { peelAgain } from './layers/peel.ts';
import { findRemark } from './layers/remarks.ts';
import { rightSideOf } from './layers/right-side.ts';
import { MAX_LINE, type SourceLines } from './source-lines.ts';
import { titleOf } from './titles/titles.ts';
import { wrapWidth } from './wrap-width.ts';

/** Adds lines to sections, without what is around them. */
export class LineAdder {
  private readonly lines: SourceLines;
  private readonly writer: TranscriptWriter;
  private terminalWidth: number | undefined;

  constructor(lines: SourceLines, writer: TranscriptWriter) {
    this.lines = lines;
    this.writer = writer;
  }

  /** The width at which a terminal may have wrapped the lines; looked for where a line asks, for most texts have none that does. */
  private get wrapWidth(): number {
    return (this.terminalWidth ??= wrapWidth(this.lines.text));
  }

  /** Whether a line is the rest of the one before, which a terminal broke at its right edge. */
  isWrapped(open: OpenSection, line: SourceLine, rest: string): boolean {
    const { format, lastLine } = open;
    if (format.isRestOfLine === undefined || lastLine.next !== line.start) return false;
    if (this.wrapWidth === 0 || lastLine.end - lastLine.start !== this.wrapWidth) return false;
    return format.isRestOfLine(rest) && titleOf(rest) === undefined;
  }

  joinWrapped(open: OpenSection, line: SourceLine, at: number): SourceLine {
    const last = open.ranges.at(-1);
    if (last !== undefined) last.end = open.lastLine.end;
    addRange(open, line.start + at, line.next);
    this.writer.noteWrapped({ start: open.lastLine.end, end: line.start + at });
    open.span = { start: open.span.start, end: line.next };
    open.lastLine = line;
    return line;
  }

  /** Adds a line to a section, without what is around it, and the lines it carries with it. */
  add(open: OpenSection, line: SourceLine, rest: string, at: number): SourceLine {
    const start = line.start + at;
    const end = this.endOfOutput(open, line, rest, start);
    addRange(open, start, end);
    addRange(open, end < line.end ? line.end : end, line.next);
    open.span = { start: open.span.start, end: line.next };
    open.lastLine = line;
    let last = line;
    // What a line as wide as the terminal leaves open may have been broken by the terminal alone.
    const { carries } = open.format;
    const broken = carries !== undefined && line.end - line.start === this.wrapWidth;
    const count = carries === undefined || broken ? 0 : carries(this.lines.text.slice(start, line.end), this.following(open, line));
    for (let index = 0; index < count; index += 1) {
      last = this.lines.at(last.next);
      const inner = peelAgain(this.lines.head(last), open.layers) ?? 0;
      addRange(open, last.start + inner, last.next);
      open.span = { start: open.span.start, end: last.next };
      open.lastLine = last;
    }
    return last;
  }

  /** Where a line's output ends: before a remark, or the right side of what is around it. */
  private endOfOutput(open: OpenSection, line: SourceLine, rest: string, start: number): number {
    const side = rightSideOf(this.lines.text.slice(start, Math.min(line.end, start + MAX_LINE)), open.layers);
    if (side >= 0) return start + side;
    if (!/[<←⟵⇐]/u.test(rest)) return line.end;
    const remark = findRemark(rest);
    if (remark < 0) return line.end;
    this.writer.noteRemark({ start: start + remark, end: line.end });
    return start + remark;
  }

  /**
   * Decides about lines that turn out to stand inside a section: blank ones by the format; a single strange line is a damaged
   * row, for the parser to report; more of them are foreign. `next` is the line that follows them.
   */
  settleWaiting(open: OpenSection, next: string): void {
    const { waiting } = open;
    if (waiting.lines.length === 0) return;
    open.waiting = new WaitingLines();
    const damagedRow = waiting.lines.length === 1 && waiting.has('other');
    // The parser must see that the row above the next one may be among those left out.
    const shownToParser = waiting.has('left-out') && open.format.belongsAbove?.(next) === true;
    for (const { line, reason } of waiting.lines) {
      if (reason === 'left-out') open.gaps += 1;
      if (damagedRow || (shownToParser && reason === 'left-out') || (reason === 'blank' && open.format.blank === 'keep'))
        this.addAsIs(open, line);
      else this.writer.setAside(reason, { start: line.start, end: line.next });
    }
  }

  addAsIs(open: OpenSection, line: SourceLine): void {
    const at = Math.min(peelAgain(this.lines.head(line), open.layers) ?? 0, line.end - line.start);
    const side = rightSideOf(this.lines.head(line).slice(at), open.layers);
    addRange(open, line.start + at, side < 0 ? line.next : line.start + at + side);
    if (side >= 0) addRange(open, line.end, line.next);
  }

  private following(open: OpenSection, line: SourceLine): (index: number) => string | undefined {
    return this.lines.following(line, (text) => text.slice(peelAgain(text, open.layers) ?? 0));
  }
}
