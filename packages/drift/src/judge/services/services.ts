import { addToGroup } from '../../common/add-to-group.ts';
import type { FrontendPurpose } from '../../proxy/names/comments.ts';
import { sidesOf } from '../../differences/difference.ts';
import { type Frontend, frontendOfRule } from '../../services/frontends.ts';
import type { Severity, Subject } from '../../report.ts';
import type { PendingCause, PendingChange } from '../pending-change.ts';
import type { Claim, Found } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import { wipeOfServices } from '../rules/owners.ts';
import { familiesOf } from '../packets/probes.ts';
import type { SideView } from '../side.ts';
import { counted, listed } from '../words.ts';
import type { CauseKind, ChangeKind, ChangeRule } from '../rule.ts';
import { whereServicesShow } from '../node/served-mode.ts';
import { claimOfRule, claimsOfFrontends, claimsOfService } from './service-claims.ts';
import type { PlacedRule } from './owned-differences.ts';
import { baseName, endpointsOf, groupEndpoints, places, type ServiceGroup } from './service-groups.ts';
import { keptSources } from './kept-sources.ts';

const SERVICE_CHANGES = [
  {
    id: 'kube.service.added',
    severity: 'notice',
    title: 'a service port was added',
    why: 'its addresses lead to its endpoints',
    mirror: 'kube.service.removed',
  },
  {
    id: 'kube.service.removed',
    severity: 'critical',
    title: 'a service port was removed',
    why: 'its addresses are no longer served',
    mirror: 'kube.service.added',
  },
  {
    id: 'kube.service.cluster-ip-changed',
    severity: 'critical',
    title: 'the cluster IP changed',
    why: 'the old address is no longer served',
  },
  { id: 'kube.service.port-changed', severity: 'critical', title: 'the port changed', why: 'the old port is no longer served' },
  { id: 'kube.service.node-port-changed', severity: 'critical', title: 'the node port changed', why: 'the old port is no longer served' },
  {
    id: 'kube.service.external-address-changed',
    severity: 'critical',
    title: 'the external or load-balancer addresses changed',
    why: 'the old address is no longer served',
  },
] as const satisfies readonly ChangeKind[];

const SERVICE_CAUSES = [
  { id: 'cause.service-added', title: 'a service was added', why: 'all its ports appeared' },
  { id: 'cause.service-removed', title: 'a service was removed', why: 'all its ports are gone' },
] as const satisfies readonly CauseKind[];

export const wholeServices: ChangeRule = {
  kinds: SERVICE_CHANGES,
  causes: SERVICE_CAUSES,
  when: whereServicesShow,
  find: judgeWholeServices,
};

export const movedServices: ChangeRule = { kinds: SERVICE_CHANGES, when: whereServicesShow, find: judgeMovedServices };

/** Service ports that are gone or new. Each explains its rules, sets and virtual services. */
function judgeWholeServices(comparison: Comparison): Found[] {
  const groups = comparison.groups();
  const { before, after } = comparison;
  const removed = groups.filter(
    (group) =>
      group.after.length === 0 &&
      isServed(before, whatOtherShows(group.before, before, after), comparison) &&
      !leadsAsBefore(group.before, before, after, comparison),
  );
  const added = groups.filter(
    (group) =>
      group.before.length === 0 &&
      isServed(after, whatOtherShows(group.after, after, before), comparison) &&
      !leadsAsBefore(group.after, after, before, comparison),
  );
  return [...servicesThat(removed, 'removed', comparison), ...servicesThat(added, 'added', comparison)];
}

/** Service ports that answer at other addresses or ports. */
function judgeMovedServices(comparison: Comparison): Found[] {
  return comparison
    .groups()
    .filter((group) => group.before.length > 0 && group.after.length > 0)
    .flatMap((group) => PURPOSES.flatMap((purpose) => movedPlaces(group, purpose, comparison) ?? []));
}

/** The places of a side that the other side would show if it had them: one whose table was not given has nothing that could be missing. */
function whatOtherShows(frontends: readonly Frontend[], side: SideView, other: SideView): Frontend[] {
  return frontends.filter((frontend) => {
    if (side.model.ipvs?.services.has(frontend.key) === true) return other.model.ipvs !== undefined;
    return familiesOf(frontend, side).some((family) => other.model.tables.has(`${family} nat`));
  });
}

/** Whether something leads from these places to endpoints, or refuses for want of them: a rule that only marks serves nothing. */
function isServed(side: SideView, frontends: readonly Frontend[], comparison: Comparison): boolean {
  return frontends.some((frontend) => {
    if (side.model.ipvs?.services.has(frontend.key) === true) return true;
    const flow = endpointsOf(side, frontend, comparison);
    return flow !== undefined && flow.verdict !== 'passed';
  });
}

