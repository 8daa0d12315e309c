import type { NodeView } from '../../kubernetes/node-facts.ts';
import type { ServiceFrontend } from '../../kubernetes/service-table.ts';
import { addToGroup } from '../../add-to-group.ts';
import { endpointAddress, endpointText } from '../../model/ipvs-table.ts';
import type { Origin } from '../../model/origin.ts';
import { finding, type FoundThing, listed } from '../finding.ts';
import type { Expectation } from './expectation.ts';
import type { ExpectedPlace } from './expected-place.ts';
import { canBeSeen, servedAt, type ServedPlaces } from './served-places.ts';

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

/** One finding for what is so at several addresses and ports of a service. */
export function endpointFindings(view: NodeView, differences: readonly EndpointDifference[]): FoundThing[] {
  const hosts = (endpoints: readonly string[]): string => [...new Set(endpoints.map(endpointAddress))].sort().join();
  const groups = new Map<string, EndpointDifference[]>();
  for (const difference of differences) {
    const { place, missing, extra } = difference;
    const all = missing.length === place.endpoints?.length;
    addToGroup(groups, `${place.service} ${hosts(missing)} ${all} ${hosts(extra)}`, difference);
  }
  return [...groups.values()].map((group) => findingOf(view, group));
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
  };
  const [sends, its] = names.length === 1 ? ['sends', 'its'] : ['send', 'their'];
  const stray = `${listed(extra)}, which ${extra.length === 1 ? 'is no endpoint' : 'are no endpoints'} of ${names.length === 1 ? 'it' : 'them'}`;
  if (missing.length === 0) return finding('x.endpoint-not-expected', { ...shared, text: `${listed(names)} ${sends} connections to ${stray}` });
  const all = first.missing.length === first.place.endpoints?.length;
  const which = all && missing.length > 1 ? `any of ${its} endpoints` : all ? `${its} only endpoint` : `${its} endpoint`;
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
