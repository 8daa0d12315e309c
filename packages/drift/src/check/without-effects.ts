import { isProxyChain } from '../proxy/names/chain-roles.ts';
import type { Origin } from '../state/origin.ts';
import type { FindingRow, FoundThing } from './finding.ts';
import { FINDING_KINDS } from './rules.ts';

function isSame(one: Origin, other: Origin): boolean {
  return one.part === other.part && one.lines[0] === other.lines[0];
}

/** Findings without those that follow from others: one cause is told once. What wrong rules may explain stays, with severity `none`. */
export function withoutEffects(found: readonly FoundThing[]): FoundThing[] {
  const loud = found.filter(({ severity }) => severity !== 'none');
  const kind = (id: string): FindingRow | undefined => FINDING_KINDS.get(id);
  const has = (id: string): boolean => loud.some((one) => one.id === id);
  // A rule of one service says nothing of the others.
  const brokenRules = loud.some(
    ({ id, subject, severity, about }) =>
      (kind(id)?.bearsOnAll === true && subject.kind !== 'kube.servicePort') ||
      (id === 'lint.nft.table-partial' && severity === 'critical' && about === undefined),
  );
  const exact = loud.filter(({ id }) => id.startsWith('x.'));
  const explained = new Set(exact.flatMap(({ subject, about }) => about ?? [subject.name]));
  const places = new Set(exact.flatMap(({ subject }) => subject.frontends ?? []));
  const led = new Set(loud.flatMap((one) => (one.id === 'lint.kube.led-to-another' ? (one.about ?? [one.subject.name]) : [])));
  // What a rule of somebody else takes does not follow from wrong rules of kube-proxy.
  const taken = new Set(loud.flatMap((one) => (one.id === 'lint.kube.service-taken' ? (one.about ?? []) : [])));
  const isTaken = ({ subject, about = [subject.name] }: FoundThing): boolean => about.every((name) => taken.has(name));
  const notes = new Map<FoundThing, string>();
  const tellWith = (cause: FoundThing, teller: FoundThing | undefined): void => {
    if (teller !== undefined) notes.set(cause, '').set(teller, [notes.get(teller), cause.text].filter(Boolean).join('; '));
  };
  for (const dead of loud.filter(({ id }) => kind(id)?.meetsNoPacket === true)) {
    const isOfIt = ({ origins }: FoundThing): boolean => origins.some((one) => dead.origins.some((other) => isSame(one, other)));
    tellWith(
      dead,
      loud.find((one) => one.id === 'x.rule-not-expected' && isOfIt(one)),
    );
  }
  // Whose chain leads nowhere, or translates nothing, and what that comes to.
  for (const cause of loud.filter(({ id }) => id === 'lint.kube.sep-without-dnat' || id === 'lint.kube.svc-empty')) {
    const isOfIt = ({ about = [] }: FoundThing): boolean => about.some((name) => cause.about?.includes(name) === true);
    tellWith(
      cause,
      loud.find((one) => (one.id === 'lint.kube.served-in-part' || one.id === 'lint.kube.not-served') && isOfIt(one)),
    );
  }
  const weighed = found
    .filter((one) => notes.get(one) !== '')
    .map((one) => (notes.has(one) ? { ...one, note: notes.get(one) ?? '' } : one))
    .map((one) => (brokenRules && kind(one.id)?.followsFromRules === true && !isTaken(one) ? { ...one, severity: 'none' as const } : one));
  return weighed.filter(({ id, subject, about }) => {
    if (id === 'lint.kube.nodeport-not-last' && (has('x.rule-missing') || has('x.rule-not-expected'))) return false;
    if (id === 'lint.iptables.shadowed-rule' && exact.length > 0 && isProxyChain(subject.name.split(' ')[1] ?? '')) return false;
    // What another service's chain takes no longer gets to its own.
    if (id === 'lint.kube.svc-unused' && (about ?? []).some((name) => led.has(name))) return false;
    if (id === 'lint.ipvs.mixed-schedulers' && has('x.scheduler-not-expected')) return false;
    return !(
      kind(id)?.lessExact === true &&
      ([subject.name, ...(subject.frontends ?? [])].some((place) => places.has(place)) ||
        (about ?? [subject.name]).some((name) => explained.has(name)))
    );
  });
}
