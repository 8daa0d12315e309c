import { addToGroup } from '../../common/add-to-group.ts';
import { ownAddresses } from '../../proxy/facts/own-interfaces.ts';
import type { NodeView } from '../../services/node-facts.ts';
import { endpointText } from '../../state/ipvs-table.ts';
import type { IpvsService } from '../../state/model.ts';

/** Virtual services that one service had. */
export interface OrphanGroup {
  readonly services: readonly IpvsService[];
  /** The Service object at whose address or node port they are: kube-proxy leaves it alone. */
  readonly owner?: string;
}

/**
 * Virtual services by the service that had them, as far as that can be told: by the addresses and ports of a Service that kube-proxy leaves
 * alone, by the node port that both families share, and by their endpoints, of which a place of policy Local has some.
 */
export function orphanGroups(orphans: readonly IpvsService[], { knowledge, model }: Pick<NodeView, 'knowledge' | 'model'>): OrphanGroup[] {
  const owners = ownersByPlace(knowledge);
  const local = new Set(ownAddresses(model));
  const owned = new Map<string, IpvsService[]>();
  const byEndpoints = new Map<string, IpvsService[]>();
  for (const orphan of orphans) {
    const owner = owners.get(orphan.key) ?? owners.get(nodePortOf(orphan));
    if (owner === undefined) addToGroup(byEndpoints, [...hostsOf([orphan])].sort().join(' '), orphan);
    else addToGroup(owned, owner, orphan);
  }
  const groups: { readonly hosts: ReadonlySet<string>; readonly nodePorts: ReadonlySet<string>; readonly services: IpvsService[] }[] = [];
  for (const services of [...byEndpoints.values()].sort((one, other) => hostsOf(other).size - hostsOf(one).size)) {
    const hosts = hostsOf(services);
    const nodePorts = new Set(services.filter(({ address = '' }) => local.has(address)).map(nodePortOf));
    const known = groups.find(
      (group) => (hosts.size > 0 && isWithin(hosts, group.hosts)) || [...nodePorts].some((port) => group.nodePorts.has(port)),
    );
    if (known === undefined) groups.push({ hosts, nodePorts, services });
    else known.services.push(...services);
  }
  return [...[...owned].map(([owner, services]) => ({ owner, services })), ...groups.map(({ services }) => ({ services }))];
}

function nodePortOf({ protocol = '', port = 0 }: IpvsService): string {
  return `${protocol} *:${port}`;
}

function hostsOf(services: readonly IpvsService[]): Set<string> {
  return new Set(services.flatMap(({ destinations }) => [...destinations.values()].map(({ address }) => address)));
}

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every((one) => all.has(one));
}

function ownersByPlace({ services }: NodeView['knowledge']): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const {
    value: { namespace, name, clusterIps, externalIps, loadBalancerIps, ports },
  } of services) {
    for (const { protocol, port, nodePort } of ports) {
      for (const address of [...clusterIps, ...externalIps, ...loadBalancerIps])
        owners.set(`${protocol} ${endpointText(address, port)}`, `${namespace}/${name}`);
      if (nodePort !== undefined) owners.set(`${protocol} *:${nodePort}`, `${namespace}/${name}`);
    }
  }
  return owners;
}
