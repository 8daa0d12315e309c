import { addToGroup } from '../../common/add-to-group.ts';
import type { FrontendPurpose } from '../../proxy/names/comments.ts';
import { append } from '../../common/append.ts';
import { sidesOf } from '../../structure/difference.ts';
import { type Frontend, frontendOfRule } from '../../services/frontends.ts';
import type { Severity, Subject } from '../../report.ts';
import type { CauseDraft, Draft } from '../draft.ts';
import type { Judgement } from '../judgement.ts';
import { wipeOfServices } from '../rules/owners.ts';
import {
  type Claim,
  claimFrontends,
  claimRule,
  claimRules,
  type OwnedDifferences,
  ownedDifferences,
  type PlacedRule,
} from './service-claims.ts';
import { judgeAffinity } from './service-affinity.ts';
import { familiesOf } from '../packets/probes.ts';
import { judgeSelfConnections } from '../packets/self-connections.ts';
import { judgeEndpoints } from './service-endpoints.ts';
import type { SideView } from '../side.ts';
import { baseName, endpointsOf, groupEndpoints, places, type ServiceGroup, serviceGroups } from './service-groups.ts';
import { keptSources } from './kept-sources.ts';
import { judgeTrafficPolicies } from './traffic-policy.ts';
import { counted, listed } from '../words.ts';

/** Changes of whole service ports: added, removed, at other addresses, with other endpoints. Each explains its rules, sets and services. */
export function judgeServices(judgement: Judgement): Draft[] {
  // What IPVS serves cannot be told without its table.
  if ([judgement.before, judgement.after].some((side) => side.facts.proxyMode?.value === 'ipvs' && side.model.ipvs === undefined))
    return [];
  const owned = ownedDifferences(judgement);
  const groups = serviceGroups(judgement);
  const { before, after } = judgement;
  const removed = groups.filter(
    (group) => group.after.length === 0 && isServed(before, whatOtherShows(group.before, before, after), judgement),
  );
  const added = groups.filter(
    (group) => group.before.length === 0 && isServed(after, whatOtherShows(group.after, after, before), judgement),
  );
  const drafts = [
    ...wholeServices(removed, 'removed', groups, owned, judgement),
    ...wholeServices(added, 'added', groups, owned, judgement),
  ];
  for (const group of groups) {
    if (group.before.length === 0 || group.after.length === 0) continue;
    for (const purpose of PURPOSES) {
      const draft = movedPlaces(group, purpose, owned, judgement);
      if (draft !== undefined) drafts.push(draft);
    }
  }
  return [
    ...drafts,
    ...nodePortAddresses(groups, owned, judgement),
    ...judgeTrafficPolicies(groups, owned, judgement),
    ...judgeAffinity(groups, owned, judgement),
    ...judgeEndpoints(groups, owned, judgement),
    ...judgeSelfConnections(groups, owned, judgement),
  ];
}

/** The places of a side that the other side would show if it had them: one whose table was not given has nothing that could be missing. */
function whatOtherShows(frontends: readonly Frontend[], side: SideView, other: SideView): Frontend[] {
  return frontends.filter((frontend) => {
    if (side.model.ipvs?.services.has(frontend.key) === true) return other.model.ipvs !== undefined;
    return familiesOf(frontend, side).some((family) => other.model.tables.has(`${family} nat`));
  });
}

/** Whether something leads from these places to endpoints, or refuses for want of them: a rule that only marks serves nothing. */
function isServed(side: SideView, frontends: readonly Frontend[], judgement: Judgement): boolean {
  return frontends.some((frontend) => {
    if (side.model.ipvs?.services.has(frontend.key) === true) return true;
    const flow = endpointsOf(side, frontend, judgement);
    return flow !== undefined && flow.verdict !== 'passed';
  });
}

const PURPOSES: readonly FrontendPurpose[] = ['cluster IP', 'node port', 'external IP', 'load-balancer IP'];

