import { addToGroup } from '../common/add-to-group.ts';
import { findingFingerprint } from '../common/finding-fingerprint.ts';
import type { DiffOptions } from '../diff-options.ts';
import type { PendingCause, PendingChange, SidedOrigin } from '../judge/pending-change.ts';
import { fingerprint } from '../judge/fingerprint.ts';
import type { Verdicts } from '../judge/judge.ts';
import type { SideView } from '../judge/side.ts';
import { countRules } from '../state/count-rules.ts';
import type { ViewDisagreement } from '../state/model.ts';
import {
  type Cause,
  type Change,
  type Effect,
  type Evidence,
  type Facts,
  type Finding,
  reaches,
  SCHEMA_VERSION,
  type Report,
  type ReportInput,
  type Severity,
  type Side,
  type Trouble,
  type Verdict,
  worse,
} from '../report.ts';
import { leftOutOf, leftOutText } from '../read/moments/earlier-moments.ts';
import type { Snapshot } from '../read/snapshot.ts';
import { isIgnored, overriddenSeverity } from '../common/policy.ts';
import { compareTexts } from '../common/listed.ts';
import { missingTools } from './inputs.ts';

/** What a report is made of. */
interface ReportParts {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly verdicts: Verdicts;
  readonly troubles: readonly Trouble[];
  readonly inputs: readonly ReportInput[];
  readonly options: DiffOptions;
}

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'notice', 'none'];
const EFFECTS: readonly Effect[] = [
  'lost',
  'redirected',
  'capacity',
  'share-moved',
  'source-changed',
  'gained',
  'rolled-over',
  'attribute',
  'undecided',
  'none',
];

/** Puts changes in their order, gives them keys, and says what they come to. */
export function assembleReport(parts: ReportParts): Report {
  const { verdicts, options, troubles, inputs } = parts;
  const judged = inOrder(
    verdicts.stories.flatMap(({ change, parts }) =>
      [change, ...parts].map((pending): Judged => ({ pending, teller: change, severity: overriddenSeverity(pending, options) })),
    ),
  );
  const keys = new Map(judged.map(({ pending }, index) => [pending, `c${index + 1}`]));
  const causes = causesOf(judged, keys);
  const causeKeys = new Map(causes.flatMap(({ cause }) => cause.changes.map((change) => [change, cause.key])));
  const cut = new Set(inputs.filter((input) => input.completeness === 'partial').map((input) => `${input.role} ${input.source}`));
  const changes = judged.map((one) => changeOf(one, keys, causeKeys, cut, parts));
  const counted = changes.filter((change) => !change.ignored);
  const maxSeverity = counted.reduce<Severity>((most, change) => worse(most, change.severity), 'none');
  const findings = findingsOf(verdicts);
  const undecided = [...counted.filter((change) => change.effect === 'undecided').map((change) => change.text), ...verdicts.uncompared];
  const complete = troubles.length === 0 && inputs.every((input) => input.part === 'unknown' || input.completeness === 'complete');
  return {
    schemaVersion: SCHEMA_VERSION,
    command: 'diff',
    verdict: verdictOf(counted, maxSeverity, undecided, troubles),
    maxSeverity,
    complete,
    inputs,
    troubles,
    facts: { before: factsOf(verdicts.before), after: factsOf(verdicts.after) },
    causes: causes.map(({ cause }) => cause),
    changes,
    findings,
    scopeNotes: scopeNotesOf(parts),
    undecided,
    stats: {
      servicesBefore: verdicts.before.frontends.size,
      servicesAfter: verdicts.after.frontends.size,
      rulesBefore: countRules(verdicts.before.model),
      rulesAfter: countRules(verdicts.after.model),
      flowsCompared: verdicts.flows.compared,
    },
  };
}

interface Judged {
  readonly pending: PendingChange;
  /** The change whose text tells it: itself, or that of its story. */
  readonly teller: PendingChange;
  readonly severity: Severity;
}

