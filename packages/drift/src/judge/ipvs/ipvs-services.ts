import { once } from '../../common/once.ts';
import { addToGroup } from '../../common/add-to-group.ts';
import type { ServiceDifference } from '../../structure/difference.ts';
import { compareService, persistenceText } from '../../structure/ipvs.ts';
import { servicePortAt } from '../../services/frontends.ts';
import type { IpvsService } from '../../state/model.ts';
import { type Balance, balanceOf } from '../../ipvs/balance.ts';
import { schedulerEffect } from '../../ipvs/schedulers.ts';
import type { Detail } from '../../report.ts';
import { type Draft, seenAt } from '../draft.ts';
import { endpointStory } from './ipvs-destinations.ts';
import { factsOf, labelOf, subjectOf } from './ipvs-subjects.ts';
import type { Judgement } from '../judgement.ts';
import { type Readdressed, readdressedServices } from '../services/readdressed.ts';
import { replaceDrafts } from '../causes/replace-drafts.ts';
import { type Claim, claimFrontends, type OwnedDifferences, ownedDifferences } from '../services/service-claims.ts';
import { counted, endpointsText, listed, newConnections } from '../words.ts';

/** Changes of virtual services and their destinations. What belongs to one service is told in one place. */
export function judgeIpvs(judgement: Judgement): Draft[] {
  const { differences, told } = judgement;
  if (differences.ipvs === undefined) return [];
  const owned = once(() => ownedDifferences(judgement));
  const moved = readdressedServices(judgement);
  for (const { before, after } of moved) for (const service of [...before, ...after]) told.add(service);
  return [
    ...moved.flatMap((pair) => readdressedService(pair, judgement)),
    ...differences.ipvs.removed.filter((service) => !told.has(service)).map((service) => removedService(service, owned(), judgement)),
    ...differences.ipvs.added.filter((service) => !told.has(service)).map((service) => addedService(service, owned(), judgement)),
    ...alike(
      differences.ipvs.changed.filter((difference) => !told.has(difference)),
      judgement,
    ).flatMap((group) => changedServices(group, judgement)),
  ];
}

function readdressedService({ before, after }: Readdressed, judgement: Judgement): Draft[] {
  const [first, last] = [before[0], after[0]] as [IpvsService, IpvsService];
  const sameAddress = first.address === last.address;
  const kept = [...first.destinations.keys()].filter((key) => last.destinations.has(key)).length;
  const what = `with ${kept === first.destinations.size && kept === last.destinations.size ? 'the same ' : `${kept} of `}${counted(first.destinations.size, 'destination')}; ${newConnections(first.protocol ?? '')} to the old ${sameAddress ? 'port' : 'address'} reach no endpoint any more`;
  const label = before.length === 1 ? labelOf(last, judgement) : placesLabel(after);
  const moved: Draft = {
    id: 'ipvs.service.readdressed',
    severity: 'warning',
    effect: 'lost',
    certainty: 'heuristic',
    subject: { ...subjectOf(last, judgement), frontends: after.map(({ key }) => key) },
    previousSubject: { ...subjectOf(first, judgement), frontends: before.map(({ key }) => key) },
    before: { address: before.map(({ key }) => key).join(' '), ...factsOf(first) },
    after: { address: after.map(({ key }) => key).join(' '), ...factsOf(last) },
    text:
      before.length > 1 && sameAddress
        ? `the virtual service at ${addressesText(after)} moved from ${first.protocol} port ${first.port} to ${last.port}, ${what}`
        : `the virtual service ${before.length === 1 ? labelOf(first, judgement) : placesLabel(before)} is at ${label} now, ${what}`,
    origins: before.flatMap((service, index) => seenAt(service.origin, after[index]?.origin)).slice(0, 6),
  };
  const drafts = before.flatMap((service, index) => {
    const difference = compareService(service, after[index] as IpvsService);
    return difference === undefined ? [] : [changedService(difference, judgement, label)];
  });
  const [told = [], ...same] = drafts;
  const teller = told.find((draft) => draft.toldWith === undefined);
  return [moved, ...told, ...same.flat().map((draft) => (teller === undefined ? draft : { ...draft, toldWith: teller }))];
}

