import type { NodeView } from '../../../services/node-facts.ts';
import type { ServiceFrontend } from '../../../proxy/service-table.ts';
import { addToGroup } from '../../../common/add-to-group.ts';
import { endpointAddress, endpointText } from '../../../state/ipvs-table.ts';
import type { Origin } from '../../../state/origin.ts';
import { finding, type FoundThing, listed } from '../../finding.ts';
import type { Expectation } from '../expectation.ts';
import type { ExpectedPlace } from '../expected-place.ts';
import { canBeSeen, servedAt, type ServedPlaces } from '../served-places.ts';

/** Endpoints that are missing at a place, and those that should not be there. */
export interface EndpointDifference {
  readonly place: ExpectedPlace;
  readonly frontends: readonly ServiceFrontend[];
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

/** Where the endpoints of a place are not those of the objects. */
export function endpointDifferences(view: NodeView, { places }: Expectation, served: ServedPlaces): EndpointDifference[] {
  return places.flatMap((place) => {
    const { endpoints, allowed } = place;
    const frontends = servedAt(served, place);
    if (endpoints === undefined || allowed === undefined || frontends.length === 0 || !canBeSeen(view, place)) return [];
    const used = new Set(frontends.flatMap((frontend) => usedEndpoints(view, frontend)));
    const missing = isWrongUnderEvery(view, place, frontends) ? endpoints.filter((endpoint) => !used.has(endpoint)) : [];
    const extra = [...used].filter((endpoint) => !allowed.includes(endpoint)).sort();
    return missing.length + extra.length === 0 ? [] : [{ place, frontends, missing, extra }];
  });
}

/** One finding for what is so at several addresses and ports of a service: where less is wrong at one, it is told with the other. */
export function endpointFindings(view: NodeView, differences: readonly EndpointDifference[]): FoundThing[] {
  const services = new Map<string, EndpointDifference[]>();
  for (const difference of differences) addToGroup(services, difference.place.service, difference);
  return [...services.values()].flatMap((ofService) => {
    const groups: { readonly hosts: { readonly missing: ReadonlySet<string>; readonly extra: ReadonlySet<string> }; readonly of: EndpointDifference[] }[] = [];
    for (const difference of [...ofService].sort((one, other) => sizeOf(other) - sizeOf(one))) {
      const hosts = { missing: hostsOf(difference.missing), extra: hostsOf(difference.extra) };
      const known = groups.find((group) => isWithin(hosts.missing, group.hosts.missing) && isWithin(hosts.extra, group.hosts.extra) && (hosts.missing.size > 0) === (group.hosts.missing.size > 0));
      if (known === undefined) groups.push({ hosts, of: [difference] });
      else known.of.push(difference);
    }
    return groups.map((group) => findingOf(view, group.of));
  });
}

function sizeOf({ missing, extra }: EndpointDifference): number {
  return missing.length + extra.length;
}

function hostsOf(endpoints: readonly string[]): ReadonlySet<string> {
  return new Set(endpoints.map(endpointAddress));
}

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every((one) => all.has(one));
}

function findingOf(view: NodeView, group: readonly EndpointDifference[]): FoundThing {
  const [first] = group as readonly [EndpointDifference, ...EndpointDifference[]];
  const names = [...new Set(group.map(({ place }) => place.name))].sort();
  const [missing, extra] = [unique(group.flatMap((one) => one.missing)), unique(group.flatMap((one) => one.extra))];
  const shared = {
    subject: { kind: 'kube.servicePort', name: names.length === 1 ? first.place.name : first.place.service, frontends: group.map(({ place }) => place.key) } as const,
    origins: originsOf(view, first.frontends),
    askedOrigins: [first.place.origin],
    about: [...names, first.place.service],
    ...(first.place.changedAt === undefined ? {} : { note: `its endpoints last changed at ${first.place.changedAt}: stale since then, unless somebody changed the node` }),
  };
  const [sends, its] = names.length === 1 ? ['sends', 'its'] : ['send', 'their'];
  const stray = `${listed(extra)}, which ${extra.length === 1 ? 'is no endpoint' : 'are no endpoints'} of ${names.length === 1 ? 'it' : 'them'}`;
  if (missing.length === 0) return finding('x.endpoint-not-expected', { ...shared, text: `${listed(names)} ${sends} connections to ${stray}` });
  const all = first.missing.length === first.place.endpoints?.length;
  const which = all && missing.length > 1 ? `any of ${its} endpoints` : all ? `${its} only endpoint` : `${its} endpoint${missing.length === 1 ? '' : 's'}`;
  const instead = extra.length === 0 ? '' : `, but to ${stray}`;
  const { policyUnknown } = first.place;
  return finding('x.endpoint-missing', {
    ...(policyUnknown ? { severity: 'warning' as const, certainty: 'conditional' as const } : {}),
    ...shared,
    text: `${listed(names)} ${sends} no connection to ${which} ${listed(missing)}${instead}${policyUnknown ? ', unless its internalTrafficPolicy is Local' : ''}`,
  });
}

function unique(endpoints: readonly string[]): string[] {
  return [...new Set(endpoints)].sort();
}

/** In rules, endpoints that no sender reaches because the place is refused or dropped are told by that. */
function isWrongUnderEvery({ model }: NodeView, { key }: ExpectedPlace, frontends: readonly ServiceFrontend[]): boolean {
  if (model.ipvs?.services.has(key) === true) return true;
  return frontends.some(({ paths }) => paths.some(({ verdict }) => verdict === 'delivered')) || frontends.every(({ paths }) => paths.every(({ reason }) => reason === 'no endpoints'));
}

/** Destinations of a virtual service, also those that drain and have to be there; the endpoints of the paths where rules translate. */
function usedEndpoints({ model }: NodeView, frontend: ServiceFrontend): string[] {
  if (frontend.by !== 'iptables' && frontend.by !== 'nftables') {
    const services = frontend.addresses.flatMap((address) => model.ipvs?.services.get(`${frontend.protocol} ${endpointText(address, frontend.port)}`) ?? []);
    if (services.length > 0) return services.flatMap((service) => [...service.destinations.values()].filter(({ weight }) => weight !== 0).map(({ key }) => key));
  }
  return frontend.paths.flatMap(({ endpoints }) => endpoints.map(({ address }) => address));
}

function originsOf({ model }: NodeView, frontends: readonly ServiceFrontend[]): readonly Origin[] {
  const origins = frontends.flatMap(({ protocol, addresses, port }) => addresses.flatMap((address) => model.ipvs?.services.get(`${protocol} ${endpointText(address, port)}`)?.origin ?? []));
  return origins.slice(0, 2);
}
