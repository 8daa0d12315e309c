import type { Origin } from '../state/origin.ts';
import type { Certainty, Change, Detail, Effect, ExplainedDifference, Facts, Severity, Side, Subject, Witness } from '../report.ts';

/** A change before it has its place, key and fingerprint. */
export interface Draft {
  readonly id: string;
  readonly severity: Severity;
  readonly effect: Effect;
  /** What is `proven` but for an `if` among the details becomes `assumed`. */
  readonly certainty: Certainty;
  readonly subject: Subject;
  readonly previousSubject?: Subject;
  readonly before?: Facts;
  readonly after?: Facts;
  readonly text: string;
  readonly details?: readonly Detail[];
  readonly witness?: Witness;
  readonly shares?: Change['shares'];
  readonly explains?: readonly ExplainedDifference[];
  readonly origins: readonly SidedOrigin[];
  /** The draft whose text tells this one too. */
  readonly toldWith?: Draft;
  /** The cause that explains it; drafts of one cause share the object. */
  readonly cause?: CauseDraft;
}

/** An origin and its side. */
export interface SidedOrigin {
  readonly side: Side;
  readonly origin: Origin;
}

/** A cause before it has its key and its changes. */
export interface CauseDraft {
  readonly id: string;
  readonly certainty: Certainty;
  readonly text: string;
  readonly details: readonly Detail[];
}

/** Origins of both sides in one list; a missing one is left out. */
export function seenAt(before: Origin | undefined, after: Origin | undefined): SidedOrigin[] {
  const origins: SidedOrigin[] = [];
  if (before !== undefined) origins.push({ side: 'before', origin: before });
  if (after !== undefined) origins.push({ side: 'after', origin: after });
  return origins;
}