/** The ports of one service that come or go together are one story. */
function wholeServices(
  list: readonly ServiceGroup[],
  how: 'added' | 'removed',
  all: readonly ServiceGroup[],
  owned: OwnedDifferences,
  judgement: Judgement,
): Draft[] {
  const services = new Map<string, ServiceGroup[]>();
  for (const group of list) addToGroup(services, baseName(group.name), group);
  const drafts: Draft[] = [];
  const portsOf = new Map<string, number>();
  for (const group of all) portsOf.set(baseName(group.name), (portsOf.get(baseName(group.name)) ?? 0) + 1);
  for (const [service, groups] of services) {
    const whole = portsOf.get(service) === groups.length;
    const wipe = how === 'removed' ? wipeOfServices(judgement) : undefined;
    const cause = wipe ?? (whole ? serviceCause(service, groups, how, judgement) : undefined);
    for (const group of groups) drafts.push(wholeServicePort(group, how, owned, judgement, cause));
  }
  return drafts;
}

function serviceCause(service: string, groups: readonly ServiceGroup[], how: 'added' | 'removed', judgement: Judgement): CauseDraft {
  const side = how === 'removed' ? judgement.before : judgement.after;
  const frontends = groups.flatMap((group) => (how === 'removed' ? group.before : group.after));
  const endpoints = [...groupEndpoints(side, frontends, judgement)].sort();
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

function wholeServicePort(
  group: ServiceGroup,
  how: 'added' | 'removed',
  owned: OwnedDifferences,
  judgement: Judgement,
  cause: CauseDraft | undefined,
): Draft {
  const removed = how === 'removed';
  const frontends = removed ? group.before : group.after;
  const endpoints = groupEndpoints(removed ? judgement.before : judgement.after, frontends, judgement);
  const claim: Claim = { explains: [], origins: [] };
  claimFrontends(claim, frontends, endpoints, owned, judgement);
  claimRules(claim, group.name, owned, judgement);
  for (const frontend of frontends) claimRules(claim, frontend.key, owned, judgement);
  // What becomes of packets to these places is told here, not again with a rule.
  const known = frontends.flatMap(({ key }) => [judgement.before.frontends.get(key), judgement.after.frontends.get(key)]);
  for (const frontend of known) if (frontend !== undefined) judgement.told.add(frontend);
  const facts = { frontends: frontends.map((frontend) => frontend.key).sort(), endpoints: [...endpoints].sort() };
  const to = endpoints.size === 0 ? 'no endpoint' : listed([...endpoints].sort());
  const failing = removed ? [] : keptSources(frontends, judgement);
  const severity: Severity = !removed ? (failing.length > 0 ? 'warning' : 'notice') : endpoints.size === 0 ? 'notice' : 'critical';
  return {
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
    explains: claim.explains,
    origins: claim.origins.slice(0, 6),
    ...(cause === undefined ? {} : { cause }),
  };
}

const MOVED: { readonly [Purpose in FrontendPurpose]: string } = {
  'cluster IP': 'kube.service.cluster-ip-changed',
  'node port': 'kube.service.node-port-changed',
  'external IP': 'kube.service.external-address-changed',
  'load-balancer IP': 'kube.service.external-address-changed',
};

/** A service port that answers at other addresses or ports of one kind. */
function movedPlaces(group: ServiceGroup, purpose: FrontendPurpose, owned: OwnedDifferences, judgement: Judgement): Draft | undefined {
  const was = places(group.before, purpose);
  const is = places(group.after, purpose);
  const gone = was.filter((place) => !is.includes(place));
  const come = is.filter((place) => !was.includes(place));
  if (gone.length + come.length === 0) return undefined;
  const samePlace = purpose === 'cluster IP' && addressesOf(was) === addressesOf(is);
  const isOf =
    (list: readonly string[]) =>
    (frontend: Frontend): boolean =>
      frontend.purpose === purpose && places([frontend], purpose).some((place) => list.includes(place));
  const lostFrontends = group.before.filter(isOf(gone));
  const newFrontends = group.after.filter(isOf(come));
  const claim: Claim = { explains: [], origins: [] };
  claimFrontends(claim, [...lostFrontends, ...newFrontends], new Set(), owned, judgement);
  const keys = new Set([...lostFrontends, ...newFrontends].map((frontend) => frontend.key));
  for (const key of keys) claimRules(claim, key, owned, judgement);
  // -A KUBE-SVC-… ! -s 10.244.0.0/16 -d 10.96.78.31/32 -p tcp -m comment --comment "default/nginx cluster IP" -m tcp --dport 80 -j
  // KUBE-MARK-MASQ
  for (const placed of owned.rules.get(group.name) ?? []) if (asksFor(placed, keys)) claimRule(claim, placed, judgement);
  const noun = samePlace ? 'port' : purpose;
  const text =
    gone.length > 0 && come.length > 0
      ? `${group.name}: ${noun} ${listed(gone)} → ${listed(come)}; the old ${noun} leads nowhere any more`
      : gone.length > 0
        ? `${group.name} no longer answers at ${purpose} ${listed(gone)}`
        : `${group.name} answers at ${purpose} ${listed(come)} too`;
  const failing = keptSources(newFrontends, judgement);
  return {
    id: samePlace ? 'kube.service.port-changed' : MOVED[purpose],
    severity: gone.length > 0 ? 'critical' : failing.length > 0 ? 'warning' : 'notice',
    effect: gone.length > 0 ? 'lost' : 'gained',
    certainty: 'proven',
    subject: subjectOf(group),
    before: { [purpose]: was },
    after: { [purpose]: is },
    text,
    details: failing,
    explains: claim.explains,
    origins: claim.origins.slice(0, 6),
  };
}

/** Whether a rule asks for one of these frontends, and on no side for another. */
function asksFor({ difference, chain }: PlacedRule, keys: ReadonlySet<string>): boolean {
  return sidesOf(difference).every((entry) => keys.has(frontendOfRule(entry, chain)?.key ?? ''));
}

function addressesOf(list: readonly string[]): string {
  return [...new Set(list.map((place) => place.slice(0, place.lastIndexOf(':'))))].sort().join();
}

/** Node ports that answer at other addresses of the node, for all services alike: `--nodeport-addresses`, or the node's own addresses. */
function nodePortAddresses(groups: readonly ServiceGroup[], owned: OwnedDifferences, judgement: Judgement): Draft[] {
  const isPort = (frontend: Frontend): boolean => frontend.purpose === 'node port' && frontend.address !== undefined;
  const changes = new Map<
    string,
    { readonly gone: string[]; readonly come: string[]; readonly names: string[]; readonly frontends: Frontend[] }
  >();
  for (const group of groups) {
    const was = group.before.filter(isPort);
    const is = group.after.filter(isPort);
    const ports = new Set(was.map((frontend) => frontend.port).filter((port) => is.some((frontend) => frontend.port === port)));
    const addresses = (list: readonly Frontend[]): Set<string> =>
      new Set(list.filter((frontend) => ports.has(frontend.port)).map((frontend) => frontend.address ?? ''));
    const gone = [...addresses(was)].filter((address) => !addresses(is).has(address)).sort();
    const come = [...addresses(is)].filter((address) => !addresses(was).has(address)).sort();
    if (gone.length + come.length === 0) continue;
    const key = `${gone.join()} ${come.join()}`;
    const change = changes.get(key) ?? { gone, come, names: [], frontends: [] };
    change.names.push(group.name);
    append(
      change.frontends,
      was.filter((frontend) => gone.includes(frontend.address ?? '')),
      is.filter((frontend) => come.includes(frontend.address ?? '')),
    );
    changes.set(key, change);
  }
  return [...changes.values()].map(({ gone, come, names, frontends }): Draft => {
    const claim: Claim = { explains: [], origins: [] };
    claimFrontends(claim, frontends, new Set(), owned, judgement);
    const texts = [
      ...(gone.length === 0 ? [] : [`no longer answer at ${listed(gone)}`]),
      ...(come.length === 0 ? [] : [`answer at ${listed(come)} too`]),
    ];
    return {
      id: 'kube.config.node-port-addresses-changed',
      severity: 'warning',
      effect: gone.length > 0 ? 'lost' : 'gained',
      certainty: 'proven',
      subject: { kind: 'config', name: 'node-port addresses' },
      before: { gone },
      after: { come },
      text: `the node ports of ${listed(names.sort(), 6)} ${texts.join(' and ')}`,
      explains: claim.explains,
      origins: claim.origins.slice(0, 6),
    };
  });
}
