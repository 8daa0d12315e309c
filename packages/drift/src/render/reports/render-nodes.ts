import { displayJson, displayMarkdown, displayText } from '@netdrift/core';
import type { NodesReport } from '../../nodes/compare-nodes.ts';
import { markdownTroubles } from '../markdown-troubles.ts';
import { severityPainter } from '../severity-painter.ts';
import type { TextOptions } from '../text.ts';

/** A comparison of nodes as text for a terminal, the worst first. Text of the input is escaped. */
export function renderNodesText({ nodes, differences, troubles }: NodesReport, options: TextOptions = {}): string {
  const paint = severityPainter(options.color === true);
  const lines = [
    ...troubles.map(({ node, message }) => `${paint('critical', 'TROUBLE')}  ${displayText(node)}: ${displayText(message)}`),
    nodesHeadline({ nodes, differences, troubles }),
  ];
  for (const { severity, text } of differences)
    lines.push(`${paint(severity, severity.toUpperCase())}${' '.repeat(9 - severity.length)}${displayText(text)}.`);
  return `${lines.join('\n')}\n`;
}

/** One sentence: how many nodes there are, and how many differences. */
export function nodesHeadline({ nodes, differences, troubles }: Pick<NodesReport, 'nodes' | 'differences' | 'troubles'>): string {
  const wanting = new Set(troubles.map(({ node }) => node));
  if (differences.length === 0 && nodes.every(({ name }) => wanting.has(name)))
    return `No difference was found between ${nodes.length} nodes, of which none is shown as a whole.`;
  if (differences.length === 0) return `${nodes.length} nodes do the same for services, as far as their snapshots show.`;
  return `${nodes.length} nodes, ${differences.length} ${differences.length === 1 ? 'difference' : 'differences'}.`;
}

/** A comparison of nodes as Markdown: one row for each difference. */
export function renderNodesMarkdown({ nodes, differences, troubles }: NodesReport): string {
  const lines = [`**${nodesHeadline({ nodes, differences, troubles })}**`, ...markdownTroubles(troubles, ({ node }) => node)];
  if (differences.length > 0) {
    lines.push('', '| severity | difference | id |', '| --- | --- | --- |');
    for (const { severity, text, id } of differences) lines.push(`| ${severity} | ${displayMarkdown(text)} | ${id} |`);
  }
  return `${lines.join('\n')}\n`;
}

/** A comparison of nodes as JSON with two blanks of indent and a final newline. */
export function renderNodesJson(report: NodesReport): string {
  return `${displayJson(report, 2)}\n`;
}
