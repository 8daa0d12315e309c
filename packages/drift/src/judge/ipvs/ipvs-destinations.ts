import type { DestinationDifference, ServiceDifference } from '../../structure/difference.ts';
import type { IpvsDestination, IpvsService } from '../../state/model.ts';
import { append } from '../../common/append.ts';
import { hasLocalPolicy } from '../../services/service-frontends.ts';
import { type Balance, balanceOf } from '../../ipvs/balance.ts';
import { looksAtWeights } from '../../ipvs/schedulers.ts';
import { type EndpointShare, reaches, type Severity, type Subject } from '../../report.ts';
import { type Draft, seenAt } from '../draft.ts';
import { destinationFacts, factsOf, labelOf, subjectOf } from './ipvs-subjects.ts';
import type { Judgement } from '../judgement.ts';
import { loopBackMembers } from '../packets/loop-back.ts';
import { counted, listed, newConnections, percent } from '../words.ts';

/** How one side divides new connections, by endpoint. */
interface Division extends Balance {
  /** Endpoints that get new connections, or may, with their part where one can be given. */
  readonly usable: ReadonlyMap<string, number | undefined>;
  /** All endpoints, whether they get any or not. */
  readonly keys: ReadonlySet<string>;
}

/** What is true of all endpoints of a service together. */
interface EndpointFacts {
  readonly before: Division;
  readonly after: Division;
  /** The part of the usable endpoints that is gone and not made up for by others. */
  readonly capacityLost: number;
  /** The largest share that weights alone move. */
  readonly movedByWeights: number;
  /** Endpoints of the service in the cluster, where it is shown. */
  readonly inCluster: ReadonlySet<string>;
}

/** Destinations added, removed and changed of one service, told in the text of the worst of them. */
export function endpointStory(difference: ServiceDifference, judgement: Judgement, label: string): Draft[] {
  const { added, removed, changed } = difference;
  if (added.length + removed.length + changed.length === 0) return [];
  const facts = endpointFacts(difference, judgement);
  const drafts: Draft[] = [];
  const usableAfter = facts.after.usable.size > 0;
  const isWhole = difference.before.partialBecause === undefined && difference.after.partialBecause === undefined;
  if (isWhole && facts.before.usable.size > 0 !== usableAfter) drafts.push(usability(difference, judgement, usableAfter, facts, label));
  if (removed.length > 0 && removed.length === added.length && samePorts(removed, added)) drafts.push(replaced(difference, judgement, label));
  else {
    for (const destination of removed) drafts.push(removedDestination(destination, difference, judgement, facts, label));
    for (const destination of added) drafts.push(addedDestination(destination, difference, judgement, facts, label));
  }
  for (const one of changed) append(drafts, changedDestination(one, difference, judgement, facts, label));
  return toldTogether([...drafts, ...loopBackMembers([...added, ...removed], judgement)], label, facts);
}

function endpointFacts(difference: ServiceDifference, { after: side }: Judgement): EndpointFacts {
  const before = divisionOf(difference.before);
  const after = divisionOf(difference.after);
  const had = before.usable.size;
  const name = side.frontends.get(difference.before.key)?.servicePort?.split(/[ :]/)[0];
  return {
    before,
    after,
    capacityLost: had === 0 || difference.after.partialBecause !== undefined ? 0 : Math.max(0, had - after.usable.size) / had,
    movedByWeights: shareMovedByWeights(difference),
    inCluster: new Set(name === undefined ? undefined : side.model.endpoints?.get(name)?.addresses),
  };
}

function divisionOf(service: IpvsService): Division {
  const balance = balanceOf(service);
  return { ...balance, usable: new Map(balance.parts.map(({ address, share }) => [address, share])), keys: new Set(service.destinations.keys()) };
}

function samePorts(removed: readonly IpvsDestination[], added: readonly IpvsDestination[]): boolean {
  const ports = (destinations: readonly IpvsDestination[]): string => destinations.map(({ port }) => port).sort((one, other) => one - other).join();
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
    origins: [...removed.flatMap(({ origin }) => seenAt(origin, undefined)), ...added.flatMap(({ origin }) => seenAt(undefined, origin)), ...seenAt(before.origin, after.origin)].slice(0, 6),
  };
}

function destinationSubject(service: IpvsService, destination: IpvsDestination, judgement: Judgement): Subject {
  return { kind: 'ipvs.destination', name: `${destination.key} of ${labelOf(service, judgement)}`, frontends: [service.key] };
}

