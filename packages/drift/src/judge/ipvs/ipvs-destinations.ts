import type { DestinationDifference, ServiceDifference } from '../../differences/difference.ts';
import type { IpvsDestination, IpvsService } from '../../state/model.ts';
import { append } from '../../common/append.ts';
import { hasLocalPolicy } from '../../services/ipvs-traits.ts';
import { reaches, type Severity } from '../../report.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import type { Claim, Found } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import { claimsOfLoopBack } from '../packets/loop-back.ts';
import { counted, listed, newConnections } from '../words.ts';
import type { ChangeKind } from '../rule.ts';
import { connectionsOf, endpointFacts, type EndpointFacts, endpointShares, shareFact, sharesText } from './endpoint-facts.ts';
import { type EndpointClause, endpointSentence } from './endpoint-sentences.ts';
import { weightChange } from './endpoint-weights.ts';
import { destinationFacts, factsOf, labelOf, subjectOf } from './ipvs-subjects.ts';

export const DESTINATION_CHANGES = [
  {
    id: 'ipvs.service.blackholed',
    severity: 'critical',
    title: 'a virtual service has no usable destination',
    why: 'new connections to it are refused',
    mirror: 'ipvs.service.recovered',
  },
  {
    id: 'ipvs.service.recovered',
    severity: 'notice',
    title: 'a virtual service has a usable destination again',
    why: 'new connections to it are served',
    mirror: 'ipvs.service.blackholed',
  },
  {
    id: 'ipvs.destination.added',
    severity: 'by effect',
    title: 'a destination was added',
    why: 'it takes a share of the new connections',
    mirror: 'ipvs.destination.removed',
  },
  {
    id: 'ipvs.destination.removed',
    severity: 'by effect',
    title: 'a destination was removed',
    why: 'its connections are cut, its share goes to the others',
    mirror: 'ipvs.destination.added',
  },
  {
    id: 'ipvs.endpoints.replaced',
    severity: 'notice',
    title: 'destinations were replaced by the same number on the same port',
    why: 'a rollout: the service stays, connections to the old ones are cut',
  },
  {
    id: 'ipvs.destination.forwarding-changed',
    severity: 'critical',
    title: 'the forwarding method changed',
    why: 'packets are forwarded differently, and replies may not come back',
  },
  {
    id: 'ipvs.destination.limits-changed',
    severity: 'notice',
    title: 'the connection limits changed',
    why: 'the destination takes fewer or more connections at once',
  },
  {
    id: 'ipvs.destination.tunnel-changed',
    severity: 'critical',
    title: 'the encapsulation changed',
    why: 'the destination may not understand the packets',
  },
] as const satisfies readonly ChangeKind[];

/** A change of one endpoint, and what is said of it. */
type Part = Omit<PendingChange, 'text'> & { readonly clause: EndpointClause };

/** Destinations added, removed and changed of one service, told in the text of the worst of them. */
export function endpointStory(difference: ServiceDifference, comparison: Comparison, label: string): Found | undefined {
  const { added, removed, changed } = difference;
  if (added.length + removed.length + changed.length === 0) return undefined;
  const facts = endpointFacts(difference, comparison);
  const parts: Part[] = [];
  const usableAfter = facts.after.usable.size > 0;
  const isWhole = difference.before.partialBecause === undefined && difference.after.partialBecause === undefined;
  if (isWhole && facts.before.usable.size > 0 !== usableAfter) parts.push(usability(difference, comparison, usableAfter, facts));
  const isOfOthers = [...facts.ofOthers.values()].some((services) => services.length > 0);
  if (removed.length > 0 && removed.length === added.length && samePorts(removed, added) && !isOfOthers)
    parts.push(replaced(difference, comparison));
  else {
    for (const destination of removed) parts.push(removedDestination(destination, difference, comparison, facts));
    for (const destination of added) parts.push(addedDestination(destination, difference, comparison, facts));
  }
  for (const one of changed) append(parts, changedDestination(one, difference, comparison, facts));
  return storyOf(parts, claimsOfLoopBack([...added, ...removed], comparison.loopBack()), label, facts);
}

