import type { Change, Evidence, Report } from '../../report.ts';
import { ignoredNote, withoutEffect } from '../quiet-changes.ts';
import { headline, storiesOf, type Story } from '../stories.ts';
import { flowsOfChanges } from './flows.ts';
import { BARE, type Entry, type Outline, type Place } from './outline-model.ts';
import { placedTroubles } from './placed-troubles.ts';

/** What a comparison of two snapshots comes to: its stories, then the differences without effect. */
export function outlineOfDiff(report: Report): Outline {
  const stories = storiesOf(report);
  const quiet = withoutEffect(report);
  return {
    command: 'diff',
    headline: headline(report, stories),
    verdict: report.verdict,
    troubles: placedTroubles(report.troubles),
    entries: [
      ...stories.map(storyEntry),
      ...report.findings.map(findingEntry),
      ...quiet.causes.map(storyEntry),
      ...quiet.changes.map(quietEntry),
    ],
    notes: [...report.scopeNotes, ...ignoredNote(report)],
  };
}

function storyEntry({ id, name, severity, text, details, known, changes }: Story): Entry {
  const [first] = changes;
  const assumed = [...new Set(changes.flatMap(({ assumptions }) => assumptions))];
  return {
    ...BARE,
    id,
    severity,
    ...(first === undefined ? {} : { certainty: first.certainty }),
    subject: name,
    text,
    details: [...details, ...assumed.map((assumption) => ({ label: 'assumed' as const, text: assumption }))],
    places: placesOf(changes.flatMap(({ evidence }) => evidence)),
    fingerprint: first?.fingerprint ?? id,
    known,
    flows: flowsOfChanges(changes),
    subjects: changes.length < 2 ? [] : [...new Set(changes.flatMap(({ subject }) => [subject.name, ...(subject.frontends ?? [])]))],
  };
}

function findingEntry({ id, fingerprint, severity, certainty, subject, text, evidence }: Report['findings'][number]): Entry {
  return {
    ...BARE,
    id,
    severity,
    certainty,
    subject: subject.name,
    text,
    places: placesOf(evidence),
    fingerprint,
  };
}

function quietEntry({ id, severity, certainty, subject, text, details, evidence, fingerprint, known }: Change): Entry {
  return {
    ...BARE,
    id,
    severity,
    certainty,
    subject: subject.name,
    text,
    details,
    places: placesOf(evidence),
    fingerprint,
    known,
  };
}

/** Each place once, that of after first: there it is to be mended. */
function placesOf(evidence: readonly Evidence[]): Place[] {
  const places = new Map(evidence.map((one) => [`${one.side} ${one.source} ${one.lines.join('-')}`, one]));
  return [...places.values()].sort((one, other) => Number(one.side === 'before') - Number(other.side === 'before'));
}
