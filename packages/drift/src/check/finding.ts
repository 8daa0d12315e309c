import type { Origin } from '../state/origin.ts';
import type { Certainty, Severity, Subject } from '../report.ts';
import { severityOf } from './finding-catalogue.ts';

/** Something about one snapshot, before it has its evidence by name. */
export interface FoundThing {
  readonly id: string;
  readonly severity: Severity;
  readonly certainty: Certainty;
  readonly subject: Subject;
  /** One sentence without its full stop: the service before the address, the address before the chain. */
  readonly text: string;
  /** What more there is to know, in one sentence without its full stop. */
  readonly note?: string;
  /** The next command to look at, where one helps. */
  readonly lookAt?: string;
  readonly origins: readonly Origin[];
  /** Places in the snapshot that says what is asked of the node, where that is another one. */
  readonly askedOrigins?: readonly Origin[];
  /** Every service port it speaks of, where the subject names one of several. */
  readonly about?: readonly string[];
}

/** What a finding needs beside its id; severity and certainty where they differ from the usual. */
export interface FindingParts {
  readonly subject: Subject;
  readonly text: string;
  readonly origins: readonly Origin[];
  readonly severity?: Severity;
  readonly certainty?: Certainty;
  readonly note?: string;
  readonly lookAt?: string;
  readonly askedOrigins?: readonly Origin[];
  readonly about?: readonly string[];
}

/** A finding with the severity of its kind unless it says otherwise. */
export function finding(id: string, parts: FindingParts): FoundThing {
  const { subject, text, origins, severity, certainty, note, lookAt, askedOrigins, about } = parts;
  return {
    id,
    severity: severity ?? severityOf(id),
    certainty: certainty ?? 'proven',
    subject,
    text,
    ...(note === undefined ? {} : { note }),
    ...(lookAt === undefined ? {} : { lookAt }),
    origins,
    ...(askedOrigins === undefined ? {} : { askedOrigins }),
    ...(about === undefined ? {} : { about }),
  };
}

/** `a, b and c`; of more than three the first two and a count. */
export function listed(names: readonly string[]): string {
  if (names.length <= 1) return names.join('');
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}

/** `1 rule`, `3 rules`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
