import { refusedFrontends } from '../kubernetes/frontends.ts';
import { chainOwners } from '../kubernetes/chain-owners.ts';
import { addressNumber } from '../model/address-range.ts';
import { endpointText } from '../model/ipvs-table.ts';
import type { KubernetesEndpoints, KubernetesService, Model, RuleTable } from '../model/model.ts';
import type { Origin } from '../model/origin.ts';
import type { Draft } from './draft.ts';
import type { Judgement } from './judgement.ts';
import { ownedDifferences } from './service-claims.ts';
import { baseName } from './service-groups.ts';
import type { SideView } from './side.ts';
import { listed } from './words.ts';

/**
 * Services of which the cluster asks for something else than before, while the node does the same: kube-proxy does not follow
 * (`kube.sync.stalled`), or the cluster came to what the node did already (`kube.sync.caught-up`).
 *
 * Nothing is claimed from a list that is cut, nor of a service whose last endpoint went away: kube-proxy keeps one that is ending and still
 * serves, and no table shows those.
 */
export function judgeSync(judgement: Judgement): Draft[] {
  const { before, after } = judgement;
  const mode = after.facts.proxyMode?.value;
  if (mode !== before.facts.proxyMode?.value || (mode !== 'ipvs' && mode !== 'iptables') || !showsAll(before, mode) || !showsAll(after, mode)) return [];
  const was = demandOf(before);
  const is = demandOf(after);
  const services = new Set([...was.services.keys(), ...was.endpoints.keys(), ...is.services.keys(), ...is.endpoints.keys()]);
  if (services.size === 0) return [];
  const served = servedEndpoints(after, before, mode);
  const touched = touchedServices(judgement);
  const drafts: Draft[] = [];
  for (const service of services) {
    const endpoints = served.get(service);
    if (touched.has(service)) continue;
    const stalled = staleness(service, was, is, endpoints, after);
    const ahead = stalled === undefined ? staleness(service, is, was, endpoints, after) : undefined;
    if (stalled !== undefined) drafts.push(stalledDraft(service, stalled));
    else if (ahead !== undefined) drafts.push(caughtUpDraft(service, ahead));
  }
  return drafts;
}

function showsAll({ model }: SideView, mode: 'ipvs' | 'iptables'): boolean {
  if (mode === 'ipvs') return model.ipvs?.complete === true;
  const tables = natTables(model);
  return tables.length > 0 && tables.every((table) => table.complete);
}

function natTables(model: Model): RuleTable[] {
  return [...model.tables.values()].filter((table) => table.name === 'nat');
}

/** What the cluster asks for. */
interface Demand {
  readonly services: ReadonlyMap<string, KubernetesService>;
  readonly endpoints: ReadonlyMap<string, KubernetesEndpoints>;
  /** Namespaces of which all services are listed. */
  readonly covers: (namespace: string) => boolean;
}

function demandOf({ model }: SideView): Demand {
  const namespaces = new Set([...(model.services?.values() ?? [])].map((service) => service.namespace));
  return { services: model.services ?? new Map(), endpoints: model.endpoints ?? new Map(), covers: (namespace) => namespaces.size > 1 || namespaces.has(namespace) };
}

/** The endpoints that new connections to each service get to; a service without any is there with none. */
function servedEndpoints(after: SideView, before: SideView, mode: 'ipvs' | 'iptables'): Map<string, Set<string>> {
  const served = new Map<string, Set<string>>();
  const of = (servicePort: string): Set<string> => {
    const name = baseName(servicePort);
    const endpoints = served.get(name) ?? new Set();
    served.set(name, endpoints);
    return endpoints;
  };
  if (mode === 'ipvs') {
    for (const service of after.model.ipvs?.services.values() ?? []) {
      const name = after.frontends.get(service.key)?.servicePort ?? before.frontends.get(service.key)?.servicePort;
      if (name === undefined) continue;
      const endpoints = of(name);
      for (const { key, weight } of service.destinations.values()) if (weight !== 0) endpoints.add(key);
    }
    return served;
  }
  for (const { servicePort } of refusedFrontends(after.model).values()) if (servicePort !== undefined) of(servicePort);
  for (const table of natTables(after.model)) {
    for (const [chain, owner] of chainOwners(table)) {
      const endpoints = of(owner);
      for (const { target } of table.chains.get(chain)?.rules ?? []) if (target.kind === 'dnat') endpoints.add(target.to);
    }
  }
  return served;
}

/** Services of which anything differs between the two sides of the node. */
function touchedServices(judgement: Judgement): Set<string> {
  const { differences, before, after } = judgement;
  const touched = new Set<string>();
  const { added = [], removed = [], changed = [] } = differences.ipvs ?? {};
  for (const { key } of [...added, ...removed, ...changed.map((difference) => difference.after)]) {
    for (const side of [before, after]) {
      const name = side.frontends.get(key)?.servicePort;
      if (name !== undefined) touched.add(baseName(name));
    }
  }
  const owned = ownedDifferences(judgement);
  for (const name of [...owned.rules.keys(), ...owned.chains.keys()]) touched.add(baseName(name));
  return touched;
}

