import type { DestinationDifference, ServiceDifference } from '../../structure/difference.ts';
import type { IpvsDestination, IpvsService } from '../../state/model.ts';
import { append } from '../../common/append.ts';
import { hasLocalPolicy } from '../../services/service-frontends.ts';
import { reaches, type Severity, type Subject } from '../../report.ts';
import { type Draft, seenAt } from '../draft.ts';
import { connectionsOf, endpointFacts, type EndpointFacts, endpointShares, shareFact, sharesText } from './endpoint-facts.ts';
import { weightJudgement } from './endpoint-weights.ts';
import { destinationFacts, factsOf, labelOf, subjectOf } from './ipvs-subjects.ts';
import type { Judgement } from '../judgement.ts';
import { loopBackMembers } from '../packets/loop-back.ts';
import { counted, listed, newConnections } from '../words.ts';

/** Destinations added, removed and changed of one service, told in the text of the worst of them. */
export function endpointStory(difference: ServiceDifference, judgement: Judgement, label: string): Draft[] {
  const { added, removed, changed } = difference;
  if (added.length + removed.length + changed.length === 0) return [];
  const facts = endpointFacts(difference, judgement);
  const drafts: Draft[] = [];
  const usableAfter = facts.after.usable.size > 0;
  const isWhole = difference.before.partialBecause === undefined && difference.after.partialBecause === undefined;
  if (isWhole && facts.before.usable.size > 0 !== usableAfter) drafts.push(usability(difference, judgement, usableAfter, facts, label));
  if (removed.length > 0 && removed.length === added.length && samePorts(removed, added))
    drafts.push(replaced(difference, judgement, label));
  else {
    for (const destination of removed) drafts.push(removedDestination(destination, difference, judgement, facts, label));
    for (const destination of added) drafts.push(addedDestination(destination, difference, judgement, facts, label));
  }
  for (const one of changed) append(drafts, changedDestination(one, difference, judgement, facts, label));
  return toldTogether([...drafts, ...loopBackMembers([...added, ...removed], judgement)], label, facts);
}

function samePorts(removed: readonly IpvsDestination[], added: readonly IpvsDestination[]): boolean {
  const ports = (destinations: readonly IpvsDestination[]): string =>
    destinations
      .map(({ port }) => port)
      .sort((one, other) => one - other)
      .join();
  return ports(removed) === ports(added);
}

function usability(difference: ServiceDifference, judgement: Judgement, usable: boolean, shares: EndpointFacts, label: string): Draft {
  const { before, after } = difference;
  const had = [...shares.before.usable.keys()];
  const has = [...shares.after.usable.keys()];
  const local = hasLocalPolicy(judgement.after.model, after) ? ' on this node' : '';
  const why = local === '' ? '' : ' (externalTrafficPolicy Local)';
  return {
    id: usable ? 'ipvs.service.recovered' : 'ipvs.service.blackholed',
    severity: usable ? 'notice' : 'critical',
    effect: usable ? 'gained' : 'lost',
    certainty: 'proven',
    subject: subjectOf(before, judgement),
    before: factsOf(before),
    after: factsOf(after),
    text: usable
      ? `${label} has a usable endpoint${local} again${why}: ${listed(has)}`
      : `${label} has no usable endpoint${local} left${why}: ${newConnections(before.protocol ?? '')} are refused (went to ${listed(had)})`,
    origins: seenAt(before.origin, after.origin),
  };
}

function replaced(difference: ServiceDifference, judgement: Judgement, label: string): Draft {
  const { before, after, removed, added } = difference;
  const ports = [...new Set(added.map(({ port }) => port))];
  return {
    id: 'ipvs.endpoints.replaced',
    severity: 'notice',
    effect: 'rolled-over',
    certainty: 'heuristic',
    subject: subjectOf(before, judgement),
    before: { destinations: removed.map(destinationFacts) },
    after: { destinations: added.map(destinationFacts) },
    text: `${label} rolled over: ${counted(removed.length, 'endpoint')} replaced by as many on port ${listed(ports.map(String))} (${listed(removed.map(({ key }) => key))} → ${listed(added.map(({ key }) => key))})`,
    origins: [
      ...removed.flatMap(({ origin }) => seenAt(origin, undefined)),
      ...added.flatMap(({ origin }) => seenAt(undefined, origin)),
      ...seenAt(before.origin, after.origin),
    ].slice(0, 6),
  };
}

function destinationSubject(service: IpvsService, destination: IpvsDestination, judgement: Judgement): Subject {
  return { kind: 'ipvs.destination', name: `${destination.key} of ${labelOf(service, judgement)}`, frontends: [service.key] };
}

function removedDestination(
  destination: IpvsDestination,
  difference: ServiceDifference,
  judgement: Judgement,
  facts: EndpointFacts,
  label: string,
): Draft {
  const { before } = difference;
  const had = facts.before.usable.has(destination.key);
  const share = facts.before.usable.get(destination.key);
  const live = facts.inCluster.has(destination.key);
  const byShare: Severity = !had ? 'none' : facts.capacityLost >= 0.5 ? 'warning' : 'notice';
  const cut = connectionsOf(destination, before);
  return {
    id: 'ipvs.destination.removed',
    severity: live && byShare === 'notice' ? 'warning' : byShare,
    effect: had ? 'capacity' : 'none',
    certainty: 'proven',
    subject: destinationSubject(before, destination, judgement),
    before: { ...destinationFacts(destination), ...shareFact(had, share), ...(cut === 0 ? {} : { connections: cut }) },
    text: `${label} lost the endpoint ${destination.key}${cut === 0 ? '' : ` with ${counted(cut, 'connection')}, which are cut`}`,
    details: live ? [{ label: 'also', text: `the cluster still lists ${destination.key} among the endpoints of the service` }] : [],
    origins: seenAt(destination.origin, difference.after.origin),
  };
}

