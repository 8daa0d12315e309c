import { displayText } from '@netdrift/core';
import type { Severity } from '../../report.ts';
import { outlineOf } from '../outline/outline.ts';
import type { Entry, Outline } from '../outline/outline-model.ts';
import { fullText, pathOf, troubleText } from '../outline/paths.ts';
import type { Renderer, RenderOptions } from '../renderer.ts';

const COMMANDS: { readonly [Level in Severity]: string } = { critical: 'error', warning: 'warning', notice: 'notice', none: 'notice' };

/**
 * Annotations of a GitHub workflow: one workflow command a line, the worst first, for a run shows ten of a kind. What has no effect and
 * what is known are left out. The last line is the verdict, with the notes.
 *
 * Format: https://docs.github.com/actions, "Workflow commands"; escaped as `@actions/core` does.
 */
export const GITHUB: Renderer = {
  name: 'github',
  about: 'annotations of a workflow',
  mediaType: 'text/plain',
  render: (report, options = {}) => annotationsOf(outlineOf(report), options),
};

function annotationsOf({ troubles, entries, headline, notes }: Outline, options: RenderOptions): string {
  const lines = troubles.map(
    (trouble) =>
      `::error title=${property(trouble.code)}${trouble.place === undefined ? '' : `,file=${property(pathOf(trouble.place, options))}`}::${data(troubleText(trouble))}`,
  );
  for (const entry of entries) if (entry.severity !== 'none' && !entry.known) lines.push(annotation(entry, options));
  lines.push(`::notice title=netdrift::${data([headline, ...notes.map((note) => `note: ${note}`)].join('\n'))}`);
  return `${lines.join('\n')}\n`;
}

function annotation(entry: Entry, options: RenderOptions): string {
  const [place] = entry.places;
  const where = place === undefined ? '' : `,file=${property(pathOf(place, options))},line=${place.lines[0]},endLine=${place.lines[1]}`;
  return `::${COMMANDS[entry.severity]} title=${property(`${entry.id}: ${entry.subject}`)}${where}::${data(fullText(entry))}`;
}

/** The message: its line ends are ours. */
function data(text: string): string {
  return text
    .split('\n')
    .map((line) => displayText(line).replaceAll('%', '%25'))
    .join('%0A');
}

/** A value beside others. */
function property(text: string): string {
  return displayText(text).replaceAll('%', '%25').replaceAll(':', '%3A').replaceAll(',', '%2C');
}
