import type { Origin } from '../state/origin.ts';
import type { Certainty, Change, Detail, Effect, ExplainedDifference, Facts, Severity, Side, Subject, Witness } from '../report.ts';
import type { PlacesOfSenders } from './places-of-senders.ts';

/** A change before it has its place, key and fingerprint. */
export interface PendingChange {
  readonly id: string;
  readonly severity: Severity;
  readonly effect: Effect;
  /** What is `proven` but for an `if` among the details becomes `assumed`. */
  readonly certainty: Certainty;
  readonly subject: Subject;
  readonly previousSubject?: Subject;
  /** The service that the subject is a part of, as it is called. */
  readonly service?: string;
  /** True of a chain, rule, set or member that kube-proxy makes. */
  readonly ofProxy?: boolean;
  readonly before?: Facts;
  readonly after?: Facts;
  readonly text: string;
  readonly details?: readonly Detail[];
  readonly witness?: Witness;
  readonly packets?: Change['packets'];
  readonly shares?: Change['shares'];
  readonly explains?: readonly ExplainedDifference[];
  readonly origins: readonly SidedOrigin[];
  /** How the same is said of several services, or senders, at once. */
  readonly alike?: Alike;
  /** The cause that explains it; changes of one cause share the object. */
  readonly cause?: PendingCause;
}

/** What several changes have in common, to be told once. */
export interface Alike {
  /** Equal for those that say the same. */
  readonly key: string;
  /** Of what, or whom, this one says it. */
  readonly names: readonly string[];
  /** How many have to say the same before one tells all. */
  readonly least: number;
  /** Whose connections to which places each of them says it of; missing = it says it of all. */
  readonly groups?: readonly PlacesOfSenders[];
  readonly text: (names: readonly string[], groups: readonly PlacesOfSenders[]) => string;
}

/** An origin and its side. */
export interface SidedOrigin {
  readonly side: Side;
  readonly origin: Origin;
}

/** A cause before it has its key and its changes. */
export interface PendingCause {
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