/** The severity by which a story stands in the report: that of the change that tells it. */
function storySeverities(judged: readonly Judged[]): Map<PendingChange, Severity> {
  const severities = new Map<PendingChange, Severity>();
  for (const { teller, severity } of judged) severities.set(teller, worse(severities.get(teller) ?? 'none', severity));
  return severities;
}

/** The worst first, and each change behind the one that tells it. */
function inOrder(judged: readonly Judged[]): Judged[] {
  const worstOf = storySeverities(judged);
  const ranked = judged.map((one) => {
    const { teller } = one;
    // A cause stands before what it does not explain.
    const rank = [
      SEVERITIES.indexOf(worstOf.get(teller) ?? one.severity),
      teller.cause === undefined ? 1 : 0,
      EFFECTS.indexOf(teller.effect),
    ];
    return { one, rank: rank.reduce((sum, part) => sum * EFFECTS.length + part, 0) };
  });
  return ranked.sort(compareRanked).map(({ one }) => one);
}

interface Ranked {
  readonly one: Judged;
  readonly rank: number;
}

function compareRanked(
  { one: { pending, teller }, rank }: Ranked,
  { one: { pending: otherPending, teller: otherTeller }, rank: otherRank }: Ranked,
): number {
  return (
    rank - otherRank ||
    compareTexts(teller.subject.name, otherTeller.subject.name) ||
    compareTexts(teller.id, otherTeller.id) ||
    Number(pending !== teller) - Number(otherPending !== otherTeller) ||
    compareTexts(pending.subject.name, otherPending.subject.name) ||
    compareTexts(pending.text, otherPending.text)
  );
}

function causesOf(judged: readonly Judged[], keys: ReadonlyMap<PendingChange, string>): { cause: Cause; pending: PendingCause }[] {
  const groups = new Map<PendingCause, Judged[]>();
  for (const one of judged) if (one.pending.cause !== undefined) addToGroup(groups, one.pending.cause, one);
  return [...groups].map(([pending, group], index) => ({
    pending,
    cause: {
      key: `k${index + 1}`,
      id: pending.id,
      severity: group.reduce<Severity>((most, { severity }) => worse(most, severity), 'none'),
      certainty: pending.certainty,
      text: pending.text,
      details: pending.details,
      changes: group.map((one) => keys.get(one.pending) ?? ''),
    },
  }));
}

function changeOf(
  { pending, teller, severity }: Judged,
  keys: ReadonlyMap<PendingChange, string>,
  causeKeys: ReadonlyMap<string, string>,
  cutInputs: ReadonlySet<string>,
  parts: ReportParts,
): Change {
  const key = keys.get(pending) ?? '';
  const print = fingerprint(pending);
  const cause = causeKeys.get(key);
  const assumptions = (pending.details ?? []).filter(({ label }) => label === 'if').map(({ text }) => text);
  const cut = pending.certainty === 'proven' && pending.severity !== 'none' && isFromCutPart(pending, cutInputs, parts);
  const toldWith = pending === teller ? undefined : keys.get(teller);
  return {
    key,
    id: pending.id,
    fingerprint: print,
    severity,
    certainty: pending.certainty === 'proven' && (cut || assumptions.length > 0) ? 'assumed' : pending.certainty,
    effect: pending.effect,
    subject: pending.subject,
    ...(pending.before === undefined ? {} : { before: pending.before }),
    ...(pending.after === undefined ? {} : { after: pending.after }),
    ...(pending.previousSubject === undefined ? {} : { previousSubject: pending.previousSubject }),
    ...(cause === undefined ? {} : { cause }),
    ...(toldWith === undefined ? {} : { toldWith }),
    text: pending.text,
    details: pending.details ?? [],
    assumptions: [...assumptions, ...(cut ? ['part-may-be-cut'] : [])],
    ...(pending.witness === undefined ? {} : { witness: pending.witness }),
    ...(pending.packets === undefined ? {} : { packets: pending.packets }),
    ...(pending.shares === undefined ? {} : { shares: pending.shares }),
    explains: pending.explains ?? [],
    evidence: pending.origins.map((sided) => evidenceOf(sided, parts)),
    ignored: isIgnored(pending, parts.options),
    known: parts.options.known?.has(print) ?? false,
  };
}