/** Whether connections get to the same endpoints on the side where no rule is for the place alone: a rule for more of them has it too. */
function leadsAsBefore(frontends: readonly Frontend[], side: SideView, other: SideView, comparison: Comparison): boolean {
  return frontends.some((frontend) => {
    const [own, others] = [endpointsOf(side, frontend, comparison), endpointsOf(other, frontend, comparison)];
    const addresses = new Set(own?.endpoints.map(({ address }) => address));
    return others?.endpoints.some(({ address }) => addresses.has(address)) === true;
  });
}

const PURPOSES: readonly FrontendPurpose[] = ['cluster IP', 'node port', 'external IP', 'load-balancer IP'];

/** The ports of one service that come or go together are one story. */
function servicesThat(list: readonly ServiceGroup[], how: 'added' | 'removed', comparison: Comparison): Found[] {
  if (list.length === 0) return [];
  const services = new Map<string, ServiceGroup[]>();
  for (const group of list) addToGroup(services, baseName(group.name), group);
  const portsOf = new Map<string, number>();
  for (const group of comparison.groups()) portsOf.set(baseName(group.name), (portsOf.get(baseName(group.name)) ?? 0) + 1);
  const wipe = how === 'removed' ? wipeOfServices(comparison) : undefined;
  return [...services].flatMap(([service, groups]) => {
    const whole = portsOf.get(service) === groups.length;
    const cause = wipe ?? (whole ? serviceCause(service, groups, how, comparison) : undefined);
    return groups.map((group) => wholeServicePort(group, how, comparison, cause));
  });
}

function serviceCause(service: string, groups: readonly ServiceGroup[], how: 'added' | 'removed', comparison: Comparison): PendingCause {
  const side = how === 'removed' ? comparison.before : comparison.after;
  const frontends = groups.flatMap((group) => (how === 'removed' ? group.before : group.after));
  const endpoints = [...groupEndpoints(side, frontends, comparison)].sort();
  const where = placesText(frontends);
  const to = endpoints.length === 0 ? 'no endpoint' : listed(endpoints);
  return {
    id: `cause.service-${how}`,
    certainty: 'proven',
    text:
      how === 'removed'
        ? `service ${service} is gone: ${where} nowhere any more (went to ${to})`
        : `service ${service} is new: ${where} to ${to}`,
    details:
      groups.length > 1
        ? [
            {
              label: 'services',
              text: `${counted(groups.length, 'port')}: ${listed(
                groups.map((group) => group.name),
                8,
              )}`,
            },
          ]
        : [],
  };
}

/** `cluster IP 10.96.0.10:53 and node port 30053 lead`. */
function placesText(frontends: readonly Frontend[]): string {
  const texts = PURPOSES.flatMap((purpose) => {
    const found = places(frontends, purpose);
    return found.length === 0 ? [] : [`${purpose}${found.length > 1 ? 's' : ''} ${listed(found)}`];
  });
  const count = PURPOSES.reduce((sum, purpose) => sum + places(frontends, purpose).length, 0);
  const shown = texts.length === 0 ? listed(frontends.map((frontend) => frontend.key).sort()) : listed(texts);
  return `${shown} ${(texts.length === 0 ? frontends.length : count) === 1 ? 'leads' : 'lead'}`;
}

function subjectOf(group: ServiceGroup): Subject {
  const keys = new Set([...group.before, ...group.after].map((frontend) => frontend.key));
  return { kind: 'kube.servicePort', name: group.name, frontends: [...keys].sort() };
}

