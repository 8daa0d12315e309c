import { addToGroup } from '../common/add-to-group.ts';
import { append } from '../common/append.ts';
import { type Cause, type Change, type Detail, type Evidence, reaches, type Report, type Severity } from '../report.ts';

/** One line that says what it comes to, given the stories of the report. */
export function headline(report: Report, stories: readonly Story[]): string {
  const shown = report.changes.filter((change) => !change.ignored);
  const loud = shown.filter((change) => reaches(change.severity, 'notice'));
  const loudCauses = new Set(report.causes.filter((cause) => reaches(cause.severity, 'notice')).map((cause) => cause.key));
  const quiet = shown.filter(
    (change) =>
      change.severity === 'none' && change.toldWith === undefined && (change.cause === undefined || !loudCauses.has(change.cause)),
  ).length;
  switch (report.verdict) {
    case 'no-change':
      return `No drift: ${counts(report)} equal as far as both sides show.`;
    case 'no-effect':
      return `No effect on traffic: ${plural(quiet, 'difference')}, none of which changes what happens to packets.`;
    case 'undecided':
      return report.troubles.length > 0 && loud.length === 0
        ? 'Undecided: the two sides could not be compared as they were given.'
        : loud.length === 0
          ? 'Undecided: what both sides show is equal, but not everything could be compared.'
          : `Undecided: ${plural(loud.length, 'change')} whose effect on traffic could not be told.`;
    case 'drift': {
      const parts = (['critical', 'warning', 'notice'] as const)
        .map((severity) => [stories.filter((story) => story.severity === severity).length, severity] as const)
        .filter(([count]) => count > 0)
        .map(([count, severity]) => `${count} ${severity}`);
      return `Drift: ${parts.join(', ')}${quiet === 0 ? '' : `; ${plural(quiet, 'difference')} without effect`}.`;
    }
  }
}

function counts({ stats }: Report): string {
  const parts = [
    stats.servicesAfter > 0 ? plural(stats.servicesAfter, 'service address', 'service addresses') : '',
    stats.rulesAfter > 0 ? plural(stats.rulesAfter, 'rule') : '',
  ];
  const shown = parts.filter((part) => part !== '').join(' and ');
  if (shown === '') return 'the two snapshots are';
  return `${shown} ${stats.servicesAfter + stats.rulesAfter === 1 ? 'is' : 'are'}`;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Stories of one kind that are told in full before the rest of them is told as a number. */
const TOLD_IN_FULL = 3;
/** Names in the line that stands for the rest. */
const NAMED_IN_FOLD = 12;

/** Five stories or more of one kind and severity in a row: the first ones in full, the others by name. */
export function folded(stories: readonly Story[]): Story[] {
  const shown: Story[] = [];
  for (let start = 0; start < stories.length;) {
    const first = stories[start] as Story;
    let end = start;
    while (end < stories.length && stories[end]?.id === first.id && stories[end]?.severity === first.severity) end++;
    const group = stories.slice(start, end);
    start = end;
    if (group.length < TOLD_IN_FULL + 2) {
      append(shown, group);
      continue;
    }
    const rest = group.slice(TOLD_IN_FULL);
    const names = rest.slice(0, NAMED_IN_FOLD).map((story) => story.name);
    const more = rest.length > names.length ? ` and ${rest.length - names.length} more` : '';
    shown.push(...group.slice(0, TOLD_IN_FULL), {
      ...first,
      text: `the same kind of change (${first.id}) for ${rest.length} more: ${names.join(', ')}${more}`,
      details: [],
      known: false,
      changes: [],
    });
  }
  return shown;
}

/** One change, or one cause with the changes it explains, as it is told. */
export interface Story {
  readonly id: string;
  readonly name: string;
  readonly severity: Severity;
  readonly text: string;
  readonly details: readonly Detail[];
  readonly known: boolean;
  /** All changes that it tells. */
  readonly changes: readonly Change[];
}

/** Causes and the changes that none explains, in the order of the report. */
export function storiesOf(report: Report): Story[] {
  const causes = new Map(report.causes.map((cause) => [cause.key, cause]));
  const begun = new Set<Cause>();
  const told = toldByOthers(report);
  const stories: Story[] = [];
  for (const change of report.changes) {
    if (change.ignored || change.toldWith !== undefined || !reaches(change.severity, 'notice')) continue;
    const cause = change.cause === undefined ? undefined : causes.get(change.cause);
    if (cause !== undefined && begun.has(cause)) continue;
    if (cause !== undefined) begun.add(cause);
    const { key, id, severity, text, details } = cause ?? change;
    const others = told.get(key) ?? [];
    stories.push({
      id,
      name: cause === undefined ? nameOf(change) : change.subject.name,
      severity,
      text,
      details,
      known: change.known,
      changes: cause === undefined ? [change, ...others] : others,
    });
  }
  return stories;
}

/**
 * A rule says what it is for by its comment, for its chain may be named by a hash: `nat KUBE-SVC-NPX46M4PTMTKRN6Y#1 (comment
 * "default/kubernetes:https cluster IP")`.
 */
function nameOf({ subject, before, after }: Change): string {
  const comment = (after ?? before)?.['comment'];
  return subject.kind === 'iptables.rule' && typeof comment === 'string' ? `${subject.name} (comment "${comment}")` : subject.name;
}

/** The changes that a cause or another change tells, by its key. */
export function toldByOthers({ changes }: Report): Map<string, Change[]> {
  const causeOf = new Map<string, string>();
  for (const { key, cause } of changes) if (cause !== undefined) causeOf.set(key, cause);
  const told = new Map<string, Change[]>();
  for (const change of changes) {
    const teller = change.cause ?? (change.toldWith === undefined ? undefined : (causeOf.get(change.toldWith) ?? change.toldWith));
    if (teller !== undefined) addToGroup(told, teller, change);
  }
  return told;
}

/** Where everything that a story tells was seen, each place once, at most four: `before/ipset-save.txt:17, after/ipvsadm-ln.txt:13-15`. */
export function placesText({ changes }: Story): string {
  const places = [...new Set(changes.flatMap(({ evidence }) => evidence.map(placeText)))];
  return places.length > 4 ? `${places.slice(0, 4).join(', ')}, ${places.length - 4} more` : places.join(', ');
}

function placeText({ side, source, lines: [first, last] }: Evidence): string {
  return `${side} ${source}:${first}${last > first ? `-${last}` : ''}`;
}
