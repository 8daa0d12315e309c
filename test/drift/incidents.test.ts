import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Change, reaches, renderText, type Report } from '@netdrift/drift';
import { describe, expect, it } from 'vitest';
import { expectGolden, expectGoldenJson } from '../support/golden.ts';
import { diffPaths } from './support.ts';

/** What a person says about an incident, without having seen the report. */
interface Expected {
  /** The thread, as `owner/name#number`. */
  readonly thread: string;
  readonly group: string;
  /** The change or cause that is what happened; `subject` is that of the change, or of one change that the cause explains. */
  readonly diagnosis: { readonly id: string; readonly subject: string };
  /** Words of the sentence that tells it. */
  readonly says: readonly string[];
  /** Other entries that belong to the incident: `id subject`, `*` for any text. */
  readonly belongs: readonly string[];
}

const folder = fileURLToPath(new URL('../../fixtures/incidents/', import.meta.url));
const incidents = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());

const replay = (incident: string): Report => diffPaths(`fixtures/incidents/${incident}/before`, `fixtures/incidents/${incident}/after`);
const expectedOf = (incident: string): Expected => JSON.parse(readFileSync(join(folder, incident, 'expected.json'), 'utf8')) as Expected;

/** Tells whether a text fits a pattern in which `*` stands for any text. */
function fits(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === pattern;
  let at = first.length;
  const last = rest.pop() ?? '';
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.startsWith(first) && text.endsWith(last) && text.length - last.length >= at;
}

/** The entries of a report: causes, and changes that no cause and no other change tells. */
function entriesOf({ causes, changes }: Report): string[] {
  const told = changes.filter(
    (change) => reaches(change.severity, 'notice') && change.cause === undefined && change.toldWith === undefined,
  );
  return [
    ...causes
      .filter((cause) => reaches(cause.severity, 'notice'))
      .map((cause) => `${cause.id} ${subjectsOf(cause.changes, changes).join(', ')}`),
    ...told.map((change) => `${change.id} ${change.subject.name}`),
  ];
}

function subjectsOf(keys: readonly string[], changes: readonly Change[]): string[] {
  return changes.filter((change) => keys.includes(change.key)).map((change) => change.subject.name);
}

/** The sentences of a report that tell a diagnosis. */
function sentencesOf({ causes, changes }: Report, { id, subject }: Expected['diagnosis']): string[] {
  const byCause = causes.filter((cause) => cause.id === id && subjectsOf(cause.changes, changes).includes(subject));
  const byChange = changes.filter(
    (change) => change.id === id && change.subject.name === subject && change.toldWith === undefined && change.cause === undefined,
  );
  return [...byCause, ...byChange].map(({ text }) => text);
}

describe.each(incidents)('the incident %s', (incident) => {
  it('is told in the first three lines: what it comes to, an empty line, the first entry', () => {
    const { diagnosis, says } = expectedOf(incident);
    const report = replay(incident);
    const [headline, empty, entry] = renderText(report).split('\n');
    expect([headline, empty]).toEqual([expect.stringMatching(/^(Drift|Undecided): /), '']);
    const sentences = sentencesOf(report, diagnosis);
    expect(sentences, `${diagnosis.id} of ${diagnosis.subject}`).toHaveLength(1);
    expect(entry).toContain(sentences[0]);
    for (const words of says) expect(entry).toContain(words);
  });

  it('is told with two entries at most that have nothing to do with it', () => {
    const { diagnosis, belongs } = expectedOf(incident);
    const report = replay(incident);
    const entries = entriesOf(report).filter(
      (entry) => !fits(`${diagnosis.id} *`, entry) && !belongs.some((pattern) => fits(pattern, entry)),
    );
    const findings = report.findings
      .filter(({ severity }) => reaches(severity, 'notice'))
      .map(({ id, subject }) => `${id} ${subject.name}`);
    expect([...entries, ...findings].length, [...entries, ...findings].join('\n')).toBeLessThanOrEqual(2);
  });

  it('reads as its golden', () => {
    const report = replay(incident);
    expectGolden(`fixtures/incidents/${incident}/report.txt`, renderText(report));
    const changes = report.changes.map(({ id, severity, effect, subject: { name } }) => ({ id, severity, effect, subject: name }));
    expectGoldenJson(`fixtures/incidents/${incident}/changes.json`, {
      verdict: report.verdict,
      causes: report.causes.map(({ id, severity }) => ({ id, severity })),
      changes,
    });
  });

  it('names its thread', () => {
    const { thread } = expectedOf(incident);
    expect(readFileSync(join(folder, incident, 'SOURCE'), 'utf8')).toContain(thread);
  });
});

it('twelve incidents of at least six groups are played again', () => {
  expect(incidents.length).toBeGreaterThanOrEqual(12);
  expect(new Set(incidents.map((incident) => expectedOf(incident).group)).size).toBeGreaterThanOrEqual(6);
});
