import { displayText } from '@netdrift/core';
import { reaches } from '../../report.ts';
import { outlinesOf } from '../outline/outline.ts';
import type { Entry, Outline, OutlineTrouble, Place } from '../outline/outline-model.ts';
import { fullText, pathOf, troubleText } from '../outline/paths.ts';
import type { Renderer, RenderOptions } from '../renderer.ts';

/**
 * JUnit XML, as test reports of CI servers take it: a suite for each host, and a test case for each change, finding or difference. One at
 * or above `failOn` fails, a known one is skipped, one below passes and tells its text as output; a trouble is an error. Where there is
 * nothing, one case passes.
 *
 * Format: there is no standard; what Jenkins' xunit plugin takes (its junit-10.xsd) and GitLab and GitHub actions read.
 */
export const JUNIT: Renderer = {
  name: 'junit',
  about: 'for CI servers',
  mediaType: 'application/xml',
  render(report, options = {}) {
    const suites = outlinesOf(report).map((outline) => suiteOf(outline, options));
    const sum = (count: 'tests' | 'failures' | 'errors'): number => suites.reduce((all, suite) => all + suite[count], 0);
    const name = `netdrift ${report.command === 'nodes' ? 'diff --nodes' : report.command}`;
    return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="${name}" tests="${sum('tests')}" failures="${sum('failures')}" errors="${sum('errors')}">
${suites.map(({ text }) => text).join('\n')}
</testsuites>
`;
  },
};

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly text: string;
}

function suiteOf(outline: Outline, options: RenderOptions): Suite {
  const { troubles, entries, notes, host } = outline;
  const failures = entries.filter((entry) => failsBy(entry, options)).length;
  const skipped = entries.filter(({ known }) => known).length;
  const cases = [...troubles.map((trouble) => troubleCase(trouble, options)), ...entries.map((entry) => entryCase(entry, options))];
  if (cases.length === 0) cases.push(`    <testcase classname="netdrift" name="${xml(outline.headline)}"/>`);
  const said = notes.length === 0 ? [] : [`    <system-out>${lines(notes.map((note) => `note: ${note}`).join('\n'))}</system-out>`];
  const counts = `tests="${cases.length}" failures="${failures}" errors="${troubles.length}"`;
  const text = `  <testsuite name="${xml(outline.headline)}"${host === undefined ? '' : ` hostname="${xml(host)}"`} ${counts} skipped="${skipped}">
${[...cases, ...said].join('\n')}
  </testsuite>`;
  return { tests: cases.length, failures, errors: troubles.length, text };
}

function failsBy({ severity, known }: Entry, { failOn = 'notice' }: RenderOptions): boolean {
  return !known && failOn !== 'none' && reaches(severity, failOn);
}

function troubleCase(trouble: OutlineTrouble, options: RenderOptions): string {
  const { code, place } = trouble;
  const message = `${place === undefined ? '' : `${pathOf(place, options)}: `}${troubleText(trouble)}`;
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
