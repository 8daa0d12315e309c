import { displayText } from '@netdrift/core';
import { addToGroup } from '../common/add-to-group.ts';
import type { Change, Report, Severity } from '../report.ts';
import { append } from '../common/append.ts';
import { severityPainter, type SeverityPainter } from './severity-painter.ts';
import { ignoredNote, withoutEffect } from './quiet-changes.ts';
import { folded, headline, placesText, storiesOf, type Story } from './stories.ts';

/** How the text is shown; every key may be left out. */
export interface TextOptions {
  /** Colours for a terminal. Default: none. */
  readonly color?: boolean;
}

const INDENT = ' '.repeat(10);
/** Changes of one kind without effect that are named one by one. */
const NAMED_WITHOUT_EFFECT = 6;

/**
 * A report as a person reads it: the worst first, each change once, with its proof below it; then what has no effect, what the
 * listings do not show, and what could not be compared. Text of the inputs is made safe for a terminal. Ends with a newline.
 *
 * @example
 * renderText(diffSnapshots(snapshot, snapshot)) // => 'No drift: …\n'
 */
export function renderText(report: Report, options: TextOptions = {}): string {
  const paint = severityPainter(options.color === true);
  const stories = storiesOf(report);
  const lines: string[] = [];
  for (const { side, source, message, help } of report.troubles)
    lines.push(
      `${paint('critical', 'TROUBLE')}   ${side}${source === undefined ? '' : ` ${displayText(source)}`}: ${displayText(message)}${help === undefined ? '' : `; ${displayText(help)}`}`,
    );
  if (report.verdict === 'no-change' && report.changes.length === 0 && report.findings.length === 0) {
    const notes = report.scopeNotes.length === 0 ? '' : ` (${report.scopeNotes.map(displayText).join('; ')})`;
    return finish([...lines, `${headline(report, stories).slice(0, -1)}${notes}.`]);
  }
  lines.push(headline(report, stories), '');
  for (const story of folded(stories)) lines.push(...storyLines(story, paint), '');
  append(lines, quietLines(report, paint));
  append(
    lines,
    report.findings.map((finding) => `${label(finding.severity, paint)}${displayText(finding.text)}.`),
  );
  append(
    lines,
    report.scopeNotes.map((note) => `note: ${displayText(note)}`),
  );
  append(lines, ignoredNote(report));
  while (lines.at(-1) === '') lines.pop();
  return finish(lines);
}

function finish(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

function label(severity: Severity, paint: SeverityPainter): string {
  const word = severity.toUpperCase();
  return `${paint(severity, word)}${' '.repeat(INDENT.length - word.length)}`;
}

function storyLines(story: Story, paint: SeverityPainter): string[] {
  const mark = story.known ? ' (known)' : '';
  const lines = [`${label(story.severity, paint)}${displayText(story.text)}${mark}.`];
  for (const { label: name, text } of story.details) lines.push(`${INDENT}${name.padEnd(8)} ${displayText(text)}`);
  const places = placesText(story);
  if (places !== '') lines.push(`${INDENT}${'seen at'.padEnd(8)} ${displayText(places)}`);
  return lines;
}

/** Differences without effect in one line for each id. */
function quietLines(report: Report, paint: SeverityPainter): string[] {
  const { causes, changes } = withoutEffect(report);
  const groups = new Map<string, Change[]>();
  for (const change of changes) addToGroup(groups, change.id, change);
  const lines = [...groups.values()].map((group) => {
    const texts = group.slice(0, NAMED_WITHOUT_EFFECT).map((change) => displayText(change.text));
    const rest =
      group.length > NAMED_WITHOUT_EFFECT ? `; ${group.length - NAMED_WITHOUT_EFFECT} more of the same kind (${group[0]?.id ?? ''})` : '';
    return `${label('none', paint)}${texts.join('; ')}${rest}.`;
  });
  return [...causes.map(({ text }) => `${label('none', paint)}${displayText(text)}.`), ...lines];
}
