import type { Origin } from '../state/origin.ts';
import type { Certainty, Outcome, Severity, Subject, WitnessPacket } from '../report.ts';
import { counted, listed as listedUpTo } from '../common/listed.ts';

export { counted };

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
  /** What tells it from others of its id and subject, as texts of rules: for the fingerprint. */
  readonly values?: readonly string[];
  /** The packet that it was judged by. */
  readonly witness?: FoundWitness;
  /** Everything of which it is so, where that is told once for all. */
  readonly subjects?: readonly FoundSubject[];
}

/** One of many things that share a finding. */
export interface FoundSubject extends Subject {
  /** The same in every run, as that of a finding. */
  readonly fingerprint: string;
  /** What is so of this one, in one sentence without its full stop. */
  readonly text: string;
}

/** A packet, and what becomes of it on the node. */
export interface FoundWitness {
  readonly packet: WitnessPacket;
  readonly outcome: Outcome;
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
  readonly values?: readonly string[];
  readonly witness?: FoundWitness;
}

/** What must be shown whole before a finding can be made of what is not shown. */
export type Need = 'service' | 'given' | 'modules' | 'ipvs' | 'nat' | 'filter' | 'mangle' | 'sets';

/** One kind of finding. */
export interface FindingRow<Id extends string = string> {
  /** Permanent; never used again for another meaning. */
  readonly id: Id;
  /** Severity unless the finding itself says otherwise. */
  readonly severity: Severity;
  /** What is so, in a few words. */
  readonly title: string;
  /** What it means for traffic. */
  readonly why: string;
  /** Of one that says that something is not there: what has to be shown whole for that. */
  readonly needs?: readonly Need[];
  /** It is about rules for many services: where one is wrong, what becomes of each service follows from it. */
  readonly bearsOnAll?: true;
  /** It follows from wrong rules for many services, where there are such. */
  readonly followsFromRules?: true;
  /** It is odd in the tables by itself, and said better by what the cluster asks for. */
  readonly lessExact?: true;
  /** A rule that no packet meets: where kube-proxy did not write the rule that takes its packets, or the rule itself, that is the cause. */
  readonly meetsNoPacket?: true;
}

/**
 * Kinds of findings, with what makes one: it has the severity of its kind unless it says otherwise.
 *
 * @example
 * const { kinds, finding } = findingKinds([{ id: 'lint.nat.cycle', severity: 'warning', title: 'chains jump in a circle', why: '…' }]);
 * finding('lint.nat.cycle', { subject, text, origins }).severity // => 'warning'
 */
export function findingKinds<const Id extends string>(
  kinds: readonly FindingRow<Id>[],
): {
  readonly kinds: readonly FindingRow<Id>[];
  readonly severityOf: (id: Id) => Severity;
  readonly finding: (id: Id, parts: FindingParts) => FoundThing;
} {
  const severities = new Map<string, Severity>(kinds.map(({ id, severity }) => [id, severity]));
  const severityOf = (id: Id): Severity => severities.get(id) ?? 'notice';
  return { kinds, severityOf, finding: (id, parts) => foundThing(id, severityOf(id), parts) };
}

function foundThing(id: string, usual: Severity, parts: FindingParts): FoundThing {
  const { subject, text, origins, severity, certainty, note, lookAt, askedOrigins, about, values, witness } = parts;
  return {
    id,
    severity: severity ?? usual,
    certainty: certainty ?? 'proven',
    subject,
    text,
    ...(note === undefined ? {} : { note }),
    ...(lookAt === undefined ? {} : { lookAt }),
    origins,
    ...(askedOrigins === undefined ? {} : { askedOrigins }),
    ...(about === undefined ? {} : { about }),
    ...(values === undefined ? {} : { values }),
    ...(witness === undefined ? {} : { witness }),
  };
}

/** Findings in the tables of one family: those of IPv6 say so, for its chains have the names of those of IPv4. */
export function inFamily(family: 'ipv4' | 'ipv6', found: readonly FoundThing[]): readonly FoundThing[] {
  if (family === 'ipv4') return found;
  return found.map((one) => {
    const { kind, name } = one.subject;
    const isRule = kind === 'iptables.rule' || kind === 'iptables.chain';
    return { ...one, subject: isRule ? { ...one.subject, name: `IPv6 ${name}` } : one.subject, text: `IPv6: ${one.text}` };
  });
}

/** The program that lists the tables of a family. */
export function iptablesOf({ family }: { readonly family: 'ipv4' | 'ipv6' }): string {
  return family === 'ipv6' ? 'ip6tables' : 'iptables';
}

/** `a, b and c`; of more than three the first two and a count. */
export function listed(names: readonly string[]): string {
  return listedUpTo(names, 3);
}
