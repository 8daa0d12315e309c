import type { LineIndex } from './text/line-index.ts';
import type { Span } from './text/span.ts';
import { displayText } from './text/display.ts';
import { displayWidth } from './text/display-width.ts';
import { positionAt } from './text/line-index.ts';

/** Columns between tab stops, as terminals have them. */
const TAB = 8;
/** Columns of a line that are shown; a longer one is cut around its mark. */
const COLUMNS = 120;
/** Columns kept to the left of a mark in a line that is cut. */
const LEFT = 40;

/** One marked place: which line, and what stands beside the mark. */
export interface Mark {
  readonly span: Span;
  readonly message: string;
  /** `^` for the place a diagnostic is about, `-` for the other places of it. */
  readonly sign: '^' | '-';
}

/**
 * The lines of a frame that show one marked place: the source line and the mark under it, without the margin.
 *
 * Tabs are widened, wide characters counted as two columns, invisible ones shown escaped, and a long line is cut with `…`
 * so that the mark stays in view. A span over several lines is marked in its first.
 *
 * @example
 * frameLines('MARK or 0x4z00', lineIndex('MARK or 0x4z00'), { span: { start: 8, end: 14 }, message: 'no', sign: '^' })
 * // => ['MARK or 0x4z00', '        ^^^^^^ no']
 */
export function frameLines(text: string, lines: LineIndex, mark: Mark): readonly [string, string] {
  const { line } = positionAt(lines, mark.span.start);
  const lineStart = lines.starts[line - 1] ?? 0;
  const lineEnd = endOfLine(text, lines, line);
  const start = Math.min(Math.max(mark.span.start, lineStart), lineEnd);
  const end = Math.min(Math.max(mark.span.end, start), lineEnd);
  const from = firstShown(text, lineStart, start, lineEnd);
  const before = show(text, from, start, Number.POSITIVE_INFINITY, from > lineStart ? '…' : '');
  const marked = show(text, start, end, Math.max(COLUMNS, before.width + LEFT), before.shown);
  const after = show(text, marked.at, lineEnd, COLUMNS, marked.shown);
  const cut = after.at < lineEnd ? '…' : '';
  const width = Math.max(1, marked.width - before.width);
  const source = `${after.shown}${cut}`.trimEnd();
  const pointer = `${' '.repeat(before.width)}${mark.sign.repeat(width)} ${displayText(mark.message)}`.trimEnd();
  return [source, pointer];
}

/** Where a line ends, without its line feed or carriage return. */
function endOfLine(text: string, lines: LineIndex, line: number): number {
  const next = lines.starts[line];
  if (next === undefined) return text.length;
  const hasReturn = next - 2 >= (lines.starts[line - 1] ?? 0) && text.charCodeAt(next - 2) === 0x0d;
  return hasReturn ? next - 2 : next - 1;
}

/** Offset of the first character shown: the line's start unless the mark would be out of view, never half a character. */
function firstShown(text: string, lineStart: number, markStart: number, lineEnd: number): number {
  const short = lineEnd - lineStart <= COLUMNS || markStart - lineStart <= COLUMNS / 2;
  if (short) return lineStart;
  const from = markStart - LEFT;
  const code = text.codePointAt(from - 1) ?? 0;
  return code > 0xffff ? from - 1 : from;
}

interface Shown {
  readonly shown: string;
  readonly width: number;
  /** Offset of the first character that was left out. */
  readonly at: number;
}

/** Adds characters to what is shown until the columns are used up. */
function show(text: string, start: number, end: number, columns: number, prefix: string): Shown {
  let shown = prefix;
  let width = widthOf(prefix);
  let at = start;
  while (at < end) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const next = character === '\t' ? ' '.repeat(TAB - (width % TAB)) : displayText(character);
    const nextWidth = widthOf(next);
    if (width + nextWidth > columns) break;
    shown += next;
    width += nextWidth;
    at += character.length;
  }
  return { shown, width, at };
}

function widthOf(shown: string): number {
  let width = 0;
  for (const character of shown) width += displayWidth(character);
  return width;
}
