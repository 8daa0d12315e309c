import { addToGroup } from '../add-to-group.ts';
import type { ServiceDifference } from '../compare/difference.ts';
import { compareService, persistenceText } from '../compare/ipvs.ts';
import { servicePortAt } from '../kubernetes/frontends.ts';
import type { IpvsService } from '../model/model.ts';
import { type Balance, balanceOf } from '../ipvs/balance.ts';
import { schedulerEffect } from '../ipvs/schedulers.ts';
import type { Detail } from '../report.ts';
import { type Draft, seenAt } from './draft.ts';
import { endpointStory } from './ipvs-destinations.ts';
import { factsOf, labelOf, subjectOf } from './ipvs-subjects.ts';
import type { Judgement } from './judgement.ts';
import { type Readdressed, readdressedServices } from './readdressed.ts';
import { counted, endpointsText, listed, newConnections } from './words.ts';

/** Changes of virtual services and their destinations. What belongs to one service is told in one place. */
export function judgeIpvs(judgement: Judgement): Draft[] {
  const { differences, told } = judgement;
  if (differences.ipvs === undefined) return [];
  const moved = readdressedServices(judgement);
  for (const { before, after } of moved) told.add(before).add(after);
  return [
    ...moved.flatMap((pair) => readdressedService(pair, judgement)),
    ...differences.ipvs.removed.filter((service) => !told.has(service)).map((service) => removedService(service, judgement)),
    ...differences.ipvs.added.filter((service) => !told.has(service)).map((service) => addedService(service, judgement)),
    ...alike(differences.ipvs.changed.filter((difference) => !told.has(difference)), judgement).flatMap((group) => changedServices(group, judgement)),
  ];
}

function readdressedService({ before, after }: Readdressed, judgement: Judgement): Draft[] {
  const count = counted(after.destinations.size, 'destination');
  const label = labelOf(after, judgement);
  const moved: Draft = {
    id: 'ipvs.service.readdressed',
    severity: 'warning',
    effect: 'lost',
    certainty: 'heuristic',
    subject: subjectOf(after, judgement),
    previousSubject: subjectOf(before, judgement),
    before: { address: before.key, ...factsOf(before) },
    after: { address: after.key, ...factsOf(after) },
    text: `the virtual service ${labelOf(before, judgement)} is at ${label} now, with the same ${count}; ${newConnections(before.protocol ?? '')} to the old address reach no endpoint any more`,
    origins: seenAt(before.origin, after.origin),
  };
  const difference = compareService(before, after);
  return [moved, ...(difference === undefined ? [] : changedService(difference, judgement, label))];
}

/** Virtual services of one service port whose endpoints changed alike: cluster IP, node port on each address, and so on. */
function alike(changed: readonly ServiceDifference[], judgement: Judgement): ServiceDifference[][] {
  const groups = new Map<string, ServiceDifference[]>();
  for (const difference of changed) {
    const { before, added, removed, attributes } = difference;
    const name = servicePortOf(before.key, judgement) ?? before.key;
    const weights = difference.changed.map((change) => `${change.before.key} ${change.attributes.join()} ${change.before.weight} ${change.after.weight}`);
    const key = [name, attributes.join(), added.map((one) => one.key).sort().join(), removed.map((one) => one.key).sort().join(), weights.sort().join()].join('|');
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
  const label = others.length === 0 || name === undefined ? undefined : `${name} (at ${group.length} addresses)`;
  const told = changedService(first, judgement, label);
  const teller = told.find((draft) => draft.toldWith === undefined);
  const same = others.flatMap((difference) => changedService(difference, judgement, undefined).map((draft) => (teller === undefined ? draft : { ...draft, toldWith: teller })));
  return [...told, ...same];
}

function removedService(service: IpvsService, judgement: Judgement): Draft {
  const balance = balanceOf(service);
  const foreign = judgement.before.model.services !== undefined && judgement.before.frontends.get(service.key)?.servicePort === undefined;
  const lost = balance.parts.length > 0;
  const expected = servicePortAt(judgement.after.model, service.key);
  const details: Detail[] = expected === undefined ? [] : [{ label: 'also', text: `the cluster still has ${expected} at this address` }];
  return {
    id: 'ipvs.service.removed',
    severity: lost ? (foreign ? 'notice' : 'critical') : 'none',
    effect: lost ? 'lost' : 'none',
    certainty: 'proven',
    subject: subjectOf(service, judgement),
    before: factsOf(service),
    text: lost
      ? `${labelOf(service, judgement)}${foreign ? ', a virtual service that no Service of the cluster had,' : ''} is gone from IPVS: ${newConnections(service.protocol ?? '')} reach no endpoint any more (went to ${destinationsText(balance)})`
      : `${labelOf(service, judgement)} is gone from IPVS; it had no usable destination`,
    details,
    origins: seenAt(service.origin, undefined),
  };
}

function addedService(service: IpvsService, judgement: Judgement): Draft {
  const { after } = judgement;
  const balance = balanceOf(service);
  const foreign = after.model.services !== undefined && after.frontends.get(service.key)?.servicePort === undefined;
  const to = balance.parts.length === 0 ? 'it has no usable destination' : `it leads to ${destinationsText(balance)}`;
  const details: Detail[] = [];
  if (foreign) {
    details.push({ label: 'effect', text: 'whoever reaches this address on this node gets to these destinations; kube-proxy deletes such a service when it runs, unless --ipvs-exclude-cidrs covers it' });
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
    origins: seenAt(undefined, service.origin),
  };
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
    const [was, is] = attribute === 'scheduler' ? [before.scheduler ?? '', after.scheduler ?? ''] : attribute === 'persistence' ? [persistenceText(before), persistenceText(after)] : [flagsText(before), flagsText(after)];
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
