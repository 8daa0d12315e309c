import { displayText } from '@netdrift/core';
import { outlineOf } from '../outline/outline.ts';
import { pathOf, troubleText } from '../outline/paths.ts';
import type { Renderer } from '../renderer.ts';

const TITLES = ['severity', 'id', 'subject', 'text', 'file', 'first line', 'last line', 'known', 'certainty', 'details', 'host'] as const;

/**
 * A table for a spreadsheet: a row for each change, finding or difference, with the first place that shows it; a trouble is a row of
 * severity `trouble`. A cell that a spreadsheet would take for a formula has an apostrophe before it.
 *
 * Format: RFC 4180, with line feeds alone.
 */
export const CSV: Renderer = {
  name: 'csv',
  about: 'a table for a spreadsheet',
  mediaType: 'text/csv',
  render(report, options = {}) {
    const { troubles, entries } = outlineOf(report);
    const rows = [
      TITLES,
      ...troubles.map((trouble) => [
        'trouble',
        trouble.code,
        '',
        troubleText(trouble),
        trouble.place === undefined ? '' : pathOf(trouble.place, options),
        ...TITLES.slice(5).map(() => ''),
      ]),
      ...entries.map(({ severity, id, subject, text, places: [place], known, certainty = '', details, host = '' }) => [
        severity,
        id,
        subject,
        text,
        place === undefined ? '' : pathOf(place, options),
        ...(place?.lines.map(String) ?? ['', '']),
        known ? 'yes' : 'no',
        certainty,
        details.map((detail) => `${detail.label}: ${detail.text}`).join('; '),
        host,
      ]),
    ];
    return rows.map((cells) => `${cells.map(cell).join(',')}\n`).join('');
  },
};

function cell(text: string): string {
  const shown = displayText(text).replace(/^(?=[=+\-@])/, "'");
  return /[",]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}
