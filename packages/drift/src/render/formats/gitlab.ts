import { displayJson, displayText } from '@netdrift/core';
import type { Severity } from '../../report.ts';
import { outlineOf } from '../outline/outline.ts';
import { fullText, ownFingerprints, pathOf, troubleText } from '../outline/paths.ts';
import type { Renderer } from '../renderer.ts';

const SEVERITIES: { readonly [Level in Severity]: string } = { critical: 'critical', warning: 'major', notice: 'minor', none: 'info' };

/**
 * A code quality report of GitLab: an issue for each change, finding or difference that is not known. What stands in no file is told of
 * the path `.`, for the widget takes no issue without one. A trouble is a blocker.
 *
 * Format: https://docs.gitlab.com/ci/testing/code_quality, "Code Quality report format".
 */
export const GITLAB: Renderer = {
  name: 'gitlab',
  about: 'a code quality report',
  mediaType: 'application/json',
  render(report, options = {}) {
    const { troubles, entries } = outlineOf(report);
    const told = entries.filter(({ known }) => !known);
    const fingerprints = ownFingerprints(told);
    const issues = [
      ...troubles.map((trouble) => ({
        description: displayText(troubleText(trouble)),
        check_name: trouble.code,
        fingerprint: displayText(`${trouble.code} ${trouble.message}`),
        severity: 'blocker',
        location: { path: trouble.place === undefined ? '.' : displayText(pathOf(trouble.place, options)), lines: { begin: 1 } },
      })),
      ...told.map((entry, index) => {
        const [place] = entry.places;
        const path = place === undefined ? '.' : displayText(pathOf(place, options));
        const [begin, end] = place?.lines ?? [1, 1];
        return {
          description: displayText(fullText(entry).split('\n')[0] ?? ''),
          check_name: entry.id,
          fingerprint: displayText(fingerprints[index] ?? ''),
          severity: SEVERITIES[entry.severity],
          location: { path, lines: { begin, end } },
        };
      }),
    ];
    return `${displayJson(issues, 2)}\n`;
  },
};
