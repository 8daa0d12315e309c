import { type IpvsReadiness, ipvsReadiness } from '../services/ipvs-readiness.ts';
import { nodeView, type NodeView } from '../services/node-facts.ts';
import type { Origin } from '../state/origin.ts';
import { realTroubles } from '../read/kinds/node-knowledge.ts';
import type { DiffOptions, IgnoreRule } from '../diff-options.ts';
import { findingFingerprint } from '../common/finding-fingerprint.ts';
import { isIgnored, overriddenSeverity } from '../common/policy.ts';
import { type Certainty, type ReportHead, SCHEMA_VERSION, type Severity, type Subject, worse } from '../report.ts';
import { whyIncomplete } from '../read/completeness.ts';
import { momentOf, type LeftOut } from '../read/moments/earlier-moments.ts';
import { lastOfEachHost } from '../read/read-snapshot.ts';
import type { Snapshot } from '../read/snapshot.ts';
import type { PartCompleteness } from '../read/section-completeness.ts';
import { compareTexts } from '../common/listed.ts';
import { withoutClaimsByAbsence } from './claims-by-absence.ts';
import { assumptionsOf } from './expected/assumptions.ts';
import { type Expectation, expectationOf } from './expected/expectation.ts';
import { type FindingFlow, findingFlows } from './finding-flows.ts';
import type { FoundSubject, FoundThing, FoundWitness } from './finding.ts';
import type { Assume } from './finding-rule.ts';
import { FINDING_RULES } from './rules.ts';
import { toldOnce } from './told-once.ts';
import { withoutEffects } from './without-effects.ts';

/** What to check against; every key may be left out. */
export interface CheckOptions {
  /** Services and endpoints as they should be; without it, those in the snapshot itself. */
  readonly expect?: Snapshot;
  /** Findings that count as `none`, by id and subject; their note says why. */
  readonly ignore?: readonly IgnoreRule[];
  /** Other severities, by id or by an id with `*`; `off` is `none`. The last that fits counts. */
  readonly severity?: DiffOptions['severity'];
}

/** Something about one snapshot that is worth knowing. Facts first: a program reads `id` and `subject` and needs no English. */
export interface CheckFinding {
  readonly id: string;
  /** Made of id, subject and values, not of wording, line numbers or numbers of rules: the same in every run and on every node. */
  readonly fingerprint: string;
  readonly severity: Severity;
  readonly certainty: Certainty;
  /** What it is about; of many things the first. */
  readonly subject: Subject;
  /** Everything that it is about, where more than five things share it and it is told once, each with its own sentence. */
  readonly subjects?: readonly FoundSubject[];
  /** One sentence without its full stop. */
  readonly text: string;
  readonly note?: string;
  readonly lookAt?: string;
  /** Where connections to the service addresses that it is about lead, three at most; missing where it is about none. */
  readonly flows?: readonly FindingFlow[];
  /** A packet that it was judged by, where one was: who sends it, and what becomes of it by which rules. */
  readonly witness?: FoundWitness;
  /** Where it is to be read: the name of an input, and its first and last line from 1. */
  readonly evidence: readonly { readonly source: string; readonly lines: readonly [number, number] }[];
}

/** The result of looking at one snapshot. */
export interface CheckReport extends ReportHead<'check'> {
  readonly maxSeverity: Severity;
  /** Worst first, then by id and subject. */
  readonly findings: readonly CheckFinding[];
  /**
   * What no input tells and was taken to be so, where another value could have led to another result, and what was not looked at any more
   * beyond a limit; missing = nothing.
   */
  readonly assumptions?: readonly string[];
  /** Whether kube-proxy runs in ipvs mode, and if it was asked to and does not, why. */
  readonly ipvs: Pick<IpvsReadiness, 'verdict' | 'asked' | 'used' | 'text'>;
  readonly inputs: readonly {
    readonly source: string;
    readonly part: string;
    readonly completeness: PartCompleteness['state'];
    readonly reason?: string;
  }[];
  /** What awaits the node in later versions; it changes no status. Missing = nothing is known to. */
  readonly outlook?: string;
  /** What could not be read. A report with troubles is never a clean result. */
  readonly troubles: Snapshot['troubles'];
  /** The machine; missing = no text names it. */
  readonly host?: string;
  /** The latest time that its outputs show. */
  readonly time?: string;
  /** Outputs of earlier moments of this host, which are not looked at; missing = there are none. */
  readonly leftOut?: LeftOut;
  /** The same of other hosts that the same text or folder shows; missing = there are none. */
  readonly otherHosts?: readonly CheckReport[];
}

/** KEP-5495 (deprecate ipvs mode in kube-proxy). */
const IPVS_OUTLOOK =
  'kube-proxy warns of ipvs mode since Kubernetes 1.35; it is to be off by default at 1.40 and gone at 1.43. netdrift diff, before and after a move to nftables mode, tells whether every service survived';

