import { addToGroup } from '../../common/add-to-group.ts';
import { once } from '../../common/once.ts';
import type { Detail, Severity } from '../../report.ts';
import { lostEndpoints } from '../../services/survival/survival-counts.ts';
import type { Survival } from '../../services/survival/served.ts';
import type { Comparison } from '../comparison.ts';
import { type Alike, type PendingChange, seenAt } from '../pending-change.ts';
import { selfReachFate } from '../packets/self-reach.ts';
import { servedDifferences, type ServedDifference, type ServedKind } from '../packets/served-differences.ts';
import { listed } from '../words.ts';
import { movedNodePorts } from '../node/moved-node-ports.ts';
import { concernedSenders, otherEndpointsServed, type ServicePlaces, servicePlaces } from './other-endpoints.ts';
import { KINDS } from './served-kinds.ts';
import { connectionsTo, connectionsToMany, gonePart, hairpinText, isPartial, originsOf, placesOfSenders } from './served-words.ts';

/**
 * What is different for clients of services, one change for each service port and kind of difference. `isGate`: another mechanism serves,
 * and an endpoint that no connection gets to any more is lost with it.
 */
export function judgeServed(comparison: Comparison, isGate: boolean): PendingChange[] {
  const survival = comparison.survival();
  const ofServices = servicePlaces(comparison);
  const { differences, moved } = servedDifferences(survival);
  const groups = new Map<string, ServedDifference[]>();
  const narrowed = new Set(isGate ? [] : differences.flatMap(({ kind, place }) => (kind === 'restriction' ? [place] : [])));
  const shutOut = new Set<string>();
  for (const difference of differences) {
    const { kind, from, place } = difference;
    // Whoever gets to another service is masqueraded as that one says.
    if (!isGate && kind === 'source' && ofServices.ledToOthers()(place) !== undefined) continue;
    // Who is shut out is told with the ranges.
    if (kind === 'lost' && from === 'outside' && narrowed.has(place)) shutOut.add(place.service);
    else addToGroup(groups, `${place.service}\n${kind} ${difference.masqueraded ?? ''}`, difference);
  }
  const masquerading = once(() => severityOfMasquerading(survival));
  const changes = [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, group]): PendingChange => {
      const change = changeOf(group);
      if (isGate) return withoutAlike(change);
      if (change.id === 'kube.frontend.endpoints-changed') return withOthers(change, group, ofServices);
      if (change.id === 'kube.frontend.lost') return { ...change, before: { ...change.before, endpoints: endpointsBefore(group) } };
      if (change.effect === 'source-changed') return { ...change, severity: masquerading() };
      if (change.id === 'kube.frontend.restriction-changed' && shutOut.has(change.subject.name))
        return { ...change, severity: 'critical', effect: 'lost' };
      return change.effect === 'undecided' ? { ...change, severity: 'notice' } : change;
    });
  return [...changes, ...(isGate ? lostEndpointChanges(survival, ofServices) : []), ...movedNodePorts(moved, isGate)];
}

function withOthers(change: PendingChange, group: readonly ServedDifference[], ofServices: ServicePlaces): PendingChange {
  const others = otherEndpointsServed(group as readonly [ServedDifference, ...ServedDifference[]], ofServices);
  const told = { ...change, ...others, details: [...(change.details ?? []), ...concernedSenders(group)] };
  const { effect, text, details } = told;
  return effect === 'rolled-over' ? { ...told, cause: { id: 'cause.rollout', certainty: 'heuristic', text, details } } : told;
}

/** The endpoints that connections got to. */
function endpointsBefore(group: readonly ServedDifference[]): { readonly address: string }[] {
  const senders = group.flatMap(({ place, from }) => place.senders.filter((sender) => from === undefined || sender.from === from));
  return [...new Set(senders.flatMap(({ before }) => before.endpoints.map(({ address }) => address)))]
    .sort()
    .map((address) => ({ address }));
}

/** Where no connection to a service is masqueraded any more, one rule does it for all, as in other modes; so where that is undone. */
function severityOfMasquerading({ places }: Survival): Severity {
  const isAnywhere = (side: 'before' | 'after'): boolean =>
    places.some(({ senders }) => senders.some((sender) => sender[side].masqueraded === true));
  const [before, after] = [isAnywhere('before'), isAnywhere('after')];
  return before === after ? 'warning' : before ? 'critical' : 'notice';
}

/** A change of the mode is answered service by service. */
function withoutAlike({ alike: _, ...change }: PendingChange): PendingChange {
  return change;
}

/** Service ports of which the same is said, from where it is one story. */
const MANY = 4;

