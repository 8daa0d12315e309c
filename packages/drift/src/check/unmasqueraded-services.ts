import { CHAIN } from '../proxy/names/fixed-names.ts';
import { addToGroup } from '../common/add-to-group.ts';
import { once } from '../common/once.ts';
import { ownAddresses } from '../proxy/facts/own-interfaces.ts';
import type { ServiceFrontend } from '../proxy/service-table.ts';
import type { NodeView } from '../services/node-facts.ts';
import { frontendOfRule } from '../services/frontends.ts';
import { endpointAddress, endpointText } from '../state/ipvs-table.ts';
import type { Origin } from '../state/origin.ts';
import { isLocal } from '../world/local-addresses.ts';
import { toAddress } from '../world/values.ts';

/** Addresses of services whose connections from outside are not masqueraded, though kube-proxy masquerades those of their kind. */
export interface Unmasqueraded {
  readonly kind: 'outside' | 'cluster IP' | 'no node port';
  readonly services: readonly UnmasqueradedService[];
}

export interface UnmasqueradedService {
  readonly name: string;
  /** `tcp 10.96.0.10:53`, `tcp port 30080` */
  readonly places: readonly string[];
  readonly origins: readonly Origin[];
}

/**
 * Services that clients from outside reach unmasqueraded: at a node port, load-balancer or external IP with policy Cluster, which is always
 * masqueraded; at a cluster IP, where those of other services are; and at an address of the node in IPVS that no set of node ports holds.
 */
export function unmasqueradedServices(view: NodeView): Unmasqueraded[] {
  const frontends = view.table.servicePorts.flatMap(({ name, frontends: own }) => own.map((frontend) => ({ name, frontend })));
  const clusterIps = frontends.filter(({ frontend }) => frontend.purpose === 'cluster IP');
  const isUsual = clusterIps.filter(({ frontend }) => fromOutside(frontend)?.masqueraded === true).length > 1;
  const nodePorts = frontends.flatMap(({ frontend }) =>
    frontend.purpose === 'node port' && frontend.by === 'ipvs' ? frontend.addresses : [],
  );
  const atNode = new Set([...ownAddresses(view.model), ...nodePorts]);
  const leading = once(() => leadingRules(view));
  const found = new Map<Unmasqueraded['kind'], UnmasqueradedService[]>();
  for (const { name, frontend } of frontends) {
    const kind = kindOf(frontend, view.kubernetes && view.model.sets !== undefined ? atNode : new Set());
    if (kind === undefined || (kind === 'cluster IP' && !isUsual) || !isUnmasqueraded(frontend, view)) continue;
    const { protocol, port, addresses } = frontend;
    const places =
      addresses.length === 0 || frontend.purpose === 'node port'
        ? [`${protocol} port ${port}`]
        : addresses.map((address) => `${protocol} ${endpointText(address, port)}`);
    addToGroup(found, kind, { name, places, origins: originsOf(frontend, view, leading) });
  }
  return [...found].map(([kind, services]) => ({ kind, services }));
}

function kindOf({ purpose, policy, by, addresses }: ServiceFrontend, atNode: ReadonlySet<string>): Unmasqueraded['kind'] | undefined {
  if (purpose === 'cluster IP') return 'cluster IP';
  if (purpose === 'unknown')
    return by === 'ipvs' && addresses.length > 0 && addresses.every((address) => atNode.has(address)) ? 'no node port' : undefined;
  return policy === 'Cluster' ? 'outside' : undefined;
}

function fromOutside({ paths }: ServiceFrontend): ServiceFrontend['paths'][number] | undefined {
  return paths.find(({ from, verdict }) => from === 'outside' && verdict === 'delivered');
}

/** What goes to the node itself is masqueraded by nobody. */
function isUnmasqueraded(frontend: ServiceFrontend, { worlds, knowledge }: NodeView): boolean {
  // What IPVS does not track is told by its setting.
  if (frontend.by === 'ipvs' && knowledge.sysctls.get('net.ipv4.vs.conntrack')?.value === '0') return false;
  const path = fromOutside(frontend);
  return (
    path?.masqueraded === false &&
    path.endpoints.some(({ address }) => {
      const parsed = toAddress(endpointAddress(address));
      return parsed !== undefined && isLocal(worlds[typeof parsed === 'bigint' ? 'ipv6' : 'ipv4'].addresses, parsed) !== true;
    })
  );
}

/** The virtual services, or the rules of iptables that lead there. */
function originsOf({ protocol, addresses, port }: ServiceFrontend, { model }: NodeView, leading: LeadingRules): Origin[] {
  const services = addresses.flatMap((address) => model.ipvs?.services.get(`${protocol} ${endpointText(address, port)}`)?.origin ?? []);
  const places = [`${protocol} ${port}`, ...addresses.map((address) => `${protocol} ${endpointText(address, port)}`)];
  return [...services, ...places.flatMap((place) => leading().get(place) ?? [])];
}

/** The rules of nat that lead to a service, by `tcp 10.96.0.10:53`; those of node ports by `tcp 30080`. */
type LeadingRules = () => ReadonlyMap<string, readonly Origin[]>;

function leadingRules({ model }: NodeView): Map<string, Origin[]> {
  const found = new Map<string, Origin[]>();
  for (const { name, chains } of model.tables.values()) {
    if (name !== 'nat') continue;
    for (const chain of [CHAIN.services, CHAIN.nodePorts]) {
      for (const rule of chains.get(chain)?.rules ?? []) {
        const frontend = frontendOfRule(rule, chain);
        if (frontend === undefined) continue;
        const { protocol, address, port } = frontend;
        addToGroup(found, `${protocol} ${address === undefined ? port : endpointText(address, port)}`, rule.origin);
      }
    }
  }
  return found;
}
