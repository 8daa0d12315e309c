import { displayJson, displayMarkdown, displayMarkdownCode, displayText } from '@netdrift/core';
import { hostSections } from '../../report/host-sections.ts';
import type { CheckFinding, CheckReport } from '../../check/check.ts';
import { severityPainter } from '../severity-painter.ts';
import type { TextOptions } from '../text.ts';
import { markdownTroubles } from '../markdown-troubles.ts';
import { checkNotes } from './check-notes.ts';

/** More findings than this of one severity are counted in text and Markdown; JSON has them all. */
const SHOWN = 50;

/**
 * The report of a check as text for a terminal, the worst first. Findings of severity `none` are counted.
 *
 * Text of the input is escaped: no control character reaches the terminal.
 */
export function renderCheckText(report: CheckReport, options: TextOptions = {}): string {
  return hostSections(
    report,
    (host) => `${displayText(host)}:`,
    (one) => checkText(one, options),
  );
}

function checkText(report: CheckReport, options: TextOptions): string {
  const paint = severityPainter(options.color === true);
  const told = report.findings.filter(({ severity }) => severity !== 'none');
  // The first finding may be the reason why the mode asked for does not run: then it is the headline.
  const lines = told[0]?.text === report.ipvs.text ? [] : [headline(report, told.length)];
  for (const { severity, certainty, text, note, lookAt, evidence } of told.slice(0, SHOWN)) {
    lines.push(
      `${paint(severity, severity.toUpperCase())}${' '.repeat(9 - severity.length)}${displayText(text)}.${certainty === 'proven' ? '' : ` (${certainty})`}`,
    );
    if (evidence.length > 0) lines.push(`         seen at  ${displayText(placesText(evidence))}`);
    if (note !== undefined) lines.push(`         note     ${displayText(note)}`);
    if (lookAt !== undefined) lines.push(`         look at  ${displayText(lookAt)}`);
  }
  if (told.length > SHOWN) lines.push(`and ${told.length - SHOWN} more`);
  lines.push(...quietNote(report.findings.length - told.length));
  for (const assumption of report.assumptions ?? []) lines.push(`Assumed: ${displayText(assumption)}.`);
  lines.push(...checkNotes(report).map((note) => `note: ${displayText(note)}`));
  return `${lines.join('\n')}\n`;
}

/** The mode, and why it is not the one asked for; or that nothing was found. */
function headline({ ipvs, troubles }: CheckReport, count: number): string {
  const text = displayText(ipvs.text);
  if (count > 0) return `${text}.`;
  return troubles.length > 0 ? `${text}. Not everything could be read.` : `${text}. Nothing is wrong as far as the snapshot shows.`;
}

function placesText(evidence: CheckFinding['evidence']): string {
  return evidence
    .slice(0, 3)
    .map(({ source, lines: [first, last] }) => `${source}:${first === last ? first : `${first}-${last}`}`)
    .join(', ');
}

/** The report of a check as Markdown: one row for each finding above `none`. */
export function renderCheckMarkdown(report: CheckReport): string {
  return hostSections(report, (host) => `## ${displayMarkdown(host)}\n`, checkMarkdown);
}

function checkMarkdown(report: CheckReport): string {
  const told = report.findings.filter(({ severity }) => severity !== 'none');
  const lines = [`**${displayMarkdown(headline(report, told.length))}**`, ...markdownTroubles(report.troubles)];
  if (told.length > 0) {
    lines.push('', '| severity | finding | seen at | id |', '| --- | --- | --- | --- |');
    for (const { severity, evidence, id, ...finding } of told.slice(0, SHOWN))
      lines.push(`| ${severity} | ${markdownCell(finding)} | ${displayMarkdown(placesText(evidence))} | ${id} |`);
    if (told.length > SHOWN) lines.push('', `and ${told.length - SHOWN} more`);
  }
  for (const note of quietNote(report.findings.length - told.length)) lines.push('', note);
  for (const assumption of report.assumptions ?? []) lines.push('', `Assumed: ${displayMarkdown(assumption)}.`);
  for (const note of checkNotes(report)) lines.push('', `Note: ${displayMarkdown(note)}.`);
  return `${lines.join('\n')}\n`;
}

function quietNote(count: number): string[] {
  return count === 0 ? [] : [`${count} more of severity none: --format json lists them.`];
}

function markdownCell({ text, certainty, note, lookAt }: Pick<CheckFinding, 'text' | 'certainty' | 'note' | 'lookAt'>): string {
  return [
    `${displayMarkdown(text)}${certainty === 'proven' ? '' : ` (${certainty})`}`,
    ...(note === undefined ? [] : [`note: ${displayMarkdown(note)}`]),
    ...(lookAt === undefined ? [] : [`look at: ${displayMarkdownCode(lookAt)}`]),
  ].join('<br>');
}

/** The report of a check as JSON with two blanks of indent and a final newline. */
export function renderCheckJson(report: CheckReport): string {
  return `${displayJson(report, 2)}\n`;
}