function placesLabel(services: readonly IpvsService[]): string {
  return `${services[0]?.protocol} ${listed(services.map(({ key }) => key.slice(key.indexOf(' ') + 1)))}`;
}

function addressesText(services: readonly IpvsService[]): string {
  return listed(services.map(({ address = '' }) => address));
}

/** Virtual services of one service port whose endpoints changed alike: cluster IP, node port on each address, and so on. */
function alike(changed: readonly ServiceDifference[], judgement: Judgement): ServiceDifference[][] {
  const groups = new Map<string, ServiceDifference[]>();
  for (const difference of changed) {
    const { before, added, removed, attributes } = difference;
    const name = servicePortOf(before.key, judgement) ?? before.key;
    const weights = difference.changed.map(
      (change) => `${change.before.key} ${change.attributes.join()} ${change.before.weight} ${change.after.weight}`,
    );
    const key = [
      name,
      attributes.join(),
      added
        .map((one) => one.key)
        .sort()
        .join(),
      removed
        .map((one) => one.key)
        .sort()
        .join(),
      weights.sort().join(),
    ].join('|');
    addToGroup(groups, key, difference);
  }
  return [...groups.values()];
}

function servicePortOf(key: string, { before, after }: Judgement): string | undefined {
  return after.frontends.get(key)?.servicePort ?? before.frontends.get(key)?.servicePort;
}

/** The first of them tells all. */
function changedServices(group: readonly ServiceDifference[], judgement: Judgement): Draft[] {
  const [first, ...others] = group as [ServiceDifference, ...ServiceDifference[]];
  const name = servicePortOf(first.before.key, judgement);
  const rest = name === undefined ? [] : otherPlaces(name, group, judgement);
  const label =
    others.length === 0 || name === undefined
      ? undefined
      : `${name} (at ${rest.length === 0 ? counted(group.length, 'address', 'addresses') : listed(group.map(({ after }) => placeOf(after, judgement)))})`;
  const drafts = changedService(first, judgement, label);
  const lost = drafts.find(({ effect, toldWith }) => effect === 'lost' && toldWith === undefined);
  const told =
    lost === undefined
      ? drafts
      : replaceDrafts(drafts, new Map([[lost, { ...lost, details: [...(lost.details ?? []), ...stillServed(rest, judgement)] }]]));
  const teller = told.find((draft) => draft.toldWith === undefined);
  const same = others.flatMap((difference) =>
    changedService(difference, judgement, undefined).map((draft) => (teller === undefined ? draft : { ...draft, toldWith: teller })),
  );
  return [...told, ...same];
}

/** Where else a service port answers. */
function otherPlaces(name: string, group: readonly ServiceDifference[], { after }: Judgement): IpvsService[] {
  const concerned = new Set(group.map((difference) => difference.after.key));
  return [...after.frontends.values()]
    .filter(({ servicePort, key }) => servicePort === name && !concerned.has(key))
    .flatMap(({ key }) => after.model.ipvs?.services.get(key) ?? []);
}

/** `cluster IP 10.96.0.1:80`. */
function placeOf({ key }: IpvsService, { before, after }: Judgement): string {
  const purpose = after.frontends.get(key)?.purpose ?? before.frontends.get(key)?.purpose;
  return `${purpose === undefined ? '' : `${purpose} `}${key.slice(key.indexOf(' ') + 1)}`;
}

/** What is lost at some addresses of a service is not lost at those that still lead to endpoints. */
function stillServed(places: readonly IpvsService[], judgement: Judgement): Detail[] {
  const serving = new Map<string, IpvsService[]>();
  for (const service of places) {
    const balance = balanceOf(service);
    if (balance.parts.length > 0) addToGroup(serving, destinationsText(balance), service);
  }
  return [...serving].map(([to, services]) => ({
    label: 'also',
    text: `${listed(services.map((service) => placeOf(service, judgement)))} still ${services.length === 1 ? 'leads' : 'lead'} to ${to}`,
  }));
}