function wholeServicePort(group: ServiceGroup, how: 'added' | 'removed', comparison: Comparison, cause: PendingCause | undefined): Found {
  const owned = comparison.owned();
  const removed = how === 'removed';
  const frontends = removed ? group.before : group.after;
  const endpoints = groupEndpoints(removed ? comparison.before : comparison.after, frontends, comparison);
  const claims: Claim[] = [
    ...claimsOfFrontends(frontends, owned, endpoints),
    ...[group.name, ...frontends.map(({ key }) => key)].flatMap((owner) => claimsOfService(owner, owned)),
    // What becomes of packets to these places is told here, not again with a rule.
    ...frontends.flatMap(({ key }) =>
      [comparison.before, comparison.after].flatMap((side): Claim[] => {
        const difference = side.frontends.get(key);
        return difference === undefined ? [] : [{ difference }];
      }),
    ),
  ];
  const facts = { frontends: frontends.map((frontend) => frontend.key).sort(), endpoints: [...endpoints].sort() };
  const to = endpoints.size === 0 ? 'no endpoint' : listed([...endpoints].sort());
  const failing = removed ? [] : keptSources(frontends, comparison);
  const severity: Severity = !removed ? (failing.length > 0 ? 'warning' : 'notice') : endpoints.size === 0 ? 'notice' : 'critical';
  const change: PendingChange = {
    id: `kube.service.${how}`,
    severity,
    effect: removed ? 'lost' : 'gained',
    certainty: 'proven',
    subject: subjectOf(group),
    ...(removed ? { before: facts } : { after: facts }),
    text: removed
      ? `${group.name} is gone: ${placesText(frontends)} nowhere any more (went to ${to})`
      : `${group.name} is new: ${placesText(frontends)} to ${to}`,
    details: failing,
    origins: [],
    ...(cause === undefined ? {} : { cause }),
  };
  return { change, claims };
}

const MOVED: { readonly [Purpose in FrontendPurpose]: string } = {
  'cluster IP': 'kube.service.cluster-ip-changed',
  'node port': 'kube.service.node-port-changed',
  'external IP': 'kube.service.external-address-changed',
  'load-balancer IP': 'kube.service.external-address-changed',
};

/** A service port that answers at other addresses or ports of one kind. */
function movedPlaces(group: ServiceGroup, purpose: FrontendPurpose, comparison: Comparison): Found | undefined {
  const owned = comparison.owned();
  const was = places(group.before, purpose);
  const is = places(group.after, purpose);
  const { before, after } = comparison;
  // A rule for more places than one leads there too.
  const isKept = (side: SideView, other: SideView, list: readonly Frontend[], place: string): boolean =>
    leadsAsBefore(
      list.filter((frontend) => frontend.purpose === purpose && places([frontend], purpose).includes(place)),
      side,
      other,
      comparison,
    );
  const gone = was.filter((place) => !is.includes(place) && !isKept(before, after, group.before, place));
  const come = is.filter((place) => !was.includes(place) && !isKept(after, before, group.after, place));
  if (gone.length + come.length === 0) return undefined;
  const samePlace = purpose === 'cluster IP' && addressesOf(was) === addressesOf(is);
  const isOf =
    (list: readonly string[]) =>
    (frontend: Frontend): boolean =>
      frontend.purpose === purpose && places([frontend], purpose).some((place) => list.includes(place));
  const lostFrontends = group.before.filter(isOf(gone));
  const newFrontends = group.after.filter(isOf(come));
  const keys = new Set([...lostFrontends, ...newFrontends].map((frontend) => frontend.key));
  const claims = [
    ...claimsOfFrontends([...lostFrontends, ...newFrontends], owned),
    ...[...keys].flatMap((key) => claimsOfService(key, owned)),
    // -A KUBE-SVC-… ! -s 10.244.0.0/16 -d 10.96.78.31/32 -p tcp -m comment --comment "default/nginx cluster IP" -m tcp --dport 80 -j
    // KUBE-MARK-MASQ
    ...(owned.rules.get(group.name) ?? []).filter((placed) => asksFor(placed, keys)).map(claimOfRule),
  ];
  const noun = samePlace ? 'port' : purpose;
  const text =
    gone.length > 0 && come.length > 0
      ? `${group.name}: ${noun} ${listed(gone)} → ${listed(come)}; the old ${noun} leads nowhere any more`
      : gone.length > 0
        ? `${group.name} no longer answers at ${purpose} ${listed(gone)}`
        : `${group.name} answers at ${purpose} ${listed(come)} too`;
  const failing = keptSources(newFrontends, comparison);
  const change: PendingChange = {
    id: samePlace ? 'kube.service.port-changed' : MOVED[purpose],
    severity: gone.length > 0 ? 'critical' : failing.length > 0 ? 'warning' : 'notice',
    effect: gone.length > 0 ? 'lost' : 'gained',
    certainty: 'proven',
    subject: subjectOf(group),
    before: { [purpose]: was },
    after: { [purpose]: is },
    text,
    details: failing,
    origins: [],
  };
  return { change, claims };
}

/** Whether a rule asks for one of these frontends, and on no side for another. */
function asksFor({ difference, chain }: PlacedRule, keys: ReadonlySet<string>): boolean {
  return sidesOf(difference).every((entry) => keys.has(frontendOfRule(entry, chain)?.key ?? ''));
}

function addressesOf(list: readonly string[]): string {
  return [...new Set(list.map((place) => place.slice(0, place.lastIndexOf(':'))))].sort().join();
}
