/** How bad a change or finding is for traffic, from harmless to broken. */
export type Severity = 'none' | 'notice' | 'warning' | 'critical';

/** What a change does to traffic; the order is the order of a report within one severity. */
export type Effect =
  'lost' | 'redirected' | 'capacity' | 'share-moved' | 'source-changed' | 'gained' | 'rolled-over' | 'attribute' | 'undecided' | 'none';

/**
 * How sure a statement is: `proven` needs nothing beyond the listings, `assumed` needs what stands in `assumptions`,
 * `conditional` holds only if a condition nobody can see is met, `heuristic` rests on a guess of identity or cause.
 */
export type Certainty = 'proven' | 'assumed' | 'conditional' | 'heuristic';

/** Which of the two snapshots. */
export type Side = 'before' | 'after';

/** Where something is to be read: lines of one input, counted from 1. */
export interface Evidence {
  readonly side: Side;
  /** Name of the input, as it was given. */
  readonly source: string;
  /** First and last line. */
  readonly lines: readonly [number, number];
}

/** What a change is about, named as its reader would name it. */
export interface Subject {
  readonly kind:
    | 'kube.servicePort'
    | 'ipvs.service'
    | 'ipvs.destination'
    | 'ipset.set'
    | 'ipset.member'
    | 'nft.table'
    | 'iptables.chain'
    | 'iptables.rule'
    | 'module'
    | 'interface.address'
    | 'config'
    | 'flow';
  readonly name: string;
  /** Addresses the service answers at, as `tcp 10.96.0.10:53`. */
  readonly frontends?: readonly string[];
}

/** A structural difference that a change tells as part of its own story. */
export interface ExplainedDifference {
  readonly id: string;
  readonly subject: string;
}

/** One indented line under a change: a label and what it says. */
export interface Detail {
  readonly label:
    | 'packet'
    | 'before'
    | 'after'
    | 'shares'
    | 'effect'
    | 'also'
    | 'because'
    | 'services'
    | 'if'
    /** Whether the objects of the cluster ask for the change. */
    | 'cluster'
    | 'look at';
  readonly text: string;
}

/** A packet used as proof. Ports are missing where the protocol has none. */
export interface WitnessPacket {
  readonly protocol: string;
  readonly source: string;
  readonly sourcePort?: number;
  readonly destination: string;
  readonly destinationPort?: number;
  /** Hook at which the packet enters: `PREROUTING` from pods and from outside, `OUTPUT` from the node itself. */
  readonly hook: string;
  /** Interface it has to arrive by to be treated differently, `cali+` for any that begins so; missing = one that no rule names will do. */
  readonly interface?: string;
  /** Who sends it; an endpoint sends to its own service, and the outcome is that of the part it gets itself. */
  readonly from: 'pod' | 'node' | 'outside' | 'endpoint';
}

/** One rule a witness packet met: a rule that did something, or the one that decided. */
export interface PathStep {
  readonly table: string;
  readonly chain: string;
  /** Number of the rule in its chain, from 1; 0 = the policy of the chain. */
  readonly rule: number;
}

/** Where a part of the new connections goes. */
export interface OutcomeEndpoint {
  readonly address: string;
  readonly share: number;
  /** Whether the source address is replaced on the way to it; only where that differs among the endpoints. */
  readonly masqueraded?: boolean;
}

/** What happens to a witness packet. */
export interface Outcome {
  readonly verdict: 'delivered' | 'refused' | 'dropped' | 'passed' | 'unknown';
  /** Where it goes, with the share of new connections each endpoint gets. */
  readonly endpoints: readonly OutcomeEndpoint[];
  /** What becomes of the rest, where chance gives `verdict` to a part of the new connections alone. */
  readonly rest?: readonly { readonly verdict: Outcome['verdict']; readonly share: number }[];
  /** Whether the source address is replaced, on the way to any endpoint; missing = the listings do not tell. */
  readonly masqueraded?: boolean;
  readonly path: readonly PathStep[];
}

/** An endpoint of a virtual service, and its part of the new connections. */
export interface EndpointShare {
  readonly address: string;
  /** 0 = it gets none; missing = no figure can be given. */
  readonly share?: number;
}

