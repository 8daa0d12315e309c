import type { Severity } from '../report.ts';
import { CHANGE_KINDS } from './rules.ts';

/** What the catalogue says of one kind of change. */
export interface CatalogueEntry {
  /** Permanent; never used again for another meaning. */
  readonly id: string;
  /** Severity where nothing else is known; `by effect` = from what happens to traffic. */
  readonly severity: Severity | 'by effect';
  /** What happened, in a few words. */
  readonly title: string;
  /** What it means for traffic. */
  readonly why: string;
  /** The id of the change in the other direction; the same id where one id tells both. */
  readonly mirror: string;
}

/** Every kind of change there is, by id: gathered from the rules that find them. */
export const CATALOGUE: ReadonlyMap<string, CatalogueEntry> = new Map(
  [...CHANGE_KINDS].map(([id, { severity, title, why, mirror = id }]) => [id, { id, severity, title, why, mirror }]),
);
