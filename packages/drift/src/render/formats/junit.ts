import { displayText } from '@netdrift/core';
import { reaches } from '../../report.ts';
import { outlineOf } from '../outline/outline.ts';
import type { Entry, Outline, Place } from '../outline/outline-model.ts';
import { fullText, pathOf } from '../outline/paths.ts';
import type { Renderer, RenderOptions } from '../renderer.ts';

/**
 * JUnit XML, as test reports of CI servers take it: a test case for each change, finding or difference. One at or above `failOn` fails, a
 * known one is skipped, one below passes and tells its text as output; a trouble is an error. Where there is nothing, one case passes.
 *
 * Format: there is no standard; what Jenkins' xunit plugin takes (its junit-10.xsd) and GitLab and GitHub actions read.
 */
export const JUNIT: Renderer = {
  name: 'junit',
  mediaType: 'application/xml',
  render: (report, options = {}) => junitOf(outlineOf(report), options),
};

function junitOf(outline: Outline, options: RenderOptions): string {
  const { troubles, entries } = outline;
  const failures = entries.filter((entry) => failsBy(entry, options)).length;
  const skipped = entries.filter(({ known }) => known).length;
  const cases = [...troubles.map((trouble) => troubleCase(trouble)), ...entries.map((entry) => entryCase(entry, options))];
  if (cases.length === 0) cases.push(`    <testcase classname="netdrift" name="${xml(outline.headline)}"/>`);
  const name = `netdrift ${outline.command === 'nodes' ? 'diff --nodes' : outline.command}`;
  const counts = `tests="${cases.length}" failures="${failures}" errors="${troubles.length}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${name}" ${counts}>
  <testsuite name="${xml(outline.headline)}" ${counts} skipped="${skipped}">
${cases.join('\n')}
  </testsuite>
</testsuites>
`;
}

function failsBy({ severity, known }: Entry, { failOn = 'notice' }: RenderOptions): boolean {
  return !known && failOn !== 'none' && reaches(severity, failOn);
}

function troubleCase({ code, message }: Outline['troubles'][number]): string {
  return `    <testcase classname="trouble" name="${xml(message)}"><error type="${xml(code)}" message="${xml(message)}"/></testcase>`;
}

function entryCase(entry: Entry, options: RenderOptions): string {
  const text = lines([fullText(entry), ...entry.places.map((place) => `seen at: ${placeText(place, options)}`)].join('\n'));
  const open = `    <testcase classname="${xml(entry.id)}" name="${xml(entry.subject)}">`;
  if (entry.known) return `${open}<skipped message="known"/></testcase>`;
  if (failsBy(entry, options)) return `${open}<failure type="${entry.severity}" message="${xml(entry.text)}">${text}</failure></testcase>`;
  return `${open}<system-out>${text}</system-out></testcase>`;
}

function placeText(place: Place, options: RenderOptions): string {
  const [first, last] = place.lines;
  return `${pathOf(place, options)}:${first}${last > first ? `-${last}` : ''}`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text in an attribute or element of XML 1.0, on one line. What XML cannot hold is shown as displayText shows it. */
function xml(text: string): string {
  return displayText(text).replace(/[&<>"']|[\uFFFE\uFFFF]/g, (character) => ENTITIES[character] ?? '\uFFFD');
}

function lines(text: string): string {
  return text.split('\n').map(xml).join('\n');
}
