import { addToGroup } from '../../common/add-to-group.ts';
import type { ServiceDifference } from '../../differences/difference.ts';
import { compareService, persistenceText } from '../../differences/ipvs.ts';
import { servicePortAt } from '../../services/frontends.ts';
import type { IpvsService } from '../../state/model.ts';
import { type Balance, balanceOf } from '../../ipvs/balance.ts';
import { schedulerEffect } from '../../ipvs/schedulers.ts';
import type { Detail } from '../../report.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import { alone, type Claim, type Found, toldTogether } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import { type Readdressed, readdressedServices } from '../services/readdressed.ts';
import { claimsOfFrontends } from '../services/service-claims.ts';
import { counted, endpointsText, listed, newConnections } from '../words.ts';
import type { ChangeKind, ChangeRule } from '../rule.ts';
import { inOneMode } from '../node/served-mode.ts';
import { DESTINATION_CHANGES, endpointStory } from './ipvs-destinations.ts';
import { alike, servicePortOf } from './alike-services.ts';
import { factsOf, labelOf, subjectOf } from './ipvs-subjects.ts';
import { WEIGHT_CHANGES } from './endpoint-weights.ts';

const IPVS_SERVICE_CHANGES = [
  {
    id: 'ipvs.service.added',
    severity: 'notice',
    title: 'a virtual service appeared',
    why: 'the address now leads to its destinations',
    mirror: 'ipvs.service.removed',
  },
  {
    id: 'ipvs.service.removed',
    severity: 'critical',
    title: 'a virtual service is gone',
    why: 'connections to its address no longer reach a destination',
    mirror: 'ipvs.service.added',
  },
  {
    id: 'ipvs.service.readdressed',
    severity: 'critical',
    title: 'the address of a virtual service changed',
    why: 'the old address is no longer served',
  },
  {
    id: 'ipvs.service.scheduler-changed',
    severity: 'notice',
    title: 'the scheduler changed',
    why: 'new connections are distributed differently; sh and mh also keep a client on its server',
  },
  {
    id: 'ipvs.service.persistence-changed',
    severity: 'notice',
    title: 'persistence was added, removed or changed',
    why: 'clients stay on their server, or no longer do',
  },
  {
    id: 'ipvs.service.flags-changed',
    severity: 'notice',
    title: 'the scheduler flags changed',
    why: 'new connections are distributed differently',
  },
] as const satisfies readonly ChangeKind[];

const KINDS = [...IPVS_SERVICE_CHANGES, ...DESTINATION_CHANGES, ...WEIGHT_CHANGES];

export const readdressedIpvsServices: ChangeRule = { kinds: KINDS, when: inOneMode, find: judgeReaddressed };

export const wholeIpvsServices: ChangeRule = { kinds: KINDS, when: inOneMode, find: judgeWholeIpvsServices };

export const changedIpvsServices: ChangeRule = { kinds: KINDS, when: inOneMode, find: judgeChangedIpvsServices };

/** Virtual services that stand at another address or port. */
function judgeReaddressed(comparison: Comparison, explained: ReadonlySet<object>): Found[] {
  return readdressedServices(comparison, explained).flatMap((pair) => readdressedService(pair, comparison));
}

/** Virtual services that came or went, with what ipvs mode keeps for them. */
function judgeWholeIpvsServices(comparison: Comparison, explained: ReadonlySet<object>): Found[] {
  const { removed = [], added = [] } = comparison.differences.ipvs ?? {};
  return [
    ...removed.filter((service) => !explained.has(service)).map((service) => removedService(service, comparison)),
    ...added.filter((service) => !explained.has(service)).map((service) => addedService(service, comparison)),
  ];
}

/** Virtual services whose destinations or attributes changed. What belongs to one service is told in one place. */
function judgeChangedIpvsServices(comparison: Comparison, explained: ReadonlySet<object>): Found[] {
  const changed = (comparison.differences.ipvs?.changed ?? []).filter((difference) => !explained.has(difference));
  return alike(changed, comparison).flatMap((group) => changedServices(group, comparison));
}

function readdressedService({ before, after }: Readdressed, comparison: Comparison): Found[] {
  const [first, last] = [before[0], after[0]] as [IpvsService, IpvsService];
  const sameAddress = first.address === last.address;
  const kept = [...first.destinations.keys()].filter((key) => last.destinations.has(key)).length;
  const what = `with ${kept === first.destinations.size && kept === last.destinations.size ? 'the same ' : `${kept} of `}${counted(first.destinations.size, 'destination')}; ${newConnections(first.protocol ?? '')} to the old ${sameAddress ? 'port' : 'address'} reach no endpoint any more`;
  const label = before.length === 1 ? labelOf(last, comparison) : placesLabel(after);
  const moved: PendingChange = {
    id: 'ipvs.service.readdressed',
    severity: 'critical',
    effect: 'lost',
    certainty: 'heuristic',
    subject: { ...subjectOf(last, comparison), frontends: after.map(({ key }) => key) },
    previousSubject: { ...subjectOf(first, comparison), frontends: before.map(({ key }) => key) },
    before: { address: before.map(({ key }) => key).join(' '), ...factsOf(first) },
    after: { address: after.map(({ key }) => key).join(' '), ...factsOf(last) },
    text:
      before.length > 1 && sameAddress
        ? `the virtual service at ${addressesText(after)} moved from ${first.protocol} port ${first.port} to ${last.port}, ${what}`
        : `the virtual service ${before.length === 1 ? labelOf(first, comparison) : placesLabel(before)} is at ${label} now, ${what}`,
    origins: before.flatMap((service, index) => seenAt(service.origin, after[index]?.origin)).slice(0, 6),
  };
  const others = before.flatMap((service, index) => {
    const difference = compareService(service, after[index] as IpvsService);
    return difference === undefined ? [] : [changedService(difference, comparison, label)];
  });
  return [{ change: moved, claims: [...before, ...after].map((difference) => ({ difference })) }, ...ofOneService(others)];
}

