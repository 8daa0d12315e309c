import type { Severity } from '../report.ts';
import { FINDING_KINDS } from './rules.ts';

/** What the catalogue says of one kind of finding. */
export interface FindingKind {
  /** Permanent; never used again for another meaning. */
  readonly id: string;
  /** Severity unless the finding itself says otherwise. */
  readonly severity: Severity;
  /** What is so, in a few words. */
  readonly title: string;
  /** What it means for traffic. */
  readonly why: string;
}

/** Every kind of finding, by its id: gathered from the rules that find them. */
export const FINDING_CATALOGUE: readonly FindingKind[] = [...FINDING_KINDS.values()].map(({ id, severity, title, why }) => ({
  id,
  severity,
  title,
  why,
}));
