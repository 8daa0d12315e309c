import type { CheckFinding, CheckReport } from '../../check/check.ts';
import { checkNotes } from '../reports/check-notes.ts';
import { flowsOfFinding } from './flows.ts';
import { BARE, type Entry, type Outline } from './outline-model.ts';
import { placedTroubles } from './placed-troubles.ts';

/** What the look at one snapshot comes to. */
export function outlineOfCheck(report: CheckReport): Outline {
  const { findings, ipvs, troubles, assumptions = [] } = report;
  const told = findings.filter(({ severity }) => severity !== 'none');
  const isSilent = told.length === 0 && troubles.length === 0;
  return {
    command: 'check',
    headline: isSilent
      ? `${ipvs.text}. Nothing is wrong as far as the snapshot shows.`
      : told.length === 0
        ? `${ipvs.text}.`
        : `${counts(told)}. ${ipvs.text}.`,
    verdict: told.length > 0 ? 'drift' : troubles.length > 0 ? 'undecided' : 'no-effect',
    troubles: placedTroubles(troubles),
    entries: findings.map(findingEntry),
    notes: [...assumptions.map((assumption) => `assumed: ${assumption}`), ...checkNotes(report)],
  };
}

/** `2 critical, 1 notice` */
function counts(findings: readonly CheckFinding[]): string {
  return (['critical', 'warning', 'notice'] as const)
    .flatMap((level) => {
      const count = findings.filter(({ severity }) => severity === level).length;
      return count === 0 ? [] : [`${count} ${level}`];
    })
    .join(', ');
}

function findingEntry(finding: CheckFinding): Entry {
  const { id, fingerprint, severity, certainty, subject, subjects, text, note, lookAt, evidence } = finding;
  const details = [
    ...(note === undefined ? [] : [{ label: 'note' as const, text: note }]),
    ...(lookAt === undefined ? [] : [{ label: 'look at' as const, text: lookAt }]),
  ];
  return {
    ...BARE,
    id,
    severity,
    certainty,
    subject: subject.name,
    text,
    details,
    places: evidence,
    fingerprint,
    flows: flowsOfFinding(finding),
    subjects: subjects?.map(({ name }) => name) ?? [],
  };
}
