import { fitsPattern, type Report } from '@netdrift/drift';
import { tellNote } from '../output/tell.ts';
import type { Policy } from './policy-file.ts';

/** Says which rules of the policy cover nothing in a report: what they were written for may be gone, or is spelled otherwise. */
export function tellIdleRules({ ignore, severity }: Pick<Policy, 'ignore' | 'severity'>, { changes }: Pick<Report, 'changes'>): void {
  for (const { id, subject } of ignore) {
    if (!changes.some((change) => fitsPattern(id, change.id) && (subject === undefined || fitsPattern(subject, change.subject.name))))
      tellNote(`the rule to ignore ${id}${subject === undefined ? '' : ` of ${subject}`} matches nothing`);
  }
  for (const [id] of severity) {
    if (!id.includes('*') && !changes.some((change) => change.id === id)) tellNote(`the severity of ${id} matches nothing`);
  }
}