/** Changes of the places of one service: those of the first tell those of the others. */
function ofOneService([first = [], ...others]: readonly (readonly Found[])[]): Found[] {
  const [teller, ...rest] = first;
  return teller === undefined ? others.flat() : [toldTogether(teller, others.flat()), ...rest];
}

function placesLabel(services: readonly IpvsService[]): string {
  return `${services[0]?.protocol} ${listed(services.map(({ key }) => key.slice(key.indexOf(' ') + 1)))}`;
}

function addressesText(services: readonly IpvsService[]): string {
  return listed(services.map(({ address = '' }) => address));
}

/** The first of them tells all. */
function changedServices(group: readonly ServiceDifference[], comparison: Comparison): Found[] {
  const [first, ...others] = group as [ServiceDifference, ...ServiceDifference[]];
  const name = servicePortOf(first.before.key, comparison);
  const rest = name === undefined ? [] : otherPlaces(name, group, comparison);
  const label =
    others.length === 0
      ? undefined
      : name === undefined
        ? `${first.after.key} (also ${listed(others.map(({ after }) => after.key.slice(after.key.indexOf(' ') + 1)))})`
        : `${name} (at ${rest.length === 0 ? counted(group.length, 'address', 'addresses') : listed(group.map(({ after }) => placeOf(after, comparison)))})`;
  const own = changedService(first, comparison, label).map((found): Found =>
    found.change.effect === 'lost'
      ? { ...found, change: { ...found.change, details: [...(found.change.details ?? []), ...stillServed(rest, comparison)] } }
      : found,
  );
  return ofOneService([own, ...others.map((difference) => changedService(difference, comparison, undefined))]);
}

/** Where else a service port answers. */
function otherPlaces(name: string, group: readonly ServiceDifference[], { after }: Comparison): IpvsService[] {
  const concerned = new Set(group.map((difference) => difference.after.key));
  return [...after.frontends.values()]
    .filter(({ servicePort, key }) => servicePort === name && !concerned.has(key))
    .flatMap(({ key }) => after.model.ipvs?.services.get(key) ?? []);
}

/** `cluster IP 10.96.0.1:80`. */
function placeOf({ key }: IpvsService, { before, after }: Comparison): string {
  const purpose = after.frontends.get(key)?.purpose ?? before.frontends.get(key)?.purpose;
  return `${purpose === undefined ? '' : `${purpose} `}${key.slice(key.indexOf(' ') + 1)}`;
}

/** What is lost at some addresses of a service is not lost at those that still lead to endpoints. */
function stillServed(places: readonly IpvsService[], comparison: Comparison): Detail[] {
  const serving = new Map<string, IpvsService[]>();
  for (const service of places) {
    const balance = balanceOf(service);
    if (balance.parts.length > 0) addToGroup(serving, destinationsText(balance), service);
  }
  return [...serving].map(([to, services]) => ({
    label: 'also',
    text: `${listed(services.map((service) => placeOf(service, comparison)))} still ${services.length === 1 ? 'leads' : 'lead'} to ${to}`,
  }));
}

function removedService(service: IpvsService, comparison: Comparison): Found {
  const balance = balanceOf(service);
  const foreign = comparison.before.model.services !== undefined && comparison.before.frontends.get(service.key)?.servicePort === undefined;
  const lost = balance.parts.length > 0;
  const expected = servicePortAt(comparison.after.model, service.key);
  const details: Detail[] = expected === undefined ? [] : [{ label: 'also', text: `the cluster still has ${expected} at this address` }];
  const change: PendingChange = {
    id: 'ipvs.service.removed',
    severity: lost ? 'critical' : 'none',
    effect: lost ? 'lost' : 'none',
    certainty: 'proven',
    subject: subjectOf(service, comparison),
    before: factsOf(service),
    text: lost
      ? `${labelOf(service, comparison)}${foreign ? ', a virtual service that no Service of the cluster had,' : ''} is gone from IPVS: ${newConnections(service.protocol ?? '')} reach no endpoint any more (went to ${destinationsText(balance)})`
      : `${labelOf(service, comparison)} is gone from IPVS; it had no usable destination`,
    details,
    origins: seenAt(service.origin, undefined),
  };
  return { change, claims: claimsOf(service, comparison) };
}

