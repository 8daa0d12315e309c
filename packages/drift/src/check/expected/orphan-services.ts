import { addToGroup } from '../../add-to-group.ts';
import type { NodeView } from '../../kubernetes/node-facts.ts';
import type { IpvsService } from '../../model/model.ts';
import { contains } from '../../proxy/desired/node-port-addresses.ts';
import { finding, type FoundThing, listed } from '../finding.ts';
import type { Expectation } from './expectation.ts';

/** Those that lead to the same endpoints are one finding: the addresses and ports of a service that is gone. */
export function orphanServices(services: readonly IpvsService[]): FoundThing[] {
  const groups = new Map<string, IpvsService[]>();
  for (const service of services) addToGroup(groups, [...new Set([...service.destinations.values()].map(({ address }) => address))].sort().join(' '), service);
  return [...groups.values()].map((group) => {
    const keys = group.map(({ key }) => key);
    const destinations = [...new Set(group.flatMap((service) => [...service.destinations.keys()]))].sort();
    const to = destinations.length === 0 ? 'nothing' : listed(destinations);
    return finding('x.ipvs-service-orphan', {
      subject: { kind: 'ipvs.service', name: keys[0] ?? '', frontends: keys },
      text: keys.length === 1 ? `${listed(keys)} leads to ${to}, and no service of the cluster has this address` : `${listed(keys)} lead to ${to}, and no service of the cluster has these addresses`,
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
  return [...(model.ipvs?.services.values() ?? [])].filter(({ key, protocol, address, port }) => {
    if (protocol === undefined || address === undefined || expected.has(key) || expected.has(`${protocol} *:${port ?? 0}`)) return false;
    return !excluded.some((range) => contains(range, address));
  });
}

/** Services that rules serve, by the names in their comments, and that the cluster does not have; each once. */
export function orphansInRules({ table, facts, knowledge, model }: NodeView, { places, complete, known }: Expectation): FoundThing[] {
  if (!complete || facts.proxyMode?.value !== 'iptables' || known?.settings.mode !== 'iptables') return [];
  const expected = new Set(places.map(({ service }) => service));
  const groups = new Map<string, string[]>();
  for (const { name, named, frontends } of table.servicePorts) {
    const service = name.replace(/:[^:]*$/, '');
    if (!named || expected.has(service) || expected.has(name)) continue;
    for (const { by, protocol, addresses, port } of frontends) if (by !== 'none') addToGroup(groups, service, `${protocol} ${addresses[0] === undefined ? '*' : addresses[0]}:${port}`);
  }
  const origin = model.tables.get('ipv4 nat')?.chains.get('KUBE-SERVICES')?.origin;
  return [...groups].map(([service, keys]) => {
    const because = knowledge.services.some(({ value }) => `${value.namespace}/${value.name}` === service) ? 'kube-proxy leaves this service alone' : 'the cluster has no such service';
    const subject = { kind: 'kube.servicePort', name: service, frontends: keys } as const;
    return finding('x.iptables-service-orphan', { subject, text: `rules serve ${service} (${listed(keys)}), and ${because}`, origins: origin === undefined ? [] : [origin] });
  });
}
