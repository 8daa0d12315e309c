import type { Severity } from './report.ts';

/** How to compare; every key may be left out. */
export interface DiffOptions {
  /** Changes to count and not to tell, by id and subject. */
  readonly ignore?: readonly IgnoreRule[];
  /** Fingerprints of changes that are known, as those of a stored report. */
  readonly known?: ReadonlySet<string>;
  /** Other severities, by id or by an id with `*`; `off` leaves the change out of the comparison. The last that fits counts. */
  readonly severity?: readonly (readonly [idGlob: string, severity: Severity | 'off'])[];
}

/** One entry of an ignore file: it covers the changes whose id and subject fit; `*` stands for any text. */
export interface IgnoreRule {
  readonly id: string;
  readonly subject?: string;
  readonly reason?: string;
}
