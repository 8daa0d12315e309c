import type { LineIndex } from './text/line-index.ts';
import type { Mark } from './code-frame.ts';
import type { Diagnostic, Severity } from './diagnostic.ts';
import { frameLines } from './code-frame.ts';
import { displayText } from './text/display.ts';
import { lineIndex, positionAt } from './text/line-index.ts';

/** How {@link renderDiagnostics} shows what it is given. */
export interface RenderDiagnosticsOptions {
  /** Name of the input, put before line and column. */
  readonly name?: string;
  /** How many diagnostics are shown in full; the rest is counted. 20 unless given. */
  readonly limit?: number;
}

/**
 * Shows diagnostics as people read them: what is wrong, where, the line with a mark under the place, and what to do.
 *
 * They are sorted by offset; the first 20 are shown and the rest is counted. Text of the input is shown escaped, so nothing in
 * it acts on a terminal. Frames end in a line feed and are one blank line apart; no diagnostics give an empty string.
 * `text` is what the spans point into: `decode(input)`.
 *
 * @example
 * renderDiagnostics([{ code: 'a/b', severity: 'error', message: 'no', span: { start: 0, end: 1 } }], 'x', { name: 'f' })
 * // => 'error[a/b]: no\n --> f:1:1\n  |\n1 | x\n  | ^\n'
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], text: string, options: RenderDiagnosticsOptions = {}): string {
  const limit = options.limit ?? 20;
  const sorted = diagnostics.toSorted((one, other) => one.span.start - other.span.start || one.span.end - other.span.end);
  const lines = lineIndex(text);
  const shown = sorted.slice(0, limit).map((diagnostic) => renderOne(diagnostic, text, lines, options.name));
  const rest = sorted.slice(limit);
  if (rest.length > 0) shown.push(`… and ${rest.length} more: ${countBySeverity(rest)}\n`);
  return shown.join('\n');
}

function renderOne(diagnostic: Diagnostic, text: string, lines: LineIndex, name: string | undefined): string {
  const { line, column } = positionAt(lines, diagnostic.span.start);
  const marks = marksOf(diagnostic, lines);
  const lastLine = Math.max(...marks.map((mark) => positionAt(lines, mark.span.start).line));
  const margin = String(lastLine).length;
  const place = name === undefined ? `${line}:${column}` : `${displayText(name)}:${line}:${column}`;
  const output = [
    `${diagnostic.severity}[${displayText(diagnostic.code)}]: ${displayText(diagnostic.message)}`,
    `${' '.repeat(margin)}--> ${place}`,
    `${' '.repeat(margin)} |`,
  ];
  let shownLine = 0;
  for (const mark of marks) {
    const number = positionAt(lines, mark.span.start).line;
    const [source, pointer] = frameLines(text, lines, mark);
    if (shownLine !== 0 && number !== shownLine && number !== shownLine + 1) output.push(`${' '.repeat(margin)} …`);
    // A second mark in one line gets the line again: a cut line is cut around its own mark.
    output.push(`${String(number).padStart(margin)} | ${source}`.trimEnd(), `${' '.repeat(margin)} | ${pointer}`);
    shownLine = number;
  }
  if (diagnostic.help !== undefined) output.push(`${' '.repeat(margin)} = help: ${displayText(diagnostic.help)}`);
  return `${output.join('\n')}\n`;
}

/** The place itself and its labels, in the order of the text. */
function marksOf(diagnostic: Diagnostic, lines: LineIndex): readonly Mark[] {
  const { span, labels = [] } = diagnostic;
  const own = labels.find((label) => label.span.start === span.start && label.span.end === span.end);
  const lastLine = positionAt(lines, Math.max(span.start, span.end - 1)).line;
  const more = lastLine - positionAt(lines, span.start).line;
  const beside = own?.message ?? (more > 0 ? `and ${more} more ${more === 1 ? 'line' : 'lines'}` : '');
  const others = labels.filter((label) => label !== own).map((label): Mark => ({ ...label, sign: '-' }));
  return [{ span, message: beside, sign: '^' } satisfies Mark, ...others].toSorted((one, other) => one.span.start - other.span.start);
}

function countBySeverity(diagnostics: readonly Diagnostic[]): string {
  const severities: readonly Severity[] = ['error', 'warning', 'info'];
  return severities
    .map((severity) => [diagnostics.filter((diagnostic) => diagnostic.severity === severity).length, severity] as const)
    .filter(([count]) => count > 0)
    .map(([count, severity]) => `${count} ${severity}${count > 1 && severity !== 'info' ? 's' : ''}`)
    .join(', ');
}
