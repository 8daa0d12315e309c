import { displayText } from '@netdrift/core';
import type { Rule } from '@netdrift/drift';
import { exampleOf, reportOf } from './example.ts';

/** A row of an example beyond this is cut: objects of Kubernetes may stand on one line. */
const COLUMNS = 160;

/** An example as `netdrift rules ID` shows it: the input, then what netdrift reports of it, which is found out now. */
export function exampleText(rule: Rule, color = false): string {
  const example = exampleOf(rule);
  if (example === undefined) return '';
  const input = Object.entries(example).flatMap(([name, rows]) => [
    `  ${name}`,
    ...rows.map((row) => `    ${cut(displayText(row))}`.trimEnd()),
  ]);
  const command = rule.kind === 'finding' ? 'check' : 'diff';
  const told = reportOf(rule, example, color)
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`.trimEnd());
  return [
    '',
    command === 'check' ? 'Example' : 'Example (- before, + after)',
    '',
    ...input,
    '',
    `  netdrift ${command} reports`,
    '',
    ...told,
    '',
  ].join('\n');
}

function cut(row: string): string {
  return row.length > COLUMNS ? `${row.slice(0, COLUMNS)} …` : row;
}