const ORDER: readonly Severity[] = ['critical', 'warning', 'notice', 'none'];

/**
 * Looks at one snapshot by itself: what is broken, contradictory or left over, whatever changed.
 *
 * Nothing is found on a healthy node above severity `none`. Where Services and endpoints are in the snapshot, or given as `expect`, the
 * node is also compared with them. The same snapshot gives the same report, byte for byte.
 *
 * @example
 * checkSnapshot(snapshot).findings.map((finding) => finding.id) // => ['x.endpoint-missing', 'lint.kube.nodeport-not-last']
 */
export function checkSnapshot(snapshot: Snapshot, options: CheckOptions = {}): CheckReport {
  const view = nodeView(snapshot);
  const asked = options.expect === undefined ? view : nodeView(options.expect);
  const expectation = expectationOf(asked, view);
  const assumptions = assumptionsOf(expectation);
  const assume: Assume = (text) => void assumptions.push(text);
  const found = toldOnce(
    withoutEffects(findingsOf(view, expectation, assume)).map((one) => withPolicy(one, options)),
    view,
  ).sort(byWeight);
  const flowsOf = findingFlows(view, expectation);
  const { verdict, asked: modeAsked, used, text } = ipvsReadiness(view);
  return {
    schemaVersion: SCHEMA_VERSION,
    command: 'check',
    maxSeverity: found.reduce<Severity>((most, { severity }) => worse(most, severity), 'none'),
    findings: found.map((one) => findingIn(snapshot, options.expect ?? snapshot, one, flowsOf(one))),
    ...(assumptions.length === 0 ? {} : { assumptions }),
    ipvs: { verdict, ...(modeAsked === undefined ? {} : { asked: modeAsked }), ...(used === undefined ? {} : { used }), text },
    ...(used === 'ipvs' && view.kubernetes ? { outlook: IPVS_OUTLOOK } : {}),
    inputs: [...snapshot.parts, ...(options.expect?.parts ?? [])].map(({ source, title, completeness }) => {
      const reason = whyIncomplete(completeness);
      return { source, part: title, completeness: completeness.state, ...(reason === undefined ? {} : { reason }) };
    }),
    troubles: realTroubles(snapshot),
    ...momentOf(snapshot),
  };
}

/**
 * Looks at the last moment of each host: the report of the first one, with those of the others in `otherHosts`.
 *
 * @example
 * checkSnapshots(readSnapshots([{ name: 'ticket.txt', content: paste }])).otherHosts?.map(({ host }) => host) // => ['lb2']
 */
export function checkSnapshots(snapshots: readonly [Snapshot, ...Snapshot[]], options: CheckOptions = {}): CheckReport {
  const [first, ...others] = lastOfEachHost(snapshots);
  const report = checkSnapshot(first, options);
  return others.length === 0 ? report : { ...report, otherHosts: others.map((snapshot) => checkSnapshot(snapshot, options)) };
}

/** Everything found in a snapshot, in no order. */
function findingsOf(view: NodeView, expectation: Expectation | undefined, assume: Assume): FoundThing[] {
  return withoutClaimsByAbsence(
    FINDING_RULES.flatMap(({ find }) => find(view, expectation, assume)),
    view,
  );
}

/** A finding after the user's own rules. */
function withPolicy(found: FoundThing, options: CheckOptions): FoundThing {
  const policy = { ignore: options.ignore ?? [], severity: options.severity ?? [] };
  if (!isIgnored(found, policy)) return { ...found, severity: overriddenSeverity(found, policy) };
  const reason = policy.ignore.find((rule) => isIgnored(found, { ignore: [rule] }))?.reason;
  return { ...found, severity: 'none', note: reason === undefined ? 'ignored' : `ignored: ${reason}` };
}

function byWeight(one: FoundThing, other: FoundThing): number {
  return (
    ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity) ||
    compareTexts(one.id, other.id) ||
    compareTexts(one.subject.name, other.subject.name) ||
    compareTexts(one.text, other.text)
  );
}

function findingIn(
  snapshot: Snapshot,
  asked: Snapshot,
  { origins, askedOrigins, about: _, values, ...one }: FoundThing,
  flows: readonly FindingFlow[],
): CheckFinding {
  const seen = ({ parts }: Snapshot, places: readonly Origin[]): CheckFinding['evidence'] =>
    places.flatMap(({ part, lines }) => (parts[part] === undefined ? [] : [{ source: parts[part].source, lines }]));
  const { id, ...rest } = one;
  // What is told of many is one thing, however many there are.
  const identity = one.subjects === undefined ? { id, subject: one.subject, values } : { id, subject: { name: '' } };
  return {
    id,
    // Text has no use for it.
    get fingerprint() {
      return findingFingerprint(identity);
    },
    ...rest,
    ...(flows.length === 0 ? {} : { flows }),
    evidence: [...seen(snapshot, origins), ...seen(asked, askedOrigins ?? [])],
  };
}
