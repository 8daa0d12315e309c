import { displayJson, displayMarkdown, displayMarkdownCode, displayText, displayWidth } from '@netdrift/core';
import { hostSections } from '../../report/host-sections.ts';
import { leftOutText } from '../../read/moments/earlier-moments.ts';
import type { Explanation } from '../../explain/explain.ts';
import { markdownTroubles } from '../markdown-troubles.ts';
import { emphasis } from '../severity-painter.ts';
import type { TextOptions } from '../text.ts';
import { reasonText } from './fact-reason.ts';
import { type ServiceRow, serviceRows } from './service-rows.ts';

const HEADINGS = ['SERVICE', 'ADDRESS', 'FROM', 'LEADS TO', 'SOURCE ADDRESS', 'NOTES'] as const;

/**
 * An explanation as text for a terminal: a sentence, the facts, and the services as an aligned table.
 *
 * Text of the input is escaped: no control character reaches the terminal. Of more than three endpoints the rest is counted.
 */
export function renderExplanationText(explanation: Explanation, options: TextOptions = {}): string {
  return hostSections(
    explanation,
    (host) => `${displayText(host)}:`,
    (one) => explanationText(one, emphasis(options.color === true)),
  );
}

function explanationText(explanation: Explanation, bold: (text: string) => string): string {
  const { summary, facts, servicePorts, assumptions } = explanation;
  const lines = [bold(`${displayText(summary)}.`), ''];
  const width = Math.max(0, ...facts.map(({ title }) => title.length));
  for (const fact of facts) lines.push(`  ${fact.title.padEnd(width)}  ${displayText(fact.text)}   (${displayText(reasonText(fact))})`);
  if (facts.length > 0) lines.push('');
  lines.push(
    ...(servicePorts.length === 0
      ? [`${displayText(explanation.noServices ?? 'No service is served')}.`]
      : withHeading(alignedTable(serviceRows(servicePorts).map(cellsOf)), bold)),
  );
  if (assumptions.length > 0) lines.push('', ...assumptions.map((assumption) => `  if  ${displayText(assumption)}`));
  if (explanation.leftOut !== undefined) lines.push('', `note: ${displayText(leftOutText(explanation.leftOut))}`);
  return `${lines.join('\n')}\n`;
}

/** A table whose first line stands out. */
function withHeading([heading = '', ...rows]: readonly string[], bold: (text: string) => string): string[] {
  return [bold(heading), ...rows];
}

function cellsOf({ service, address, from, leadsTo, source, notes }: ServiceRow): readonly string[] {
  return [service, address, from, leadsTo, source, notes];
}

/** Columns of a terminal that a text takes. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += displayWidth(character);
  return width;
}

/** Columns that are empty in every row are left out. */
function alignedTable(rows: readonly (readonly string[])[]): string[] {
  const used = HEADINGS.map((_, column) => rows.some((row) => row[column] !== ''));
  const shown = [HEADINGS, ...rows].map((row) => row.filter((_, column) => used[column]).map((cell) => displayText(cell)));
  const widths = (shown[0] ?? []).map((_, column) => shown.reduce((most, row) => Math.max(most, widthOf(row[column] ?? '')), 0));
  return shown.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd(),
  );
}

/** An explanation as Markdown: the same in headings, a list and a table. Text of the input is escaped for Markdown. */
export function renderExplanationMarkdown(explanation: Explanation): string {
  return hostSections(explanation, (host) => `## ${displayMarkdown(host)}\n`, explanationMarkdown);
}

function explanationMarkdown(explanation: Explanation): string {
  const { summary, facts, servicePorts, assumptions } = explanation;
  const lines = [`**${displayMarkdown(summary)}**`, ...markdownTroubles(explanation.troubles), ''];
  if (facts.length > 0) {
    lines.push('| fact | value | told from |', '| --- | --- | --- |');
    for (const fact of facts) lines.push(`| ${fact.title} | ${displayMarkdownCode(fact.text)} | ${displayMarkdown(reasonText(fact))} |`);
    lines.push('');
  }
  if (servicePorts.length === 0) lines.push(`${displayMarkdown(explanation.noServices ?? 'No service is served')}.`);
  else {
    lines.push('| service | address | from | leads to | source address | notes |', '| --- | --- | --- | --- | --- | --- |');
    for (const { service, address, from, leadsTo, source, notes } of serviceRows(servicePorts)) {
      const names = [service, address].map((cell) => displayMarkdownCode(cell));
      lines.push(`| ${[...names, from, displayMarkdownCode(leadsTo), source, displayMarkdown(notes)].join(' | ')} |`);
    }
  }
  if (assumptions.length > 0) lines.push('', 'If:', '', ...assumptions.map((assumption) => `- ${displayMarkdown(assumption)}`));
  if (explanation.leftOut !== undefined) lines.push('', `Note: ${displayMarkdown(leftOutText(explanation.leftOut))}`);
  return `${lines.join('\n')}\n`;
}

/** An explanation as JSON with two blanks of indent and a final newline. */
export function renderExplanationJson(explanation: Explanation): string {
  return `${displayJson(explanation, 2)}\n`;
}
