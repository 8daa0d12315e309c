import { displayJson } from '@netdrift/core';
import type { Report } from '../report.ts';

/** A report as JSON with two blanks of indent and a final newline: the form that `REPORT_SCHEMA` describes. */
export function renderJson(report: Report): string {
  return `${displayJson(report, 2)}\n`;
}
