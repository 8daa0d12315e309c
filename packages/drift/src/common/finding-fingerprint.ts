import type { Subject } from '../report.ts';
import { shortHash } from './short-hash.ts';

/** What a finding is by: not its wording, lines, numbers of rules or severity, which change while it stays. */
export interface FindingIdentity {
  readonly id: string;
  readonly subject: Pick<Subject, 'name' | 'frontends'>;
  /** What tells it from others of its id and subject, as texts of rules. */
  readonly values?: readonly string[] | undefined;
}

/** A short name for a finding that is the same in every run, and on every machine of which the same is so. */
export function findingFingerprint({ id, subject: { name, frontends = [] }, values = [] }: FindingIdentity): string {
  return shortHash(JSON.stringify([id, name.replace(/#\d+$/, ''), frontends, values]));
}