function removedDestination(destination: IpvsDestination, difference: ServiceDifference, judgement: Judgement, facts: EndpointFacts, label: string): Draft {
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

/** The part of new connections where one can be given; 0 where it gets none. */
function shareFact(gets: boolean, share: number | undefined): { readonly share?: number } {
  if (!gets) return { share: 0 };
  return share === undefined ? {} : { share };
}

/** Active connections; for UDP, where nothing is ever active, the inactive ones. */
function connectionsOf(destination: IpvsDestination, service: IpvsService): number {
  return (service.protocol === 'udp' ? destination.inactiveConnections : destination.activeConnections) ?? 0;
}

function addedDestination(destination: IpvsDestination, difference: ServiceDifference, judgement: Judgement, { after: shares }: EndpointFacts, label: string): Draft {
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

function changedDestination(change: DestinationDifference, difference: ServiceDifference, judgement: Judgement, facts: EndpointFacts, label: string): Draft[] {
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

type WeightDraft = Pick<Draft, 'id' | 'severity' | 'effect' | 'text' | 'details'> & Partial<Pick<Draft, 'certainty'>>;

function weightJudgement(change: DestinationDifference, difference: ServiceDifference, { movedByWeights, before, after }: EndpointFacts, label: string): WeightDraft {
  const was = change.before.weight ?? 0;
  const is = change.after.weight ?? 0;
  const { key } = change.before;
  const fails = after.failing.find(({ address }) => address === key);
  if (is === 0 && fails !== undefined) return failingJudgement(difference.after, fails.share, label, `${key} has weight 0 (was ${was})`);
  if (is === 0) {
    const connections = connectionsOf(change.after, difference.after);
    return {
      id: 'ipvs.destination.draining',
      severity: 'notice',
      effect: 'capacity',
      text: `${label}: ${key} is being drained (weight ${was} → 0${connections === 0 ? '' : `, ${counted(connections, 'connection')} left`})`,
    };
  }
  if (was === 0) {
    const failed = before.failing.some(({ address }) => address === key) ? `; what ${difference.before.scheduler} gave it failed` : '';
    return { id: 'ipvs.destination.undrained', severity: 'notice', effect: failed === '' ? 'share-moved' : 'gained', text: `${label}: ${key} takes new connections again (weight 0 → ${is})${failed}` };
  }
  const blind = !looksAtWeights(difference.after.scheduler);
  const moved = blind ? 0 : movedByWeights;
  return {
    id: 'ipvs.destination.weight-changed',
    severity: moved > 0.1 ? 'warning' : 'notice',
    effect: blind ? 'attribute' : 'share-moved',
    text: `${label}: ${key} has weight ${is} (was ${was})`,
    details: blind ? [{ label: 'effect', text: `the scheduler ${difference.after.scheduler} looks at no weight but 0: while it stays, weight ${is} divides connections as weight ${was} did` }] : [],
  };
}

/** A destination of weight 0 that keeps its place under a scheduler that hashes: nothing is drained, connections fail. */
function failingJudgement(service: IpvsService, share: number | undefined, label: string, text: string): WeightDraft {
  const { scheduler = '', flags } = service;
  const part = share === undefined ? '' : ` (about ${percent(share)})`;
  const what = newConnections(service.protocol ?? '');
  if (scheduler === 'dh') {
    return { id: 'ipvs.destination.draining', severity: 'critical', effect: 'lost', certainty: 'assumed', text: `${label}: ${text}, and dh sends all ${what} to one destination, which no listing names: if it is this one, all of them fail` };
  }
  const details = flags === undefined ? [{ label: 'if' as const, text: `no flag ${scheduler}-fallback is set: this listing shows no flags` }] : [];
  return { id: 'ipvs.destination.draining', severity: 'critical', effect: 'lost', ...(flags === undefined ? { certainty: 'assumed' as const } : {}), text: `${label}: ${text}, and the ${what} that ${scheduler} gives it${part} fail: without the flag ${scheduler}-fallback they go to no other`, details };
}

/** The largest share that weights alone move: what the destinations of both sides would get if there were no others. */
function shareMovedByWeights({ before, after }: ServiceDifference): number {
  const common = [...before.destinations.keys()].filter((key) => after.destinations.has(key));
  const part = (service: IpvsService): Map<string, number> => {
    const weights = common.map((key) => service.destinations.get(key)?.weight ?? 1);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return new Map(common.map((key, index) => [key, total === 0 ? 0 : (weights[index] as number) / total]));
  };
  const one = part(before);
  const other = part(after);
  return common.reduce((most, key) => Math.max(most, Math.abs((one.get(key) ?? 0) - (other.get(key) ?? 0))), 0);
}

/** The worst draft tells all: one sentence, one line of shares. */
function toldTogether(drafts: readonly Draft[], label: string, shares: EndpointFacts): Draft[] {
  const [worst, ...others] = drafts.toSorted((one, other) => Number(reaches(other.severity, one.severity)) - Number(reaches(one.severity, other.severity)));
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
  append(parts, tails.filter((tail) => !tail.startsWith('it lost the endpoint ') && !tail.startsWith('it gained the endpoint ')));
  const [first = '', ...rest] = parts;
  const shown = rest.length > 3 ? [...rest.slice(0, 2), `${rest.length - 2} more changes of its endpoints`] : rest;
  return [first.startsWith('it ') ? `${label} ${first.slice(3)}` : `${label}: ${first}`, ...shown].join('; ');
}

function endpointShares({ keys, usable }: Division): EndpointShare[] {
  return [...keys].map((address) => ({ address, ...shareFact(usable.has(address), usable.get(address)) }));
}

/** Parts of new connections before and after; in words where a side gives none. */
function sharesText({ before, after }: EndpointFacts): string {
  const isKnown = ({ parts }: Balance): boolean => parts.every(({ share }) => share !== undefined);
  if (!isKnown(before) || !isKnown(after)) {
    const words = (side: Balance): string => side.words ?? 'divided by weight';
    return before.words === after.words ? words(after) : `${words(before)} → ${words(after)}`;
  }
  const texts = [...new Set([...before.keys, ...after.keys])].sort().map((address) => {
    const was = partText(before, address);
    const is = partText(after, address);
    if (is === undefined) return `${address} ${was} → gone`;
    if (was === undefined) return `${address} new, ${is}`;
    return was === is ? `${address} ${is}` : `${address} ${was} → ${is}`;
  });
  return texts.length > 8 ? `${texts.slice(0, 7).join(', ')}, ${texts.length - 7} more` : texts.join(', ');
}

/** The part of an endpoint of a side; undefined where the side does not have it. */
function partText({ usable, failing, keys }: Division, address: string): string | undefined {
  const share = usable.get(address);
  if (share !== undefined) return percent(share);
  const fails = failing.find((part) => part.address === address);
  if (fails !== undefined) return fails.share === undefined ? 'failing' : `${percent(fails.share)} failing`;
  return keys.has(address) ? '0 %' : undefined;
}
