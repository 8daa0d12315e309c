import { FINDING_CATALOGUE } from '../check/finding-catalogue.ts';
import { CATALOGUE } from '../judge/catalogue.ts';
import type { Severity } from '../report.ts';
import { CAUSE_CATALOGUE } from './causes.ts';

/** One thing that netdrift may report: a change between two snapshots, a finding in one, or a cause that explains several changes. */
export interface Rule {
  readonly kind: 'change' | 'finding' | 'cause';
  /** Permanent; never used again for another meaning. */
  readonly id: string;
  /** `by effect` = from what happens to traffic; a cause has the severity of what it explains. */
  readonly severity: Severity | 'by effect';
  /** What is so, in a few words. */
  readonly title: string;
  /** What it means for traffic; of a cause, how it is recognised. */
  readonly why: string;
  /** Of a change, the id of the change in the other direction; the same id where one id covers both. */
  readonly mirror?: string;
}

/**
 * Everything that netdrift may report, by id: changes, then findings, then causes.
 *
 * @example
 * RULES.get('ipvs.destination.draining')
 * // => { kind: 'change', id: 'ipvs.destination.draining', severity: 'notice', title: 'a weight was set to 0',
 * //      why: 'established connections stay, new ones go to the others', mirror: 'ipvs.destination.undrained' }
 */
export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...[...CATALOGUE.values()].map((change): [string, Rule] => [change.id, { kind: 'change', ...change }]),
  ...FINDING_CATALOGUE.map((finding): [string, Rule] => [finding.id, { kind: 'finding', ...finding }]),
  ...CAUSE_CATALOGUE.map((cause): [string, Rule] => [cause.id, { kind: 'cause', severity: 'by effect', ...cause }]),
]);
