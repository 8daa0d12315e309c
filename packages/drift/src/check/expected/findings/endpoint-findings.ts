import type { NodeView } from '../../../services/node-facts.ts';
import type { ServiceFrontend } from '../../../proxy/service-table.ts';
import { addToGroup } from '../../../common/add-to-group.ts';
import { endpointText } from '../../../state/ipvs-table.ts';
import type { Origin } from '../../../state/origin.ts';
import { findingKinds, type FoundThing, listed } from '../../finding.ts';
import type { ExpectedPlace } from '../expected-place.ts';
import { canBeSeen, servedAt, type ServedPlaces } from '../served-places.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'x.endpoint-missing',
    severity: 'critical',
    title: 'an endpoint of the service gets no connections',
    why: 'the others take its share; without others the service is down',
    needs: ['service', 'nat'],
  },
  {
    id: 'x.endpoint-not-expected',
    severity: 'critical',
    title: 'connections go to an endpoint the service does not have',
    why: 'they fail, or reach something else',
  },
]);
export { kinds as endpointKinds };

/** Endpoints that are missing at a place, and those that should not be there. */
export interface EndpointDifference {
  readonly place: ExpectedPlace;
  readonly frontends: readonly ServiceFrontend[];
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

/** Where the endpoints of a place are not those of the objects. */
export function endpointDifferences(view: NodeView, places: readonly ExpectedPlace[], served: ServedPlaces): EndpointDifference[] {
  return places.flatMap((place) => {
    const { endpoints, allowed } = place;
    const frontends = servedAt(served, place);
    if (endpoints === undefined || allowed === undefined || frontends.length === 0 || !canBeSeen(view, place)) return [];
    const used = new Set(frontends.flatMap((frontend) => usedEndpoints(view, frontend)));
    const asked = place.choices === undefined ? { endpoints, allowed } : closest(place.choices, used);
    const missing = isWrongUnderEvery(view, place, frontends) ? asked.endpoints.filter((endpoint) => !used.has(endpoint)) : [];
    const extra = [...used].filter((endpoint) => !asked.allowed.includes(endpoint)).sort();
    return missing.length + extra.length === 0 ? [] : [{ place, frontends, missing, extra }];
  });
}

/** Of several lists that may be asked for, the one that the node is closest to: it has to be one of them. */
function closest(
  choices: readonly (readonly string[])[],
  used: ReadonlySet<string>,
): { readonly endpoints: readonly string[]; readonly allowed: readonly string[] } {
  const distance = (list: readonly string[]): number =>
    list.filter((endpoint) => !used.has(endpoint)).length + [...used].filter((endpoint) => !list.includes(endpoint)).length;
  const [best = []] = choices
    .map((list) => [distance(list), list] as const)
    .sort(([one], [other]) => one - other)
    .map(([, list]) => list);
  return { endpoints: best, allowed: best };
}

/** One finding for each service: what is wrong at several of its addresses and ports, or at some of them alone. */
export function endpointFindings(view: NodeView, differences: readonly EndpointDifference[]): FoundThing[] {
  const services = new Map<string, EndpointDifference[]>();
  for (const difference of differences) addToGroup(services, difference.place.service, difference);
  return [...services.values()].map((ofService) => findingOf(view, ofService));
}

function findingOf(view: NodeView, ofService: readonly EndpointDifference[]): FoundThing {
  const group = [...ofService].sort((one, other) => sizeOf(other) - sizeOf(one));
  const [first] = group as [EndpointDifference, ...EndpointDifference[]];
  const names = [...new Set(group.map(({ place }) => place.name))].sort();
  const [missing, extra] = [unique(group.flatMap((one) => one.missing)), unique(group.flatMap((one) => one.extra))];
  const shared = {
    subject: {
      kind: 'kube.servicePort',
      name: names.length === 1 ? first.place.name : first.place.service,
      frontends: group.map(({ place }) => place.key),
    } as const,
    origins: originsOf(view, first.frontends),
    askedOrigins: [first.place.origin],
    about: [...names, first.place.service],
    ...(first.place.changedAt === undefined
      ? {}
      : { note: `its endpoints last changed at ${first.place.changedAt}: stale since then, unless somebody changed the node` }),
  };
  const [sends, its] = names.length === 1 ? ['sends', 'its'] : ['send', 'their'];
  const stray = `${listed(extra)}, which ${extra.length === 1 ? 'is no endpoint' : 'are no endpoints'} of ${names.length === 1 ? 'it' : 'them'}`;
  if (missing.length === 0)
    return finding('x.endpoint-not-expected', { ...shared, text: `${listed(names)} ${sends} connections to ${stray}` });
  const all = group.every(({ missing: lacking, place }) => lacking.length === place.endpoints?.length);
  const which =
    all && missing.length > 1
      ? `any of ${its} endpoints`
      : all
        ? `${its} only endpoint`
        : `${its} endpoint${missing.length === 1 ? '' : 's'}`;
  const instead = extra.length === 0 ? '' : `, but to ${stray}`;
  const { policyUnknown } = first.place;
  return finding('x.endpoint-missing', {
    ...(policyUnknown ? { severity: 'warning' as const, certainty: 'conditional' as const } : {}),
    ...shared,
    text: `${listed(names)} ${sends} no connection to ${which} ${listed(missing)}${instead}${policyUnknown ? ', unless its internalTrafficPolicy is Local' : ''}`,
  });
}

function sizeOf({ missing, extra }: EndpointDifference): number {
  return missing.length + extra.length;
}

function unique(endpoints: readonly string[]): string[] {
  return [...new Set(endpoints)].sort();
}

/** In rules, endpoints that no sender reaches because the place is refused or dropped are told by that. */
function isWrongUnderEvery({ model }: NodeView, { key }: ExpectedPlace, frontends: readonly ServiceFrontend[]): boolean {
  if (model.ipvs?.services.has(key) === true) return true;
  return (
    frontends.some(({ paths }) => paths.some(({ verdict }) => verdict === 'delivered')) ||
    frontends.every(({ paths }) => paths.every(({ reason }) => reason === 'no endpoints'))
  );
}

/** Destinations of a virtual service, also those that drain and have to be there; the endpoints of the paths where rules translate. */
function usedEndpoints({ model }: NodeView, frontend: ServiceFrontend): string[] {
  if (frontend.by !== 'iptables' && frontend.by !== 'nftables') {
    const services = frontend.addresses.flatMap(
      (address) => model.ipvs?.services.get(`${frontend.protocol} ${endpointText(address, frontend.port)}`) ?? [],
    );
    if (services.length > 0)
      return services.flatMap((service) => [...service.destinations.values()].filter(({ weight }) => weight !== 0).map(({ key }) => key));
  }
  return frontend.paths.flatMap(({ endpoints }) => endpoints.map(({ address }) => address));
}

function originsOf({ model }: NodeView, frontends: readonly ServiceFrontend[]): readonly Origin[] {
  const origins = frontends.flatMap(({ protocol, addresses, port }) =>
    addresses.flatMap((address) => model.ipvs?.services.get(`${protocol} ${endpointText(address, port)}`)?.origin ?? []),
  );
  return origins.slice(0, 2);
}