function addedDestination(
  destination: IpvsDestination,
  difference: ServiceDifference,
  judgement: Judgement,
  { after: shares }: EndpointFacts,
  label: string,
): Draft {
  const has = shares.usable.has(destination.key);
  return {
    id: 'ipvs.destination.added',
    severity: has ? 'notice' : 'none',
    effect: has ? 'share-moved' : 'none',
    certainty: 'proven',
    subject: destinationSubject(difference.before, destination, judgement),
    after: { ...destinationFacts(destination), ...shareFact(has, shares.usable.get(destination.key)) },
    text: `${label} gained the endpoint ${destination.key}`,
    origins: seenAt(difference.before.origin, destination.origin),
  };
}

function changedDestination(
  change: DestinationDifference,
  difference: ServiceDifference,
  judgement: Judgement,
  facts: EndpointFacts,
  label: string,
): Draft[] {
  const { before, after } = change;
  const common = {
    certainty: 'proven' as const,
    subject: destinationSubject(difference.before, before, judgement),
    before: destinationFacts(before),
    after: destinationFacts(after),
  };
  return change.attributes.map((attribute): Draft => {
    const shown = attribute === 'limits' ? 'upperThreshold' : attribute;
    const origins = seenAt(before.origins?.[shown] ?? before.origin, after.origins?.[shown] ?? after.origin);
    switch (attribute) {
      case 'weight':
        return { ...common, origins, ...weightJudgement(change, difference, facts, label) };
      case 'forward': {
        const local = before.forward === 'Local' || after.forward === 'Local';
        return {
          ...common,
          origins,
          id: 'ipvs.destination.forwarding-changed',
          severity: local ? 'notice' : 'critical',
          effect: local ? 'attribute' : 'lost',
          text: `${label}: packets to ${before.key} are forwarded by ${after.forward}, no longer by ${before.forward}; the endpoint must be set up for that, or its connections fail`,
        };
      }
      case 'limits':
        return {
          ...common,
          origins,
          id: 'ipvs.destination.limits-changed',
          severity: 'notice',
          effect: 'attribute',
          text: `${label}: the limits of ${before.key} changed, upper ${before.upperThreshold ?? 0} → ${after.upperThreshold ?? 0}, lower ${before.lowerThreshold ?? 0} → ${after.lowerThreshold ?? 0} connections (0 = none)`,
        };
      case 'tunnel':
        return {
          ...common,
          origins,
          id: 'ipvs.destination.tunnel-changed',
          severity: 'critical',
          effect: 'lost',
          text: `${label}: packets to ${before.key} are encapsulated as ${after.tunnel}, no longer as ${before.tunnel}; the endpoint must expect that, or its connections fail`,
        };
    }
  });
}

/** The worst draft tells all: one sentence, one line of shares. */
function toldTogether(drafts: readonly Draft[], label: string, shares: EndpointFacts): Draft[] {
  const [worst, ...others] = drafts.toSorted(
    (one, other) => Number(reaches(other.severity, one.severity)) - Number(reaches(one.severity, other.severity)),
  );
  if (worst === undefined) return [];
  const told: Draft = {
    ...worst,
    text: sentence([worst, ...others.filter((draft) => draft.id !== 'ipset.member.added' && draft.id !== 'ipset.member.removed')], label),
    details: [{ label: 'shares', text: sharesText(shares) }, ...drafts.flatMap((draft) => draft.details ?? [])],
    shares: { before: endpointShares(shares.before), after: endpointShares(shares.after) },
  };
  return [told, ...others.map((draft) => ({ ...draft, toldWith: told }))];
}

/** The sentences of all in one; those that gain or lose an endpoint are named in one list each. */
function sentence(drafts: readonly Draft[], label: string): string {
  const tails = drafts.map(({ text }) => text.replace(`${label}: `, '').replace(`${label} `, 'it '));
  const parts: string[] = [];
  for (const verb of ['it lost the endpoint ', 'it gained the endpoint ']) {
    const endpoints = tails.filter((tail) => tail.startsWith(verb)).map((tail) => tail.slice(verb.length));
    if (endpoints.length > 0) parts.push(`${verb.trimEnd()}${endpoints.length === 1 ? '' : 's'} ${listed(endpoints)}`);
  }
  append(
    parts,
    tails.filter((tail) => !tail.startsWith('it lost the endpoint ') && !tail.startsWith('it gained the endpoint ')),
  );
  const [first = '', ...rest] = parts;
  const shown = rest.length > 3 ? [...rest.slice(0, 2), `${rest.length - 2} more changes of its endpoints`] : rest;
  return [first.startsWith('it ') ? `${label} ${first.slice(3)}` : `${label}: ${first}`, ...shown].join('; ');
}
