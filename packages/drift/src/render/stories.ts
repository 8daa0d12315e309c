import { append } from '../append.ts';
import { type Cause, type Change, type Detail, type Evidence, reaches, type Report, type Severity } from '../report.ts';

/** One line that says what it comes to. */
export function headline(report: Report): string {
  const shown = report.changes.filter((change) => !change.ignored);
  const loud = shown.filter((change) => reaches(change.severity, 'notice'));
  const loudCauses = new Set(report.causes.filter((cause) => reaches(cause.severity, 'notice')).map((cause) => cause.key));
  const quiet = shown.filter((change) => change.severity === 'none' && change.toldWith === undefined && (change.cause === undefined || !loudCauses.has(change.cause))).length;
  switch (report.verdict) {
    case 'no-change':
      return `No drift: ${counts(report)} equal as far as both sides show.`;
    case 'no-effect':
      return `No effect on traffic: ${plural(quiet, 'difference')}, none of which a packet can tell.`;
    case 'undecided':
      return report.troubles.length > 0 && loud.length === 0
        ? 'Undecided: the two sides could not be compared as they were given.'
        : loud.length === 0
          ? 'Undecided: what both sides show is equal, but not everything could be compared.'
          : `Undecided: ${plural(loud.length, 'change')} whose effect on traffic could not be told.`;
    case 'drift': {
      const stories = storiesOf(report);
      const parts = (['critical', 'warning', 'notice'] as const)
        .map((severity) => [stories.filter((story) => story.severity === severity).length, severity] as const)
        .filter(([count]) => count > 0)
        .map(([count, severity]) => `${count} ${severity}`);
      return `Drift: ${parts.join(', ')}${quiet === 0 ? '' : `; ${plural(quiet, 'difference')} without effect`}.`;
    }
  }
}

function counts({ stats }: Report): string {
  const parts = [stats.servicesAfter > 0 ? plural(stats.servicesAfter, 'service address', 'service addresses') : '', stats.rulesAfter > 0 ? plural(stats.rulesAfter, 'rule') : ''];
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
  for (let start = 0; start < stories.length; ) {
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
    shown.push(...group.slice(0, TOLD_IN_FULL), { ...first, text: `the same kind of change (${first.id}) for ${rest.length} more: ${names.join(', ')}${more}`, details: [], evidence: [], known: false });
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
  readonly evidence: readonly Evidence[];
  readonly certainty: Change['certainty'];
  readonly known: boolean;
}

/** Causes and the changes that none explains, in the order of the report. */
export function storiesOf(report: Report): Story[] {
  const causes = new Map(report.causes.map((cause) => [cause.key, cause]));
  const told = new Set<Cause>();
  const evidence = evidenceByStory(report);
  const stories: Story[] = [];
  for (const change of report.changes) {
    if (change.ignored || change.toldWith !== undefined || !reaches(change.severity, 'notice')) continue;
    const cause = change.cause === undefined ? undefined : causes.get(change.cause);
    if (cause === undefined) stories.push({ ...change, name: nameOf(change), evidence: evidence.get(change.key) ?? [] });
    else if (!told.has(cause)) {
      told.add(cause);
      stories.push({ ...cause, name: change.subject.name, evidence: evidence.get(cause.key) ?? [], known: change.known });
    }
  }
  return stories;
}

/** A rule in a chain that is named by a hash says what it is for by its comment: `nat KUBE-SVC-NPX46M4PTMTKRN6Y#1 (default/kubernetes:https cluster IP)`. */
function nameOf({ subject, before, after }: Change): string {
  const comment = (after ?? before)?.['comment'];
  return subject.kind === 'iptables.rule' && typeof comment === 'string' ? `${subject.name} (${comment})` : subject.name;
}

/** Where everything that a story tells was seen, each place once: by the key of its cause, or of the change that tells it. */
function evidenceByStory({ changes }: Report): Map<string, Evidence[]> {
  const causeOf = new Map(changes.map(({ key, cause }) => [key, cause]));
  const seen = new Map<string, Map<string, Evidence>>();
  for (const change of changes) {
    const own = change.toldWith ?? change.key;
    const teller = change.cause ?? causeOf.get(own) ?? own;
    const places = seen.get(teller) ?? new Map<string, Evidence>();
    for (const evidence of change.evidence) places.set(`${evidence.side} ${evidence.source} ${evidence.lines.join()}`, evidence);
    seen.set(teller, places);
  }
  return new Map([...seen].map(([teller, places]) => [teller, [...places.values()]]));
}

/** `before/ipset-save.txt:17, after/ipvsadm-ln.txt:13-15`, at most four. */
export function placesText(evidence: readonly Evidence[]): string {
  const places = evidence.map(({ side, source, lines: [first, last] }) => `${side} ${source}:${first}${last > first ? `-${last}` : ''}`);
  return places.length > 4 ? `${places.slice(0, 4).join(', ')}, ${places.length - 4} more` : places.join(', ');
}
