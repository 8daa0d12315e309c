import { addToGroup } from '../../common/add-to-group.ts';
import type { NodeView } from '../../services/node-facts.ts';
import { endpointText } from '../../state/ipvs-table.ts';
import type { IpvsService } from '../../state/model.ts';
import { counted, findingKinds, type FoundThing, listed } from '../finding.ts';
import type { Expectation } from './expectation.ts';
import type { ExpectedPlace } from './expected-place.ts';
import type { OrphanPlace } from './orphan-services.ts';
import { canBeSeen, servedAt, type ServedPlaces, showsFamily, showsRules } from './served-places.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'x.service-without-iptables',
    severity: 'warning',
    title: 'a service that no rule serves',
    why: 'its address is not served',
    needs: ['nat'],
  },
  {
    id: 'x.service-without-ipvs',
    severity: 'warning',
    title: 'a service that IPVS does not serve',
    why: 'its address is not served',
    needs: ['ipvs', 'nat', 'given'],
  },
  {
    id: 'x.service-without-nftables',
    severity: 'warning',
    title: 'a service that no map or rule of nft serves',
    why: 'its address is not served',
  },
]);
export { kinds as missingKinds };

type MissingId = (typeof kinds)[number]['id'];

/** What is served and belongs to no service of the cluster. */
export interface Orphans {
  readonly ipvs: readonly IpvsService[];
  readonly rules: readonly OrphanPlace[];
}

/** Places of services that nothing on the node serves: one finding for each service, or one for a family of which nothing is served. */
export function missingServices(view: NodeView, expectation: Expectation, served: ServedPlaces, orphans: Orphans): FoundThing[] {
  const missing = missingPlaces(view, expectation, served);
  if (missing.length === 0) return [];
  const mode = expectation.known?.settings.mode ?? view.facts.proxyMode?.value;
  const asked = view.facts.proxyMode === undefined ? (view.facts.modeAsked?.value ?? mode) : mode;
  const id = asked === 'iptables' || asked === 'nftables' ? (`x.service-without-${asked}` as const) : 'x.service-without-ipvs';
  const by = id === 'x.service-without-ipvs' ? 'virtual service' : 'rule';
  const seen = expectation.places.filter((place) => showsFamily(view, expectation, place.family) && canBeSeen(view, place));
  const found: FoundThing[] = [];
  const lost = (['ipv4', 'ipv6'] as const).filter((family) => {
    const all = seen.filter((place) => place.family === family);
    return all.length > 0 && all.every((place) => missing.includes(place));
  });
  // Of a node whose mode nothing tells, rules that are not in the snapshot may serve everything.
  const mayBeServed = mode === undefined && ![...view.model.tables.values()].some(({ name }) => name === 'nat');
  if (lost.length > 0)
    found.push(
      nothingServed(
        id,
        by,
        missing.filter(({ family }) => lost.includes(family)),
        new Set(seen.map(({ family }) => family)).size > lost.length ? lost : [],
        mayBeServed,
      ),
    );
  const byService = new Map<string, ExpectedPlace[]>();
  for (const place of missing) if (!lost.includes(place.family)) addToGroup(byService, place.service, place);
  if (byService.size > MANY) return [...found, manyMissing(id, by, [...byService.values()].flat())];
  for (const [service, places] of byService) found.push(serviceMissing(id, by, service, places, orphans));
  return found;
}

/** More services than this are missing for one reason. */
const MANY = 10;

function manyMissing(id: MissingId, by: string, places: readonly ExpectedPlace[]): FoundThing {
  const names = [...new Set(places.map(({ name }) => name))];
  return finding(id, {
    severity: 'critical',
    subject: { kind: 'config', name: 'services' },
    text: `${counted(names.length, 'service port')} of the cluster have no ${by}: ${listed(names)}`,
    origins: [],
    askedOrigins: places.slice(0, 1).map(({ origin }) => origin),
  });
}

function nothingServed(
  id: MissingId,
  by: string,
  places: readonly ExpectedPlace[],
  families: readonly string[],
  mayBeServed: boolean,
): FoundThing {
  const names = new Set(places.map(({ name }) => name));
  const family = families.map((name) => (name === 'ipv6' ? ' over IPv6' : ' over IPv4')).join(' and');
  return finding(id, {
    severity: mayBeServed ? 'none' : 'critical',
    subject: { kind: 'config', name: 'services' },
    text: `none of the ${counted(names.size, 'service port')} of the cluster has a ${by}${family}${mayBeServed ? '; whether rules serve them is not shown' : ''}`,
    origins: [],
    askedOrigins: places.slice(0, 1).map(({ origin }) => origin),
  });
}

function serviceMissing(id: MissingId, by: string, service: string, places: readonly ExpectedPlace[], orphans: Orphans): FoundThing {
  const [first] = places;
  const given = orphans.ipvs.filter((orphan) => places.some((place) => isGivenUpFor(orphan, place))).map(({ key }) => key);
  const instead = [...given, ...orphans.rules.filter((orphan) => orphan.service === service).map(({ key }) => key)];
  const names = [...new Set(places.map(({ name }) => name))];
  const name = names.length === 1 ? (names[0] ?? service) : service;
  const keys = places.map(({ key }) => key);
  const delivers = places.some(({ endpoints }) => (endpoints?.length ?? 0) > 0);
  return finding(id, {
    ...(delivers ? { severity: 'critical' as const } : {}),
    subject: { kind: 'kube.servicePort', name, frontends: keys },
    text: `${name} (${places.length === 1 ? `${first?.purpose ?? ''} ` : ''}${listed(keys)}) has no ${by}`,
    ...(instead.length === 0 ? {} : { note: `${listed(instead)} ${instead.length === 1 ? 'is' : 'are'} there instead` }),
    about: [...names, name],
    origins: [],
    askedOrigins: places.slice(0, 1).map(({ origin }) => origin),
  });
}

/** Whether a virtual service that no service of the cluster has is an address or a port that was given up for a place that is missing. */
export function isGivenUpFor({ protocol, address, destinations }: IpvsService, { key, allowed }: ExpectedPlace): boolean {
  if (!key.startsWith(`${protocol ?? ''} `)) return false;
  if (key.startsWith(`${protocol ?? ''} ${endpointText(address ?? '', 0).slice(0, -1)}`)) return true;
  return destinations.size > 0 && allowed?.length === destinations.size && allowed.every((endpoint) => destinations.has(endpoint));
}

/** The places of which nothing is there. */
export function missingPlaces(view: NodeView, expectation: Expectation, served: ServedPlaces): ExpectedPlace[] {
  return expectation.places.filter(
    (place) =>
      place.certain &&
      showsFamily(view, expectation, place.family) &&
      canBeSeen(view, place) &&
      showsPlace(view, place) &&
      servedAt(served, place).length === 0,
  );
}

/** In iptables mode a place that nobody is served at has rules in the filter table alone. */
function showsPlace(view: NodeView, { family, endpoints, paths }: ExpectedPlace): boolean {
  if (view.facts.proxyMode?.value !== 'iptables' || showsRules(view, family, 'filter')) return true;
  return (endpoints?.length ?? 0) > 0 && paths.every((reading) => reading.some(({ verdict }) => verdict === 'delivered'));
}
