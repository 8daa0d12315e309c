import { displayJson } from '@netdrift/core';
import type { Report } from '../report.ts';

/**
 * A report as JSON with two blanks of indent and a final newline: the form that `schemas/report.json` of the package `netdrift` describes.
 */
export function renderJson(report: Report): string {
  return `${displayJson(report, 2)}\n`;
}
