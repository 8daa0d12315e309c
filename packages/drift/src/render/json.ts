import type { Report } from '../report.ts';

/** A report as JSON with two blanks of indent and a final newline: the form of `schemaVersion` 1.0. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