/** A packet that is treated differently by the two snapshots. */
export interface Witness {
  readonly packet: WitnessPacket;
  readonly before: Outcome;
  readonly after: Outcome;
  /** Conditions that the listings do not decide, and the value each was taken to have; missing = there are none. */
  readonly suppositions?: readonly Supposed[];
}

/**
 * What packets have in common: each field given lists the values that one of them may have; a missing one = any value.
 * Ranges are written `low-high`, both included.
 */
export interface PacketConditions {
  /** By name, or by number where a protocol has none: `tcp`, `143-255`. */
  readonly protocols?: readonly string[];
  /** Addresses, blocks and ranges: `10.244.0.0/16`, `10.0.0.1-10.0.0.6`. */
  readonly sources?: readonly string[];
  /** As the sender gives them, before any translation; `this node` = an address of the node, where none is listed. */
  readonly destinations?: readonly string[];
  readonly sourcePorts?: readonly string[];
  readonly destinationPorts?: readonly string[];
  /** `NEW`: the packet begins a connection; `ESTABLISHED`, `RELATED`, `INVALID`, `UNTRACKED`. */
  readonly states?: readonly string[];
  /** Types, or type and code: `8`, `3/4`. */
  readonly icmpTypes?: readonly string[];
  /** The six bits FIN 1, SYN 2, RST 4, PSH 8, ACK 16 and URG 32, added up. */
  readonly tcpFlags?: readonly string[];
  /** Interfaces that it arrives by: `cali+` any that begins so, `another` any, that no rule names. */
  readonly in?: readonly string[];
  /** Interfaces that it leaves by, likewise. */
  readonly out?: readonly string[];
  /** Value and mask of the bits it has when it comes in: `0x4000/0x4000`. */
  readonly mark?: string;
  /** The same of its connection. */
  readonly connectionMark?: string;
  /** What has to be so that no listing tells. */
  readonly suppositions?: readonly Supposed[];
}

/** A condition that the listings do not decide, and the value it is taken to have. */
export interface Supposed {
  readonly condition: string;
  readonly holds: boolean;
}

/** A set of packets, as their senders send them: those that meet its conditions and none of the exceptions. */
export interface PacketSet extends PacketConditions {
  /** Where they enter: `PREROUTING` from pods and from outside, `OUTPUT` from the node itself. */
  readonly hook: 'PREROUTING' | 'OUTPUT';
  readonly except: readonly PacketConditions[];
}

/** Plain facts of one side of a change, for programs. */
export type Facts = { readonly [name: string]: FactValue };
/** A value inside {@link Facts}. */
export type FactValue = string | number | boolean | null | readonly FactValue[] | Facts;

/**
 * One change between two snapshots. Facts first: a program reads `id`, `subject`, `before`, `after` and needs no English.
 *
 * A missing `before` or `after` = the subject did not exist on that side.
 */
export interface Change {
  /** `c1`, `c2`, … in the order of the report. */
  readonly key: string;
  /** A permanent id of the catalogue, as `ipvs.destination.removed`. */
  readonly id: string;
  /** Made of id, subject and values, not of wording, line numbers or counters: the same in every run. */
  readonly fingerprint: string;
  readonly severity: Severity;
  readonly certainty: Certainty;
  readonly effect: Effect;
  readonly subject: Subject;
  readonly before?: Facts;
  readonly after?: Facts;
  /** The subject's earlier name or address, where it was renamed or moved. */
  readonly previousSubject?: Subject;
  /** Key of the cause that explains it. */
  readonly cause?: string;
  /** Key of the change whose text tells this one too. */
  readonly toldWith?: string;
  /** One sentence without its full stop. */
  readonly text: string;
  readonly details: readonly Detail[];
  readonly assumptions: readonly string[];
  readonly witness?: Witness;
  /**
   * Of a changed rule or policy: the packets that fare otherwise than with this change alone taken back, proven for each packet of each
   * set. `all`: there are no others; where packets that begin a connection are among them, no others of these. Missing = nothing of the
   * kind was found or tried.
   */
  readonly packets?: { readonly sets: readonly PacketSet[]; readonly all: boolean };
  /** All endpoints of the virtual service whose endpoints changed, where no packet is the proof. */
  readonly shares?: { readonly before: readonly EndpointShare[]; readonly after: readonly EndpointShare[] };
  readonly explains: readonly ExplainedDifference[];
  readonly evidence: readonly Evidence[];
  /** True when an ignore rule covers it: it is counted, and neither told nor judged. */
  readonly ignored: boolean;
  /** True when the stored report given as known drift holds it already. */
  readonly known: boolean;
}

