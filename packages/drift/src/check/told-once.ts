import { findingFingerprint } from '../common/finding-fingerprint.ts';
import { firstNames } from '../common/first-names.ts';
import type { Subject } from '../report.ts';
import { frontendLabel, shownFrontends } from '../services/frontends.ts';
import type { NodeView } from '../services/node-facts.ts';
import { compareTexts } from '../common/listed.ts';
import { counted, type FoundSubject, type FoundThing } from './finding.ts';
import { FINDING_KINDS } from './rules.ts';

/** As many things are told one by one: what more have in common has one cause. */
const FEW = 5;
/** Words of the list in a sentence, the last of which counts the rest. */
const NAMED = 4;

/**
 * What programs make by the thousand, each by one way of making it. Rules, settings and lines of a log are written one by one: what is
 * odd in several is odd in each for itself.
 */
const MADE_IN_NUMBERS: { readonly [Kind in Subject['kind']]?: string } = {
  'kube.servicePort': 'service port',
  'ipvs.service': 'virtual service',
  'ipvs.destination': 'destination',
  'ipset.member': 'member',
  'iptables.chain': 'chain',
};

/**
 * Findings of which each that more than a few things share is told once, with all of them as its `subjects`. They share it where id,
 * severity, certainty, note and the next command are the same.
 */
export function toldOnce(found: readonly FoundThing[], { model }: Pick<NodeView, 'model'>): FoundThing[] {
  const groups = new Map<string, FoundThing[]>();
  for (const one of found) {
    const { id, severity, certainty, subject, about, note, lookAt } = one;
    // A rule of one service is made as its chains are.
    const word = MADE_IN_NUMBERS[subject.kind] ?? (subject.kind === 'iptables.rule' && about !== undefined ? 'rule' : undefined);
    const key = word === undefined ? `${groups.size}` : JSON.stringify([id, severity, certainty, word, note, lookAt]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const many = (group: readonly FoundThing[]): boolean => new Set(group.map(({ subject }) => subject.name)).size > FEW;
  if (![...groups.values()].some(many)) return [...found];
  const frontends = shownFrontends(model);
  const labelOf = ({ kind, name }: Subject): string => {
    const frontend = kind === 'ipvs.service' ? frontends.get(name) : undefined;
    return frontend === undefined ? name : frontendLabel(frontend);
  };
  return [...groups.values()].flatMap((group) => (many(group) ? [joined(group, labelOf)] : group));
}

/** The witness and the values are those of the first: what is told of all has none. */
function joined(group: readonly FoundThing[], labelOf: (subject: Subject) => string): FoundThing {
  const sorted = [...group].sort((one, other) => compareTexts(one.subject.name, other.subject.name) || compareTexts(one.text, other.text));
  const [{ values: _values, witness: _witness, ...first }] = sorted as [FoundThing];
  const subjects = sorted.flatMap(subjectsOf);
  const names = [...new Set(subjects.map(labelOf))];
  const word = MADE_IN_NUMBERS[first.subject.kind] ?? 'rule';
  return {
    ...first,
    text: `${FINDING_KINDS.get(first.id)?.title ?? first.id}: ${counted(names.length, word)}, ${firstNames(names, NAMED)}`,
    note: [...(first.note === undefined ? [] : [first.note]), `for example, ${first.text}`].join('; '),
    subjects,
    origins: sorted.flatMap(({ origins }) => origins),
    askedOrigins: sorted.flatMap(({ askedOrigins = [] }) => askedOrigins),
  };
}

/** The thing itself, and the other service ports of which the same sentence speaks. */
function subjectsOf({ id, subject, about = [], text, values }: FoundThing): FoundSubject[] {
  const others = subject.kind === 'kube.servicePort' ? about.filter((name) => name !== subject.name) : [];
  return [foundSubject(id, subject, text, values), ...others.map((name) => foundSubject(id, { kind: subject.kind, name }, text))];
}

/** There may be many thousands, of which text tells four: each fingerprint is made when it is asked for. */
function foundSubject(id: string, subject: Subject, text: string, values?: readonly string[]): FoundSubject {
  return {
    ...subject,
    get fingerprint() {
      return findingFingerprint({ id, subject, values });
    },
    text,
  };
}
