import { CHAIN } from '../../proxy/names/fixed-names.ts';
import { addToGroup } from '../../common/add-to-group.ts';
import type { NodeView } from '../../services/node-facts.ts';
import type { ServiceFrontend } from '../../proxy/service-table.ts';
import { endpointText } from '../../state/ipvs-table.ts';
import type { IpvsService } from '../../state/model.ts';
import { contains } from '../../desired/node-port-addresses.ts';
import { type Family, familyOf } from '../../desired/settings.ts';
import { kubeProxyTables } from '../../proxy/nftables/names.ts';
import { findingKinds, type FoundThing, listed } from '../finding.ts';
import type { Expectation } from './expectation.ts';
import { orphanGroups } from './orphan-groups.ts';
import type { ExpectedPlace } from './expected-place.ts';
import { familyOfFrontend } from './served-places.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'x.iptables-service-orphan',
    severity: 'warning',
    title: 'rules serve a service that the cluster does not have',
    why: 'left over: connections reach what is no longer its endpoint',
  },
  {
    id: 'x.ipvs-service-orphan',
    severity: 'warning',
    title: 'a virtual service that belongs to no Service of the cluster',
    why: 'left over, or made by somebody else',
  },
  {
    id: 'x.nftables-service-orphan',
    severity: 'warning',
    title: 'maps or rules of nft serve a service that the cluster does not have',
    why: 'left over: connections reach what is no longer its endpoint',
  },
]);
export { kinds as orphanKinds };

/** The virtual services of one service that is gone, or that kube-proxy leaves alone, are one finding. */
export function orphanServices(services: readonly IpvsService[], view: Pick<NodeView, 'knowledge' | 'model'>): FoundThing[] {
  return orphanGroups(services, view).map(({ services: group, owner }) => {
    const keys = group.map(({ key }) => key);
    const destinations = [...new Set(group.flatMap((service) => [...service.destinations.keys()]))].sort();
    const to = destinations.length === 0 ? 'nothing' : listed(destinations);
    const because =
      owner !== undefined
        ? `kube-proxy leaves service ${owner} alone`
        : `no service of the cluster has ${keys.length === 1 ? 'this address' : 'these addresses'}`;
    return finding('x.ipvs-service-orphan', {
      subject: { kind: 'ipvs.service', name: keys[0] ?? '', frontends: keys },
      text: `${listed(keys)} ${keys.length === 1 ? 'leads' : 'lead'} to ${to}, and ${because}`,
      note: 'kube-proxy removes it at its next full sync, unless --ipvs-exclude-cidrs covers it',
      origins: group.slice(0, 2).map(({ origin }) => origin),
    });
  });
}

/** Virtual services that are no service's, no node port's, and in no range that kube-proxy is told to leave alone. */
export function orphans({ model, facts }: NodeView, { places, complete, known }: Expectation): IpvsService[] {
  if (!complete || !['ipvs', 'mixed'].includes(facts.proxyMode?.value ?? '')) return [];
  const expected = new Set(places.map(({ key }) => key));
  const excluded = known?.settings.excludeCidrs ?? [];
  // A table of kubectl shows the first cluster IP of a service, and nothing of its address in the other family.
  const families = new Set(places.map(({ family }) => family));
  const portOf = (key: string): string => key.slice(key.lastIndexOf(':'));
  const ports = new Set(places.map(({ key, family }) => `${family} ${portOf(key)}`));
  const isShown = (key: string, family: Family): boolean =>
    known !== undefined || (families.has(family) && !ports.has(`${family === 'ipv4' ? 'ipv6' : 'ipv4'} ${portOf(key)}`));
  return [...(model.ipvs?.services.values() ?? [])].filter(({ key, protocol, address, port, family }) => {
    if (
      !isShown(key, family) ||
      protocol === undefined ||
      address === undefined ||
      expected.has(key) ||
      expected.has(`${protocol} *:${port ?? 0}`)
    )
      return false;
    return !excluded.some((range) => contains(range, address));
  });
}

/** A place that rules serve and that no service of the cluster has. */
export interface OrphanPlace {
  /** `default/web`, or the place where no name is known. */
  readonly service: string;
  readonly key: string;
}

/** Places that rules serve, of the names in their comments or chains, and that the cluster does not ask for. */
export function orphanPlaces({ table, facts }: NodeView, { places, complete, known }: Expectation): OrphanPlace[] {
  const mode = facts.proxyMode?.value;
  if (!complete || (mode !== 'iptables' && mode !== 'nftables') || known?.settings.mode !== mode) return [];
  const expected = new Set(places.map(({ family, key }) => `${family} ${key}`));
  return table.servicePorts.flatMap(({ name, named, frontends }) => {
    if (!named && mode === 'iptables') return [];
    const stray = frontends.flatMap((frontend) => (frontend.by === 'none' ? [] : placeOf(frontend)));
    return stray
      .filter(({ family, key }) => !expected.has(`${family} ${key}`))
      .map(({ key }) => ({ service: named ? name.replace(/:[^:]*$/, '') : name, key }));
  });
}

function placeOf(frontend: ServiceFrontend): { readonly family: Family; readonly key: string }[] {
  const { protocol, addresses, port, purpose } = frontend;
  if (purpose === 'node port') return [{ family: familyOfFrontend(frontend), key: `${protocol} *:${port}` }];
  return addresses.map((address) => ({ family: familyOf(address), key: `${protocol} ${endpointText(address, port)}` }));
}

/** Each service once; those that stand in place of something that is missing are told there. */
export function orphansInRules(
  { facts, knowledge, model }: NodeView,
  orphaned: readonly OrphanPlace[],
  { places }: Expectation,
  lost: readonly ExpectedPlace[],
): FoundThing[] {
  const missing = new Set(lost.map(({ service }) => service));
  const expected = new Set(places.map(({ service }) => service));
  const groups = new Map<string, string[]>();
  for (const { service, key } of orphaned) if (!missing.has(service)) addToGroup(groups, service, key);
  const nft = kubeProxyTables(model).map(({ table, originOf }) => originOf(table.span));
  const origins =
    facts.proxyMode?.value === 'nftables'
      ? nft.slice(0, 1)
      : [model.tables.get('ipv4 nat')?.chains.get(CHAIN.services)?.origin ?? []].flat();
  return [...groups].map(([service, keys]) => {
    const exists = knowledge.services.some(({ value }) => `${value.namespace}/${value.name}` === service);
    const because = expected.has(service)
      ? `the service does not have ${keys.length === 1 ? 'this address and port' : 'these addresses and ports'}`
      : exists
        ? 'kube-proxy leaves this service alone'
        : 'the cluster has no such service';
    const subject = { kind: 'kube.servicePort', name: service, frontends: keys } as const;
    return finding(`x.${facts.proxyMode?.value === 'nftables' ? 'nftables' : 'iptables'}-service-orphan`, {
      subject,
      text: `rules serve ${service} (${listed(keys)}), and ${because}`,
      origins,
      about: expected.has(service) ? [] : [service],
    });
  });
}
