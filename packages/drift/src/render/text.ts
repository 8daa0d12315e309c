import { displayText } from '@netdrift/core';
import { type Cause, type Change, type Detail, type Evidence, reaches, type Report, type Severity } from '../report.ts';

/** How the text is shown; every key may be left out. */
export interface TextOptions {
  /** Colours for a terminal. Default: none. */
  readonly color?: boolean;
}

const INDENT = ' '.repeat(10);
const COLORS: { readonly [Level in Severity]: string } = { critical: '31;1', warning: '33;1', notice: '36;1', none: '2' };
/** Changes of one kind without effect that are named one by one. */
const NAMED_WITHOUT_EFFECT = 6;

/**
 * A report as a person reads it: the worst first, each change once, with its proof below it; then what has no effect, what the
 * listings do not show, and what could not be compared. Text of the inputs is made safe for a terminal. Ends with a newline.
 *
 * @example
 * renderText(diffSnapshots(snapshot, snapshot)) // => 'No drift: …\n'
 */
export function renderText(report: Report, options: TextOptions = {}): string {
  const paint = painter(options.color === true);
  const lines: string[] = [];
  for (const trouble of report.troubles) lines.push(`${paint('critical', 'TROUBLE')}   ${trouble.side}${trouble.source === undefined ? '' : ` ${displayText(trouble.source)}`}: ${displayText(trouble.message)}`);
  if (report.verdict === 'no-change' && report.changes.length === 0 && report.findings.length === 0) {
    const notes = report.scopeNotes.length === 0 ? '' : ` (${report.scopeNotes.map(displayText).join('; ')})`;
    return finish([...lines, `${headline(report).slice(0, -1)}${notes}.`]);
  }
  lines.push(headline(report), '');
  for (const story of folded(storiesOf(report))) lines.push(...storyLines(story, paint), '');
  lines.push(...withoutEffect(report, paint));
  lines.push(...report.findings.map((finding) => `${label(finding.severity, paint)}${displayText(finding.text)}.`));
  lines.push(...report.scopeNotes.map((note) => `note: ${displayText(note)}`));
  const ignored = report.changes.filter((change) => change.ignored).length;
  if (ignored > 0) lines.push(`${ignored} ${ignored === 1 ? 'change is' : 'changes are'} ignored`);
  while (lines.at(-1) === '') lines.pop();
  return finish(lines);
}

function finish(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

type Painter = (severity: Severity, text: string) => string;

function painter(color: boolean): Painter {
  return (severity, text) => (color ? `\u001b[${COLORS[severity]}m${text}\u001b[0m` : text);
}

function label(severity: Severity, paint: Painter): string {
  const word = severity.toUpperCase();
  return `${paint(severity, word)}${' '.repeat(INDENT.length - word.length)}`;
}

/** One line that says what it comes to. */
function headline(report: Report): string {
  const shown = report.changes.filter((change) => !change.ignored);
  const loud = shown.filter((change) => reaches(change.severity, 'notice'));
  const quiet = shown.filter((change) => change.severity === 'none' && change.toldWith === undefined && change.cause === undefined).length;
  switch (report.verdict) {
    case 'no-change':
      return `No drift: ${counts(report)} equal as far as both sides show.`;
    case 'no-effect':
      return `No effect on traffic: ${plural(quiet, 'difference')}, none of which a packet can tell.`;
    case 'undecided':
      return report.troubles.length > 0 && loud.length === 0
        ? 'Undecided: the two sides could not be compared as they were given.'
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
function folded(stories: readonly Story[]): Story[] {
  const shown: Story[] = [];
  for (let start = 0; start < stories.length; ) {
    const first = stories[start] as Story;
    let end = start;
    while (end < stories.length && stories[end]?.id === first.id && stories[end]?.severity === first.severity) end++;
    const group = stories.slice(start, end);
    start = end;
    if (group.length < TOLD_IN_FULL + 2) {
      shown.push(...group);
      continue;
    }
    const rest = group.slice(TOLD_IN_FULL);
    const names = rest.slice(0, NAMED_IN_FOLD).map((story) => story.name);
    const more = rest.length > names.length ? ` and ${rest.length - names.length} more` : '';
    shown.push(...group.slice(0, TOLD_IN_FULL), { ...first, text: `the same kind of change (${first.id}) for ${rest.length} more: ${names.join(', ')}${more}`, details: [], evidence: [], known: false });
  }
  return shown;
}

interface Story {
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
function storiesOf(report: Report): Story[] {
  const causes = new Map(report.causes.map((cause) => [cause.key, cause]));
  const told = new Set<Cause>();
  const stories: Story[] = [];
  for (const change of report.changes) {
    if (change.ignored || change.toldWith !== undefined || !reaches(change.severity, 'notice')) continue;
    const cause = change.cause === undefined ? undefined : causes.get(change.cause);
    if (cause === undefined) stories.push({ ...change, name: change.subject.name, evidence: evidenceOfStory(report, change) });
    else if (!told.has(cause)) {
      told.add(cause);
      stories.push({ ...cause, name: change.subject.name, evidence: change.evidence, known: change.known });
    }
  }
  return stories;
}

function evidenceOfStory(report: Report, change: Change): Evidence[] {
  const others = report.changes.filter((other) => other.toldWith === change.key);
  const seen = new Map<string, Evidence>();
  for (const evidence of [change, ...others].flatMap((one) => one.evidence)) seen.set(`${evidence.side} ${evidence.source} ${evidence.lines.join()}`, evidence);
  return [...seen.values()];
}

function storyLines(story: Story, paint: Painter): string[] {
  const mark = story.known ? ' (known)' : '';
  const lines = [`${label(story.severity, paint)}${displayText(story.text)}${mark}.`];
  for (const { label: name, text } of story.details) lines.push(`${INDENT}${name.padEnd(8)} ${displayText(text)}`);
  const places = placesText(story.evidence);
  if (places !== '') lines.push(`${INDENT}${'seen at'.padEnd(8)} ${displayText(places)}`);
  return lines;
}

/** `before/ipset-save.txt:17, after/ipvsadm-ln.txt:13-15`, at most four. */
function placesText(evidence: readonly Evidence[]): string {
  const places = evidence.map(({ side, source, lines: [first, last] }) => `${side} ${source}:${first}${last > first ? `-${last}` : ''}`);
  return places.length > 4 ? `${places.slice(0, 4).join(', ')}, ${places.length - 4} more` : places.join(', ');
}

/** Differences without effect in one line for each id. */
function withoutEffect(report: Report, paint: Painter): string[] {
  const groups = new Map<string, Change[]>();
  const quietCauses = report.causes.filter((cause) => cause.severity === 'none').map((cause) => `${label('none', paint)}${displayText(cause.text)}.`);
  for (const change of report.changes) {
    if (change.ignored || change.severity !== 'none' || change.toldWith !== undefined || change.cause !== undefined) continue;
    const group = groups.get(change.id);
    if (group === undefined) groups.set(change.id, [change]);
    else group.push(change);
  }
  const lines = [...groups.values()].map((group) => {
    const texts = group.slice(0, NAMED_WITHOUT_EFFECT).map((change) => displayText(change.text));
    const rest = group.length > NAMED_WITHOUT_EFFECT ? `; ${group.length - NAMED_WITHOUT_EFFECT} more of the same kind (${group[0]?.id ?? ''})` : '';
    return `${label('none', paint)}${texts.join('; ')}${rest}.`;
  });
  return [...quietCauses, ...lines];
}