/** One cause that explains many changes and is told once. */
export interface Cause {
  /** `k1`, `k2`, … */
  readonly key: string;
  /** A permanent id, as `cause.masquerade-all-toggled`. */
  readonly id: string;
  readonly severity: Severity;
  readonly certainty: Certainty;
  readonly text: string;
  readonly details: readonly Detail[];
  /** Keys of the changes it explains. */
  readonly changes: readonly string[];
}

/** Something about one snapshot that is worth knowing whatever changed. */
export interface Finding {
  readonly id: string;
  /** The same in every run. */
  readonly fingerprint: string;
  readonly severity: Severity;
  readonly certainty: Certainty;
  readonly side: Side;
  readonly subject: Subject;
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** Why an input, or a whole side, cannot be compared. A report with troubles is never a clean result. */
export interface Trouble {
  readonly code: string;
  readonly side: Side;
  /** Name of the input; missing = the side as a whole. */
  readonly source?: string;
  readonly message: string;
  /** What is needed instead. */
  readonly help?: string;
}

/** One input as it was understood. */
export interface ReportInput {
  readonly role: Side;
  readonly source: string;
  /** What it holds, as `iptables.nat` or `ipvsadm`; `unknown` where nothing was recognised. */
  readonly part: string;
  readonly completeness: 'complete' | 'partial' | 'unreadable' | 'absent';
  readonly reason?: string;
  readonly interfacesHidden?: boolean;
}

/**
 * What a comparison says about traffic as a whole.
 *
 * `no-change`: equal as far as both sides show · `no-effect`: differences, all of severity `none` · `drift` · `undecided`: something
 * could not be decided and nothing above `notice` was found, or a side could not be compared.
 */
export type Verdict = 'no-change' | 'no-effect' | 'drift' | 'undecided';

/** The version of the form of all reports: fields are added to it, and none is renamed or removed before the next. */
export const SCHEMA_VERSION = '2.0';

/** What every report begins with, whichever command makes it. */
export interface ReportHead<Command extends 'diff' | 'check' | 'explain' | 'nodes'> {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  /** What the report is of: `nodes` = `netdrift diff --nodes`. */
  readonly command: Command;
}

/** The result of comparing two snapshots. */
export interface Report extends ReportHead<'diff'> {
  readonly verdict: Verdict;
  readonly maxSeverity: Severity;
  /** False when an input is cut, unreadable or missing on one side. */
  readonly complete: boolean;
  readonly inputs: readonly ReportInput[];
  readonly troubles: readonly Trouble[];
  readonly facts: { readonly before: Facts; readonly after: Facts };
  readonly causes: readonly Cause[];
  readonly changes: readonly Change[];
  readonly findings: readonly Finding[];
  /** What these listings cannot show, where it matters for something said above. */
  readonly scopeNotes: readonly string[];
  /** What could not be decided, and why. */
  readonly undecided: readonly string[];
  readonly stats: {
    readonly servicesBefore: number;
    readonly servicesAfter: number;
    readonly rulesBefore: number;
    readonly rulesAfter: number;
    readonly flowsCompared: number;
  };
}

const RANK: readonly Severity[] = ['none', 'notice', 'warning', 'critical'];

/**
 * Tells whether a severity is at or above another one.
 *
 * @example
 * reaches('warning', 'notice') // => true
 */
export function reaches(severity: Severity, threshold: Severity): boolean {
  return RANK.indexOf(severity) >= RANK.indexOf(threshold);
}

/** The worse of two severities. */
export function worse(one: Severity, other: Severity): Severity {
  return reaches(one, other) ? one : other;
}

/** The severity one step lower; `none` stays. */
export function oneStepLower(severity: Severity): Severity {
  return RANK[Math.max(0, RANK.indexOf(severity) - 1)] ?? 'none';
}