function addedService(service: IpvsService, comparison: Comparison): Found {
  const { after } = comparison;
  const balance = balanceOf(service);
  const foreign = after.model.services !== undefined && after.frontends.get(service.key)?.servicePort === undefined;
  const to = balance.parts.length === 0 ? 'it has no usable destination' : `it leads to ${destinationsText(balance)}`;
  const details: Detail[] = [];
  if (foreign) {
    details.push({
      label: 'effect',
      text: 'whoever reaches this address on this node gets to these destinations; kube-proxy deletes such a service when it runs, unless --ipvs-exclude-cidrs covers it',
    });
    details.push({ label: 'look at', text: `ipvsadm -ln ${ipvsadmSelector(service)}` });
  }
  const change: PendingChange = {
    id: 'ipvs.service.added',
    severity: foreign ? 'warning' : 'notice',
    effect: 'gained',
    certainty: 'proven',
    subject: subjectOf(service, comparison),
    after: { ...factsOf(service), ...(after.model.services === undefined ? {} : { belongsToService: !foreign }) },
    text: foreign
      ? `${labelOf(service, comparison)} is a new virtual service that no Service of the cluster has; ${to}`
      : `${labelOf(service, comparison)} is a new virtual service; ${to}`,
    details,
    origins: seenAt(undefined, service.origin),
  };
  return { change, claims: claimsOf(service, comparison) };
}

/** What comes and goes with a virtual service: its members of sets, its address on kube-ipvs0. */
function claimsOf(service: IpvsService, comparison: Comparison): Claim[] {
  const { key, address, port, protocol } = service;
  return [
    { difference: service },
    ...(address === undefined || port === undefined || protocol === undefined
      ? []
      : claimsOfFrontends([{ key, address, port, protocol }], comparison.owned())),
  ];
}

/** Destinations with their shares, or without where none can be given. */
function destinationsText({ parts }: Balance): string {
  const shares = parts.flatMap(({ address, share }) => (share === undefined ? [] : [{ address, share }]));
  return shares.length === parts.length ? endpointsText(shares) : listed(parts.map(({ address }) => address));
}

function ipvsadmSelector(service: IpvsService): string {
  if (service.fwmark !== undefined) return `-f ${service.fwmark}`;
  const option = service.protocol === 'udp' ? '-u' : service.protocol === 'sctp' ? '--sctp-service' : '-t';
  return `${option} ${service.key.slice(service.key.indexOf(' ') + 1)}`;
}

function changedService(difference: ServiceDifference, comparison: Comparison, label: string | undefined): Found[] {
  const shown = label ?? labelOf(difference.before, comparison);
  return [
    ...[endpointStory(difference, comparison, shown)].flatMap((story) => story ?? []),
    ...attributeChanges(difference, comparison, shown).map(alone),
  ];
}

const ATTRIBUTES = {
  scheduler: 'ipvs.service.scheduler-changed',
  persistence: 'ipvs.service.persistence-changed',
  flags: 'ipvs.service.flags-changed',
} as const;

function attributeChanges(difference: ServiceDifference, comparison: Comparison, label: string): PendingChange[] {
  const { before, after } = difference;
  return difference.attributes.map((attribute): PendingChange => {
    const [was, is] =
      attribute === 'scheduler'
        ? [before.scheduler ?? '', after.scheduler ?? '']
        : attribute === 'persistence'
          ? [persistenceText(before), persistenceText(after)]
          : [flagsText(before), flagsText(after)];
    return {
      id: ATTRIBUTES[attribute],
      severity: 'notice',
      effect: 'attribute',
      certainty: 'proven',
      subject: subjectOf(before, comparison),
      before: { [attribute]: was },
      after: { [attribute]: is },
      text: attribute === 'persistence' ? `${label}: ${persistenceStory(before, after)}` : `${label}: ${attribute} ${was} → ${is}`,
      details: attribute === 'scheduler' ? [{ label: 'effect', text: schedulerEffect(was, is) }] : [],
      origins: seenAt(before.origin, after.origin),
    };
  });
}

function flagsText(service: IpvsService): string {
  return [...(service.flags ?? []), ...(service.onePacket === true ? ['ops'] : [])].join(',') || 'none';
}

function persistenceStory(before: IpvsService, after: IpvsService): string {
  if (after.persistence === undefined) return `clients no longer stay with their endpoint (persistence was ${persistenceText(before)})`;
  if (before.persistence === undefined) return `clients now stay with their endpoint (persistence ${persistenceText(after)})`;
  const [was, is] = [before.persistence.mask, after.persistence.mask];
  if (was !== is && before.persistence.timeout === after.persistence.timeout)
    return `clients stay with one endpoint together where they are equal under ${is ?? 'their whole address'} (was ${was ?? 'their whole address'})`;
  return `persistence ${persistenceText(before)} → ${persistenceText(after)}`;
}
