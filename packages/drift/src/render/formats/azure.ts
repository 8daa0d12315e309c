import { displayText } from '@netdrift/core';
import { outlineOf } from '../outline/outline.ts';
import type { Entry } from '../outline/outline-model.ts';
import { fullText, pathOf, troubleText } from '../outline/paths.ts';
import type { Renderer, RenderOptions } from '../renderer.ts';

/**
 * Issues of an Azure pipeline: one logging command a line, the worst first. It has errors and warnings alone: a notice is a warning that
 * says so. What has no effect and what is known are left out. The last line is the verdict, with the notes.
 *
 * Format: https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands; escaped as `azure-pipelines-task-lib` does.
 */
export const AZURE: Renderer = {
  name: 'azure',
  about: 'issues of an Azure pipeline',
  mediaType: 'text/plain',
  render(report, options = {}) {
    const { troubles, entries, headline, notes } = outlineOf(report);
    const told = entries.filter(({ severity, known }) => severity !== 'none' && !known);
    const lines = [
      ...troubles.map((trouble) => {
        const path = trouble.place === undefined ? '' : `sourcepath=${property(pathOf(trouble.place, options))};`;
        return `##vso[task.logissue type=error;${path}code=${property(trouble.code)};]${data(troubleText(trouble))}`;
      }),
      ...told.map((entry) => issue(entry, options)),
      // No logging command: the agent would take one that a text begins in the midst of the line.
      `##[section]${[headline, ...notes.map((note) => `note: ${note}.`)].map((text) => displayText(text).replaceAll('##', '# #')).join(' ')}`,
    ];
    return `${lines.join('\n')}\n`;
  },
};

function issue(entry: Entry, options: RenderOptions): string {
  const [place] = entry.places;
  const where = place === undefined ? '' : `sourcepath=${property(pathOf(place, options))};linenumber=${place.lines[0]};`;
  const words = `type=${entry.severity === 'critical' ? 'error' : 'warning'};${where}code=${property(entry.id)};`;
  return `##vso[task.logissue ${words}]${entry.severity === 'notice' ? 'notice: ' : ''}${data(fullText(entry))}`;
}

/** The message: its line ends are ours. */
function data(text: string): string {
  return text
    .split('\n')
    .map((line) => displayText(line).replaceAll('%', '%AZP25'))
    .join('%0A');
}

/** A value beside others. */
function property(text: string): string {
  return displayText(text).replaceAll('%', '%AZP25').replaceAll(']', '%5D').replaceAll(';', '%3B');
}
