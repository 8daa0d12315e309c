import type { Severity } from '../report.ts';
import { alone, type Found, type Story } from './claims.ts';
import type { Comparison } from './comparison.ts';
import type { PendingChange } from './pending-change.ts';

/** One kind of change. */
export interface ChangeKind {
  /** Permanent; never used again for another meaning. */
  readonly id: string;
  /** Severity where nothing else is known; `by effect` = from what happens to traffic. */
  readonly severity: Severity | 'by effect';
  /** What happened, in a few words. */
  readonly title: string;
  /** What it means for traffic. */
  readonly why: string;
  /** The id of the change in the other direction; missing = one id covers both. */
  readonly mirror?: string;
}

/** One kind of cause that explains several changes at once. */
export interface CauseKind {
  /** Permanent; never used again for another meaning. */
  readonly id: string;
  /** What happened, in a few words. */
  readonly title: string;
  /** How it is recognised. */
  readonly why: string;
}

/** Finds changes of one subject. */
export interface ChangeRule {
  readonly kinds: readonly ChangeKind[];
  /** Causes that it names itself; missing = none. */
  readonly causes?: readonly CauseKind[];
  /** Where it is asked; missing = everywhere. */
  readonly when?: (comparison: Comparison) => boolean;
  /** It says itself what a change of the mode loses: what other rules find beside that is a warning at most. */
  readonly tellsLosses?: true;
  /** `explained`: what earlier rules claimed, which this one leaves out. */
  readonly find: (comparison: Comparison, explained: ReadonlySet<object>) => readonly Found[];
}

/** Lays changes that were found to one cause, or tells them together. */
export interface CauseRule {
  /** Changes that it adds; missing = none. */
  readonly kinds?: readonly ChangeKind[];
  /** Missing = it names none. */
  readonly causes?: readonly CauseKind[];
  readonly explain: (stories: readonly Story[], comparison: Comparison) => readonly Story[];
}

/** Changes that explain nothing but themselves. */
export function each(find: (comparison: Comparison, explained: ReadonlySet<object>) => readonly PendingChange[]): ChangeRule['find'] {
  return (comparison, explained) => find(comparison, explained).map(alone);
}
