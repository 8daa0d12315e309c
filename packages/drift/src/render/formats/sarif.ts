import { displayJson, displayText } from '@netdrift/core';
import type { Severity } from '../../report.ts';
import { outlineOf } from '../outline/outline.ts';
import type { Entry, Outline, Place } from '../outline/outline-model.ts';
import { fullText, ownFingerprints, pathOf, troubleText, uriOf } from '../outline/paths.ts';
import type { Renderer, RenderOptions } from '../renderer.ts';
import { titleOf } from '../rule-titles.ts';

const LEVELS: { readonly [Level in Severity]: string } = { critical: 'error', warning: 'warning', notice: 'note', none: 'none' };

/**
 * SARIF 2.1.0, as code hosts take it: a result for each change, finding or difference, with the lines of the snapshot's files.
 *
 * Format: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
 */
export const SARIF: Renderer = {
  name: 'sarif',
  about: 'for code hosts',
  mediaType: 'application/sarif+json',
  render: (report, options = {}) => `${displayJson(sarifOf(outlineOf(report), options), 2)}\n`,
};

function sarifOf(outline: Outline, options: RenderOptions): object {
  const ids = [...new Set(outline.entries.map(({ id }) => id))].sort();
  const fingerprints = ownFingerprints(outline.entries);
  const driver = {
    name: 'netdrift',
    ...(options.version === undefined ? {} : { semanticVersion: options.version }),
    rules: ids.map((id) => ruleOf(id)),
  };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        invocations: [
          {
            executionSuccessful: outline.troubles.length === 0,
            toolExecutionNotifications: [
              ...outline.troubles.map((trouble) => ({
                level: 'error',
                message: { text: displayText(`${troubleText(trouble)} (${trouble.code}).`) },
                ...(trouble.place === undefined
                  ? {}
                  : { locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(pathOf(trouble.place, options)) } } }] }),
              })),
              ...outline.notes.map((note) => ({ level: 'note', message: { text: displayText(`${note}.`) } })),
            ],
          },
        ],
        results: outline.entries.map((entry, index) => resultOf(entry, ids.indexOf(entry.id), fingerprints[index] ?? '', options)),
        columnKind: 'utf16CodeUnits',
      },
    ],
  };
}

function ruleOf(id: string): object {
  const { title, why } = titleOf(id) ?? {};
  return {
    id,
    ...(title === undefined ? {} : { shortDescription: { text: `${title}.` } }),
    ...(why === undefined ? {} : { fullDescription: { text: `${why}.` } }),
  };
}

function resultOf(entry: Entry, ruleIndex: number, fingerprint: string, options: RenderOptions): object {
  const [first, ...rest] = entry.places;
  return {
    ruleId: entry.id,
    ruleIndex,
    // What has no effect is told for its own sake, and fails nothing.
    ...(entry.severity === 'none' ? { kind: 'informational' } : {}),
    level: LEVELS[entry.severity],
    message: { text: displayLines(fullText(entry)) },
    ...(first === undefined ? {} : { locations: [locationOf(first, options)] }),
    ...(rest.length === 0
      ? {}
      : {
          relatedLocations: rest.map((place, index) => ({
            id: index + 1,
            ...locationOf(place, options),
            message: { text: place.side ?? 'seen here' },
          })),
        }),
    partialFingerprints: { 'netdrift/v1': displayText(fingerprint) },
    ...(entry.known ? { suppressions: [{ kind: 'external', justification: 'known' }] } : {}),
    properties: {
      severity: entry.severity,
      subject: displayText(entry.subject),
      ...(entry.certainty === undefined ? {} : { certainty: entry.certainty }),
      ...(entry.host === undefined ? {} : { host: displayText(entry.host) }),
    },
  };
}

function locationOf(place: Place, options: RenderOptions): { readonly physicalLocation: object } {
  const [startLine, endLine] = place.lines;
  return { physicalLocation: { artifactLocation: { uri: uriOf(pathOf(place, options)) }, region: { startLine, endLine } } };
}

/** Lines that are ours, each safe to show. */
function displayLines(text: string): string {
  return text
    .split('\n')
    .map((line) => displayText(line))
    .join('\n');
}
