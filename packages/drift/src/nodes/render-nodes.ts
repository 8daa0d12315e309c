import { displayJson, displayMarkdown, displayText } from '@netdrift/core';
import type { NodesReport } from './compare-nodes.ts';

/** A comparison of nodes as text for a terminal, the worst first. Text of the input is escaped. */
export function renderNodesText({ nodes, differences, troubles }: NodesReport): string {
  const lines = [...troubles.map(({ node, message }) => `TROUBLE  ${displayText(node)}: ${displayText(message)}`), headline(nodes.length, differences.length)];
  for (const { severity, text } of differences) lines.push(`${severity.toUpperCase().padEnd(8)} ${displayText(text)}.`);
  return `${lines.join('\n')}\n`;
}

function headline(nodes: number, differences: number): string {
  if (differences === 0) return `${nodes} nodes do the same for services, as far as their snapshots show.`;
  return `${nodes} nodes, ${differences} ${differences === 1 ? 'difference' : 'differences'}.`;
}

/** A comparison of nodes as Markdown: one row for each difference. */
export function renderNodesMarkdown({ nodes, differences }: NodesReport): string {
  const lines = [`**${headline(nodes.length, differences.length)}**`];
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
