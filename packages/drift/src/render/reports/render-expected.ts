import { displayJson, displayText } from '@netdrift/core';
import type { ExpectedState } from '../../desired/expected-state.ts';
import { emphasis } from '../severity-painter.ts';
import type { TextOptions } from '../text.ts';
import { serviceRows } from './service-rows.ts';

/**
 * What kube-proxy would program, as text for a terminal: the services and where each leads, then what is left out and why.
 *
 * Text of the input is escaped.
 */
export function renderExpectedText(state: ExpectedState, options: TextOptions = {}): string {
  const bold = emphasis(options.color === true);
  const rows = serviceRows(state.servicePorts, true).map((row) =>
    [row.service, row.address, row.from, row.leadsTo, row.source, row.notes].map(displayText),
  );
  const titles = ['SERVICE', 'ADDRESS', 'FROM', 'LEADS TO', 'SOURCE', 'NOTES'];
  const widths = titles.map((title, column) => rows.reduce((most, row) => Math.max(most, (row[column] ?? '').length), title.length));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const node = state.node === '' ? 'a node' : `node ${displayText(state.node)}`;
  const lines = [
    bold(`What kube-proxy ${state.version} in ${state.mode} mode would program on ${node}:`),
    '',
    bold(line(titles)),
    ...rows.map(line),
  ];
  if (state.passedOver.length > 0) {
    lines.push('', bold('Not served:'));
    for (const { service, because } of state.passedOver) lines.push(`  ${displayText(service)}: ${displayText(because)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** What kube-proxy would program, as JSON with two blanks of indent and a final newline. */
export function renderExpectedJson(state: ExpectedState): string {
  return `${displayJson(state, 2)}\n`;
}