function removedService(service: IpvsService, owned: OwnedDifferences, judgement: Judgement): Draft {
  const balance = balanceOf(service);
  const foreign = judgement.before.model.services !== undefined && judgement.before.frontends.get(service.key)?.servicePort === undefined;
  const lost = balance.parts.length > 0;
  const expected = servicePortAt(judgement.after.model, service.key);
  const details: Detail[] = expected === undefined ? [] : [{ label: 'also', text: `the cluster still has ${expected} at this address` }];
  const claim = claimed(service, owned, judgement);
  return {
    id: 'ipvs.service.removed',
    severity: lost ? 'critical' : 'none',
    effect: lost ? 'lost' : 'none',
    certainty: 'proven',
    subject: subjectOf(service, judgement),
    before: factsOf(service),
    text: lost
      ? `${labelOf(service, judgement)}${foreign ? ', a virtual service that no Service of the cluster had,' : ''} is gone from IPVS: ${newConnections(service.protocol ?? '')} reach no endpoint any more (went to ${destinationsText(balance)})`
      : `${labelOf(service, judgement)} is gone from IPVS; it had no usable destination`,
    details,
    explains: claim.explains,
    origins: [...seenAt(service.origin, undefined), ...claim.origins].slice(0, 6),
  };
}

function addedService(service: IpvsService, owned: OwnedDifferences, judgement: Judgement): Draft {
  const { after } = judgement;
  const balance = balanceOf(service);
  const foreign = after.model.services !== undefined && after.frontends.get(service.key)?.servicePort === undefined;
  const to = balance.parts.length === 0 ? 'it has no usable destination' : `it leads to ${destinationsText(balance)}`;
  const details: Detail[] = [];
  const claim = claimed(service, owned, judgement);
  if (foreign) {
    details.push({
      label: 'effect',
      text: 'whoever reaches this address on this node gets to these destinations; kube-proxy deletes such a service when it runs, unless --ipvs-exclude-cidrs covers it',
    });
    details.push({ label: 'look at', text: `ipvsadm -ln ${ipvsadmSelector(service)}` });
  }
  return {
    id: 'ipvs.service.added',
    severity: foreign ? 'warning' : 'notice',
    effect: 'gained',
    certainty: 'proven',
    subject: subjectOf(service, judgement),
    after: { ...factsOf(service), ...(after.model.services === undefined ? {} : { belongsToService: !foreign }) },
    text: foreign
      ? `${labelOf(service, judgement)} is a new virtual service that no Service of the cluster has; ${to}`
      : `${labelOf(service, judgement)} is a new virtual service; ${to}`,
    details,
    explains: claim.explains,
    origins: [...seenAt(undefined, service.origin), ...claim.origins].slice(0, 6),
  };
}

/** What comes and goes with a virtual service: its members of sets, its address on kube-ipvs0. */
function claimed(service: IpvsService, owned: OwnedDifferences, judgement: Judgement): Claim {
  const claim: Claim = { explains: [], origins: [] };
  const { key, address, port, protocol } = service;
  judgement.told.add(service);
  if (address !== undefined && port !== undefined && protocol !== undefined)
    claimFrontends(claim, [{ key, address, port, protocol }], new Set(), owned, judgement);
  return claim;
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

function changedService(difference: ServiceDifference, judgement: Judgement, label: string | undefined): Draft[] {
  const shown = label ?? labelOf(difference.before, judgement);
  return [...endpointStory(difference, judgement, shown), ...attributeDrafts(difference, judgement, shown)];
}

const ATTRIBUTES = {
  scheduler: 'ipvs.service.scheduler-changed',
  persistence: 'ipvs.service.persistence-changed',
  flags: 'ipvs.service.flags-changed',
} as const;

function attributeDrafts(difference: ServiceDifference, judgement: Judgement, label: string): Draft[] {
  const { before, after } = difference;
  return difference.attributes.map((attribute): Draft => {
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
      subject: subjectOf(before, judgement),
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
  return `persistence ${persistenceText(before)} → ${persistenceText(after)}`;
}