function samePorts(removed: readonly IpvsDestination[], added: readonly IpvsDestination[]): boolean {
  const ports = (destinations: readonly IpvsDestination[]): string =>
    destinations
      .map(({ port }) => port)
      .sort((one, other) => one - other)
      .join();
  return ports(removed) === ports(added);
}

function usability(difference: ServiceDifference, comparison: Comparison, usable: boolean, shares: EndpointFacts): Part {
  const { before, after } = difference;
  const had = [...shares.before.usable.keys()];
  const has = [...shares.after.usable.keys()];
  const local = hasLocalPolicy(comparison.after.model, after) ? ' on this node' : '';
  const why = local === '' ? '' : ' (externalTrafficPolicy Local)';
  return {
    id: usable ? 'ipvs.service.recovered' : 'ipvs.service.blackholed',
    severity: usable ? 'notice' : 'critical',
    effect: usable ? 'gained' : 'lost',
    certainty: 'proven',
    subject: subjectOf(before, comparison),
    before: factsOf(before),
    after: factsOf(after),
    clause: {
      kind: 'does',
      text: usable
        ? `has a usable endpoint${local} again${why}: ${listed(has)}`
        : `has no usable endpoint${local} left${why}: ${newConnections(before.protocol ?? '')} are refused (went to ${listed(had)})`,
    },
    origins: seenAt(before.origin, after.origin),
  };
}

function replaced(difference: ServiceDifference, comparison: Comparison): Part {
  const { before, after, removed, added } = difference;
  const ports = [...new Set(added.map(({ port }) => port))];
  return {
    id: 'ipvs.endpoints.replaced',
    severity: 'notice',
    effect: 'rolled-over',
    certainty: 'heuristic',
    subject: subjectOf(before, comparison),
    before: { destinations: removed.map(destinationFacts) },
    after: { destinations: added.map(destinationFacts) },
    clause: {
      kind: 'does',
      text: `rolled over: ${counted(removed.length, 'endpoint')} replaced by as many on port ${listed(ports.map(String))} (${listed(removed.map(({ key }) => key))} → ${listed(added.map(({ key }) => key))})`,
    },
    origins: [
      ...removed.flatMap(({ origin }) => seenAt(origin, undefined)),
      ...added.flatMap(({ origin }) => seenAt(undefined, origin)),
      ...seenAt(before.origin, after.origin),
    ].slice(0, 6),
  };
}

function destinationSubject(
  service: IpvsService,
  { key }: IpvsDestination,
  comparison: Comparison,
): Pick<PendingChange, 'subject' | 'service'> {
  const label = labelOf(service, comparison);
  return { subject: { kind: 'ipvs.destination', name: `${key} of ${label}`, frontends: [service.key] }, service: label };
}

function removedDestination(
  destination: IpvsDestination,
  difference: ServiceDifference,
  comparison: Comparison,
  facts: EndpointFacts,
): Part {
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
    ...destinationSubject(before, destination, comparison),
    before: { ...destinationFacts(destination), ...shareFact(had, share), ...(cut === 0 ? {} : { connections: cut }) },
    clause: { kind: 'lost', endpoint: `${destination.key}${cut === 0 ? '' : ` with ${counted(cut, 'connection')}, which are cut`}` },
    details: live ? [{ label: 'also', text: `the cluster still lists ${destination.key} among the endpoints of the service` }] : [],
    origins: seenAt(destination.origin, difference.after.origin),
  };
}