/** Of many services: what says the same of all, whatever their addresses and endpoints. */
function alikeOf(differences: readonly ServedDifference[], says: string): Alike | undefined {
  const [first] = differences;
  if (first === undefined || !ALIKE.has(first.kind)) return undefined;
  const outcomes = first.kind === 'lost' ? new Set(differences.map(({ is }) => is)) : new Set<string>();
  const isKept = first.masqueraded !== true;
  const hairpin = `endpoints ${isKept ? 'no longer get' : 'get'} to themselves by their service: their source address is ${isKept ? 'kept' : 'replaced now'}`;
  const fate = outcomes.size === 1 && !isPartial(differences) ? ` (${[...outcomes].join()})` : '';
  return {
    key: `${first.masqueraded} ${says}`,
    names: [first.place.service],
    groups: placesOfSenders(differences),
    least: MANY,
    text: (names, groups) =>
      first.kind === 'hairpin' ? `${listed(names)}: ${hairpin}` : `${connectionsToMany(groups)} are ${says}${fate}: ${listed(names)}`,
  };
}

const ALIKE: ReadonlySet<ServedKind> = new Set(['lost', 'source', 'hairpin', 'refusal', 'gained']);

function changeOf(differences: readonly ServedDifference[]): PendingChange {
  const [first] = differences;
  if (first === undefined) throw new Error('a change has at least one difference');
  const { kind, place } = first;
  const { id, severity, effect } = { ...KINDS[kind], ...(kind === 'hairpin' ? selfReachFate(first.masqueraded === true) : {}) };
  const says = isPartial(differences) ? 'served in part alone, the rest gets nowhere' : (masqueradedNow(differences) ?? KINDS[kind].says);
  const places = [...new Set(differences.map((difference) => difference.place.place))];
  const gone = kind === 'endpoints' ? gonePart(differences) : undefined;
  return {
    id,
    severity,
    effect,
    certainty: 'proven',
    subject: { kind: 'kube.servicePort', name: place.service, frontends: places },
    before: { does: first.was },
    after: { does: first.is },
    text:
      kind === 'hairpin'
        ? hairpinText(differences)
        : `${place.service}: ${connectionsTo(placesOfSenders(differences))} ${kind === 'undecided' ? 'were' : 'are'} ${gone ?? says}`,
    ...withAlikeOf(differences, says),
    details: detailsOf(differences),
    origins: originsOf(differences.flatMap(({ origins }) => origins)),
  };
}

/** In which direction the source address changed, where it is the same for all. */
function masqueradedNow(differences: readonly ServedDifference[]): string | undefined {
  const [now, ...others] = new Set(differences.map(({ kind, masqueraded }) => (kind === 'source' ? masqueraded : undefined)));
  if (now === undefined || others.length > 0) return undefined;
  return now
    ? 'now masqueraded (the endpoint sees the address of the node)'
    : 'no longer masqueraded (the endpoint sees the address of the client)';
}

function withAlikeOf(differences: readonly ServedDifference[], says: string): Pick<PendingChange, 'alike'> {
  const alike = alikeOf(differences, says);
  return alike === undefined ? {} : { alike };
}

function detailsOf(differences: readonly ServedDifference[]): Detail[] {
  const pairs = new Map(differences.map(({ was, is }) => [`${was}\n${is}`, { was, is }]));
  return [...pairs.values()].slice(0, 3).flatMap(({ was, is }): Detail[] => [
    { label: 'before', text: was },
    { label: 'after', text: is },
  ]);
}

function lostEndpointChanges(survival: Survival, ofServices: ServicePlaces): PendingChange[] {
  // Of a service of which it cannot be told whether it is served, nobody can tell what it is led to.
  const undecided = new Set(
    survival.places
      .filter(({ senders }) => senders.some(({ before, after }) => before.verdict === 'delivered' && after.verdict === 'unknown'))
      .map(({ service }) => service),
  );
  return [...lostEndpoints(survival)]
    .filter(([service]) => !undecided.has(service))
    .map(([service, endpoints]): PendingChange => {
      const places = ofServices.places.get(service) ?? [];
      const senders = places.flatMap((place) => place.senders);
      const seen = senders.filter(({ before }) => before.endpoints.some(({ address }) => endpoints.includes(address)));
      return {
        id: 'kube.frontend.endpoint-lost',
        severity: 'critical',
        effect: 'lost',
        certainty: 'proven',
        subject: { kind: 'kube.servicePort', name: service, frontends: places.map(({ place }) => place) },
        before: { endpoints: [...endpoints] },
        text: `${service}: no connection gets to ${listed([...endpoints].sort())} any more`,
        origins: originsOf(seen.flatMap(({ seenBefore }) => seenAt(seenBefore, undefined))),
      };
    });
}
