import { reaches, type Severity } from '@netdrift/drift';
import type { FailOn } from '../command-line/options.ts';

/** Whether a change or finding of a severity ends with status 1. */
export function fails(severity: Severity, failOn: FailOn): boolean {
  return failOn !== 'none' && reaches(severity, failOn);
}