function addedDestination(
  destination: IpvsDestination,
  difference: ServiceDifference,
  comparison: Comparison,
  { after: shares, ofOthers, inCluster }: EndpointFacts,
): Part {
  const has = shares.usable.has(destination.key);
  const others = has && !inCluster.has(destination.key) ? (ofOthers.get(destination.key) ?? []) : [];
  const whose =
    others.length === 0
      ? ''
      : `, which is an endpoint of ${listed([...new Set(others.map((service) => labelOf(service, comparison)))])} before and after`;
  return {
    id: 'ipvs.destination.added',
    severity: others.length > 0 ? 'warning' : has ? 'notice' : 'none',
    effect: others.length > 0 ? 'redirected' : has ? 'share-moved' : 'none',
    certainty: 'proven',
    ...destinationSubject(difference.before, destination, comparison),
    after: { ...destinationFacts(destination), ...shareFact(has, shares.usable.get(destination.key)) },
    clause: { kind: 'gained', endpoint: `${destination.key}${whose}` },
    origins: seenAt(difference.before.origin, destination.origin),
  };
}

function changedDestination(
  change: DestinationDifference,
  difference: ServiceDifference,
  comparison: Comparison,
  facts: EndpointFacts,
): Part[] {
  const { before, after } = change;
  const common = {
    certainty: 'proven' as const,
    ...destinationSubject(difference.before, before, comparison),
    before: destinationFacts(before),
    after: destinationFacts(after),
  };
  return change.attributes.map((attribute): Part => {
    const shown = attribute === 'limits' ? 'upperThreshold' : attribute;
    const origins = seenAt(before.origins?.[shown] ?? before.origin, after.origins?.[shown] ?? after.origin);
    switch (attribute) {
      case 'weight':
        return { ...common, origins, ...weightChange(change, difference, facts) };
      case 'forward': {
        const local = before.forward === 'Local' || after.forward === 'Local';
        return {
          ...common,
          origins,
          id: 'ipvs.destination.forwarding-changed',
          severity: local ? 'notice' : 'critical',
          effect: local ? 'attribute' : 'lost',
          clause: {
            kind: 'so',
            text: `packets to ${before.key} are forwarded by ${after.forward}, no longer by ${before.forward}; the endpoint must be set up for that, or its connections fail`,
          },
        };
      }
      case 'limits':
        return {
          ...common,
          origins,
          id: 'ipvs.destination.limits-changed',
          severity: 'notice',
          effect: 'attribute',
          clause: {
            kind: 'so',
            text: `the limits of ${before.key} changed, upper ${before.upperThreshold ?? 0} → ${after.upperThreshold ?? 0}, lower ${before.lowerThreshold ?? 0} → ${after.lowerThreshold ?? 0} connections (0 = none)`,
          },
        };
      case 'tunnel':
        return {
          ...common,
          origins,
          id: 'ipvs.destination.tunnel-changed',
          severity: 'critical',
          effect: 'lost',
          clause: {
            kind: 'so',
            text: `packets to ${before.key} are encapsulated as ${after.tunnel}, no longer as ${before.tunnel}; the endpoint must expect that, or its connections fail`,
          },
        };
    }
  });
}

/** The worst change tells all: one sentence, one line of shares. */
function storyOf(parts: readonly Part[], claims: readonly Claim[], label: string, shares: EndpointFacts): Found | undefined {
  const [worst, ...others] = parts.toSorted(
    (one, other) => Number(reaches(other.severity, one.severity)) - Number(reaches(one.severity, other.severity)),
  );
  if (worst === undefined) return undefined;
  const changeOf = ({ clause, ...change }: Part, clauses: readonly EndpointClause[] = [clause]): PendingChange => ({
    ...change,
    text: endpointSentence(label, clauses),
  });
  const clauses = [worst, ...others].map(({ clause }) => clause);
  return {
    change: {
      ...changeOf(worst, clauses),
      details: [{ label: 'shares', text: sharesText(shares) }, ...parts.flatMap((part) => part.details ?? [])],
      shares: { before: endpointShares(shares.before), after: endpointShares(shares.after) },
    },
    parts: others.map((part) => changeOf(part)),
    claims,
  };
}