/** In what a node is behind its cluster. */
interface Staleness {
  /** A sentence about `the node`, which is behind. */
  readonly text: string;
  /** A condition that the listings do not show. */
  readonly onlyIf?: string;
  readonly asked: readonly string[];
  readonly served: readonly string[];
  readonly origin: Origin;
  /** True where only what the cluster asked for earlier can be shown. */
  readonly ofOld?: true;
}

function staleness(service: string, was: Demand, is: Demand, served: ReadonlySet<string> | undefined, node: SideView): Staleness | undefined {
  const namespace = service.slice(0, service.indexOf('/'));
  const old = was.services.get(service);
  const now = is.services.get(service);
  if (old !== undefined && now === undefined && is.covers(namespace)) return goneService(service, old, served);
  if (old === undefined && now !== undefined && was.covers(namespace)) return newService(service, now, is.endpoints.get(service), served, node);
  const one = was.endpoints.get(service);
  const other = is.endpoints.get(service);
  if (served === undefined || one === undefined || other === undefined || one.cut || other.cut) return undefined;
  const shown = (endpoint: string): boolean => node.model.ipvs !== undefined || node.model.tables.has(endpoint.startsWith('[') ? 'ipv6 nat' : 'ipv4 nat');
  const ports = new Set(other.addresses.map(portOf));
  const [listedBefore, listedNow] = [new Set(one.addresses), new Set(other.addresses)];
  const lingering = one.addresses.filter((endpoint) => !listedNow.has(endpoint) && ports.has(portOf(endpoint)) && served.has(endpoint));
  const lacking = other.addresses.filter((endpoint) => !listedBefore.has(endpoint) && shown(endpoint) && !served.has(endpoint));
  if (lingering.length + lacking.length === 0) return undefined;
  const parts = [
    ...(lingering.length === 0 ? [] : [`the cluster no longer lists ${listed(lingering)}, and the node still sends new connections there`]),
    ...(lacking.length === 0 ? [] : [`the cluster lists ${listed(lacking)} now, and the node sends nothing there`]),
  ];
  const onlyIf = lingering.length === 0 && now?.internalTrafficPolicy !== 'Cluster' ? 'its internalTrafficPolicy is Cluster, or these endpoints are on this node' : undefined;
  return { text: `${service}: ${parts.join('; ')}`, ...(onlyIf === undefined ? {} : { onlyIf }), asked: other.addresses, served: [...served].sort(), origin: other.origin };
}

function portOf(endpoint: string): string {
  return endpoint.slice(endpoint.lastIndexOf(':'));
}

function goneService(service: string, old: KubernetesService, served: ReadonlySet<string> | undefined): Staleness | undefined {
  if (served === undefined || served.size === 0) return undefined;
  const to = [...served].sort();
  return { text: `${service}: the cluster no longer has this service, and the node still leads ${listed(old.clusterIps)} to ${listed(to)}`, asked: [], served: to, origin: old.origin, ofOld: true };
}

/** Without an endpoint, rules of iptables mode need not show a service. */
function newService(service: string, now: KubernetesService, endpoints: KubernetesEndpoints | undefined, served: ReadonlySet<string> | undefined, node: SideView): Staleness | undefined {
  const addresses = now.clusterIps.filter((address) => addressNumber(address) !== undefined);
  const known = addresses.some((address) => now.ports.some(({ port, protocol }) => node.frontends.has(`${protocol} ${endpointText(address, port)}`)));
  if (served !== undefined || known || addresses.length === 0 || now.ports.length === 0 || endpoints === undefined || endpoints.addresses.length === 0) return undefined;
  return { text: `${service}: the cluster has this service now, and the node leads ${listed(addresses)} nowhere`, asked: endpoints.addresses, served: [], origin: now.origin };
}

function stalledDraft(service: string, { text, onlyIf, asked, served, origin, ofOld }: Staleness): Draft {
  return {
    id: 'kube.sync.stalled',
    severity: onlyIf === undefined ? 'critical' : 'warning',
    effect: 'lost',
    certainty: onlyIf === undefined ? 'proven' : 'conditional',
    subject: { kind: 'kube.servicePort', name: service },
    before: { served },
    after: { asked, served },
    text: `${text}; what the node has for it did not change`,
    details: [
      { label: 'if', text: `the node was listed after the cluster (kube-proxy follows within seconds)${onlyIf === undefined ? '' : `, and ${onlyIf}`}` },
      { label: 'look at', text: 'kubectl -n kube-system logs -l k8s-app=kube-proxy --tail=50' },
    ],
    origins: [{ side: ofOld === true ? 'before' : 'after', origin }],
  };
}

/** The node had before what the cluster asks for now. */
function caughtUpDraft(service: string, { asked, served, origin, ofOld }: Staleness): Draft {
  return {
    id: 'kube.sync.caught-up',
    severity: 'none',
    effect: 'none',
    certainty: 'proven',
    subject: { kind: 'kube.servicePort', name: service },
    before: { asked, served },
    after: { served },
    text: `${service}: the cluster asks now for what the node did already`,
    origins: [{ side: ofOld === true ? 'after' : 'before', origin }],
  };
}