/** Whether a change was read from an input that is cut: what it seems to lack may be there. */
function isFromCutPart({ origins }: PendingChange, cut: ReadonlySet<string>, parts: ReportParts): boolean {
  return (
    cut.size > 0 &&
    origins.some((sided) => {
      const { side, source } = evidenceOf(sided, parts);
      return cut.has(`${side} ${source}`);
    })
  );
}

function evidenceOf({ side, origin }: SidedOrigin, { before, after }: Pick<ReportParts, 'before' | 'after'>): Evidence {
  const snapshot = side === 'before' ? before : after;
  return { side, source: snapshot.parts[origin.part]?.source ?? '', lines: origin.lines };
}

function verdictOf(changes: readonly Change[], maxSeverity: Severity, undecided: readonly string[], troubles: readonly Trouble[]): Verdict {
  const decided = changes.filter((change) => change.effect !== 'undecided' && change.severity !== 'none');
  if (decided.length > 0 || reaches(maxSeverity, 'warning')) return 'drift';
  if (undecided.length > 0 || troubles.length > 0) return 'undecided';
  return changes.length === 0 ? 'no-change' : 'no-effect';
}

function factsOf({ facts }: SideView): Facts {
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, (fact as { value: string | number | boolean }).value]));
}

function findingsOf({ before, after }: Verdicts): Finding[] {
  return [before, after].flatMap(({ side, model }) => model.disagreements.map((disagreement) => disagreementFinding(side, disagreement)));
}

function disagreementFinding(side: Side, { subject, text }: ViewDisagreement): Finding {
  return {
    id: 'snapshot.views-disagree',
    fingerprint: findingFingerprint({ id: 'snapshot.views-disagree', subject: { name: `${side} ${subject}` } }),
    severity: 'notice',
    certainty: 'proven',
    side,
    subject: { kind: 'flow', name: subject },
    text: `${side}: ${text}`,
    evidence: [],
  };
}

/** What the listings hide, in sentences. */
function scopeNotesOf({ before, after, inputs, verdicts }: ReportParts): string[] {
  const notes: string[] = verdicts.uncompared.map((sentence) => `not compared: ${sentence}`);
  const hidden = [verdicts.before, verdicts.after].some(({ model }) => [...model.tables.values()].some((table) => table.interfacesHidden));
  if (hidden) notes.push('interfaces are not shown by a listing without -v: rules that differ only there look equal');
  if (verdicts.before.model.showsNames || verdicts.after.model.showsNames)
    notes.push(
      'names in a listing without -n are read as the files of Debian have them (http = port 80, localhost = 127.0.0.1); hosts of other names are compared by name',
    );
  const models = new Set([verdicts.before.model, verdicts.after.model]);
  const named = [...models].some(({ sets, tables }) => sets === undefined && usesSets(tables.values()));
  if (named) notes.push('the members of the ip sets that rules look into are not in the snapshot');
  for (const [side, snapshot] of [
    ['before', before],
    ['after', after],
  ] as const) {
    const leftOut = leftOutOf(snapshot);
    if (leftOut !== undefined) notes.push(`${side}: ${leftOutText(leftOut)}`);
  }
  const absent = missingTools(before);
  for (const tool of missingTools(after).keys())
    if (absent.has(tool)) notes.push(`${tool} is not installed on either side: what it would list is not known, nor what hangs on it`);
  for (const input of inputs) {
    if (input.completeness === 'partial')
      notes.push(
        `${input.role} ${input.source} is cut: ${input.reason ?? 'lines are missing'}; what it does not show is not taken as gone`,
      );
  }
  return [...new Set(notes)];
}

function usesSets(
  tables: Iterable<{
    readonly chains: ReadonlyMap<string, { readonly rules: readonly { readonly conditions: readonly { readonly kind: string }[] }[] }>;
  }>,
): boolean {
  for (const table of tables) {
    for (const chain of table.chains.values()) {
      if (chain.rules.some((rule) => rule.conditions.some((condition) => condition.kind === 'set'))) return true;
    }
  }
  return false;
}
