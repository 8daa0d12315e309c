import { addressNumber, blockRange, inRange } from '../model/address-range.ts';
import { endpointText } from '../model/ipvs-table.ts';
import type { ObjectEndpoint, ObjectPort, ObjectService } from '../snapshot/readers/read-object.ts';
import type { NodeKnowledge } from './node-knowledge.ts';
import type { RefusalReason, ServiceFrontend, ServicePath, ServicePort, ServiceTable, SourceKind } from './service-table.ts';

/** How kube-proxy runs, as far as it decides what it does for a service. */
export interface ProxySettings {
  readonly mode: 'ipvs' | 'iptables';
  /** Second number of its version: 30 for 1.30. */
  readonly minor: number;
  /** Name of the node it runs on: its endpoints are the local ones. */
  readonly nodeName: string;
  readonly nodeAddresses: readonly string[];
  /** `--cluster-cidr`; none where it is not set. */
  readonly podRanges: readonly string[];
  readonly masqueradeAll: boolean;
}

type Family = 'ipv4' | 'ipv6';

interface Demand {
  readonly settings: ProxySettings;
  readonly service: ObjectService;
  readonly family: Family;
  readonly all: readonly string[];
  readonly local: readonly string[];
  /** Whether the settings name a range of pods of this family. */
  readonly knowsPods: boolean;
}

/** What kube-proxy with these settings has to do for the Services and endpoints of a snapshot; the same shape as what a node does. */
export function demandedTable(knowledge: Pick<NodeKnowledge, 'services' | 'endpointPorts'>, settings: ProxySettings): ServiceTable {
  const servicePorts: ServicePort[] = [];
  for (const { value: service } of knowledge.services) {
    if (service.headless || service.type === 'ExternalName') continue;
    for (const port of service.ports) {
      const frontends = (['ipv4', 'ipv6'] as const).flatMap((family) => frontendsOf(demandOf(knowledge, settings, service, port, family), port));
      if (frontends.length === 0) continue;
      const key = `${service.namespace}/${service.name}`;
      servicePorts.push({ name: port.name === '' ? key : `${key}:${port.name}`, named: true, protocol: port.protocol, frontends });
    }
  }
  return { servicePorts: servicePorts.sort((one, other) => (one.name < other.name ? -1 : 1)) };
}

function demandOf(knowledge: Pick<NodeKnowledge, 'endpointPorts'>, settings: ProxySettings, service: ObjectService, port: ObjectPort, family: Family): Demand {
  const listed = knowledge.endpointPorts
    .filter(({ value }) => value.namespace === service.namespace && value.service === service.name && value.portName === port.name && value.protocol === port.protocol)
    .flatMap(({ value }) => value.endpoints.map((endpoint) => ({ endpoint, text: endpointText(endpoint.address, value.port) })))
    .filter(({ endpoint }) => familyOf(endpoint.address) === family);
  const usable = usableEndpoints(listed);
  return {
    settings,
    service,
    family,
    all: [...new Set(usable.map(({ text }) => text))].sort(),
    local: [...new Set(usable.filter(({ endpoint }) => endpoint.node === settings.nodeName).map(({ text }) => text))].sort(),
    knowsPods: settings.podRanges.some((range) => familyOf(range) === family),
  };
}

/** Where no endpoint is ready, those that are ending and still serve are used (1.22 and later). */
function usableEndpoints<Listed extends { readonly endpoint: ObjectEndpoint }>(listed: readonly Listed[]): readonly Listed[] {
  const ready = listed.filter(({ endpoint }) => endpoint.ready);
  return ready.length > 0 ? ready : listed.filter(({ endpoint }) => endpoint.serving && endpoint.terminating);
}

function familyOf(address: string): Family {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

function frontendsOf(demand: Demand, port: ObjectPort): ServiceFrontend[] {
  const { service, family } = demand;
  const own = (addresses: readonly string[]): readonly string[] => addresses.filter((address) => familyOf(address) === family);
  const clusterIps = own(service.clusterIps);
  if (clusterIps.length === 0) return [];
  const frontends = clusterIps.map((address) => frontend(demand, 'cluster IP', [address], port.port, clusterIpPaths(demand)));
  for (const address of own(service.externalIps)) frontends.push(frontend(demand, 'external IP', [address], port.port, externalIpPaths(demand, address)));
  for (const address of own(service.loadBalancerIps)) {
    const ranges = service.sourceRanges.filter((range) => familyOf(range) === family).map((range) => range.replace(/\/(?:32|128)$/, ''));
    const listed = frontend(demand, 'load-balancer IP', [address], port.port, restricted(demand, ranges, externalPaths(demand)));
    frontends.push(ranges.length === 0 ? listed : { ...listed, sourceRanges: ranges.sort() });
  }
  if (port.nodePort !== undefined) frontends.push(frontend(demand, 'node port', [], port.nodePort, externalPaths(demand)));
  return frontends.map((entry) => ({ ...entry, protocol: port.protocol }));
}

function frontend({ settings, service }: Demand, purpose: ServiceFrontend['purpose'], addresses: readonly string[], port: number, paths: readonly ServicePath[]): ServiceFrontend {
  return {
    purpose,
    protocol: '',
    addresses,
    port,
    by: settings.mode,
    ...(purpose === 'cluster IP' ? {} : { policy: service.externalTrafficPolicy === 'Local' ? 'Local' : 'Cluster' }),
    affinitySeconds: service.affinitySeconds,
    paths,
  };
}

const KINDS: readonly SourceKind[] = ['pod', 'node', 'outside'];

function clusterIpPaths(demand: Demand): ServicePath[] {
  const { settings, service, all, local, knowsPods } = demand;
  // internalTrafficPolicy is read from 1.22 on.
  const onlyLocal = service.internalTrafficPolicy === 'Local' && settings.minor >= 22;
  const endpoints = onlyLocal ? local : all;
  if (endpoints.length === 0) {
    const drops = onlyLocal && all.length > 0 && settings.mode === 'iptables';
    return KINDS.map((from) => (drops ? refusal(from, 'dropped', 'no local endpoints') : refusal(from, 'refused', 'no endpoints')));
  }
  // An endpoint on the node's own address gets packets from itself: masqueraded, or the answer would not come back through IPVS or NAT.
  const ownEndpoints = endpoints.every((endpoint) => settings.nodeAddresses.some((address) => endpoint.startsWith(`${address}:`)));
  return KINDS.map((from) => {
    // Without a range, ipvs mode masquerades what comes from a service address: the node itself.
    const hairpin = from === 'node' && settings.mode === 'iptables' && ownEndpoints;
    const masqueraded = hairpin || settings.masqueradeAll || (knowsPods ? from !== 'pod' : settings.mode === 'ipvs' && from === 'node');
    return delivery(from, endpoints, masqueraded);
  });
}

function externalPaths(demand: Demand): ServicePath[] {
  const { settings, service, all } = demand;
  if (all.length === 0) {
    // Rules of iptables mode refuse on the way in and through, not on the way out of the node.
    return KINDS.map((from) => (settings.mode === 'iptables' && from === 'node' ? { from, verdict: 'passed', endpoints: [] } : refusal(from, 'refused', 'no endpoints')));
  }
  if (service.externalTrafficPolicy !== 'Local') return KINDS.map((from) => delivery(from, all, true));
  return KINDS.map((from) => localPath(demand, from));
}

/** Up to 1.24 iptables mode leaves packets of the node to external IPs alone, unless the address is the node's own. */
function externalIpPaths(demand: Demand, address: string): ServicePath[] {
  const { settings } = demand;
  const passes = settings.mode === 'iptables' && settings.minor < 25 && !settings.nodeAddresses.includes(address);
  return externalPaths(demand).map((path) => (passes && path.from === 'node' ? { from: path.from, verdict: 'passed', endpoints: [] } : path));
}

function localPath({ settings, all, local, knowsPods }: Demand, from: SourceKind): ServicePath {
  if (settings.mode === 'iptables' && from === 'node') return delivery(from, all, true);
  if (settings.mode === 'iptables' && from === 'pod' && knowsPods) return delivery(from, all, false);
  if (local.length > 0) return delivery(from, local, false);
  if (settings.mode === 'iptables') return refusal(from, 'dropped', 'no local endpoints');
  // 1.30 lists the remote endpoints in place of none.
  return settings.minor >= 26 ? delivery(from, all, false) : refusal(from, 'refused', 'no local endpoints');
}

/** Sources outside the allowed ranges are dropped; the outside packet is one from inside them. */
function restricted({ settings }: Demand, ranges: readonly string[], paths: readonly ServicePath[]): readonly ServicePath[] {
  if (ranges.length === 0) return paths;
  const allows = (addresses: readonly string[]): boolean =>
    addresses.some((address) => ranges.some((range) => {
      const block = blockRange(range);
      const number = addressNumber(address.replace(/\/.*$/, ''));
      return block !== undefined && number !== undefined && inRange(block, number);
    }));
  return paths.map((path) => {
    const allowed = path.from === 'outside' || allows(path.from === 'node' ? settings.nodeAddresses : settings.podRanges);
    return allowed ? path : refusal(path.from, 'dropped', 'source not allowed');
  });
}

function delivery(from: SourceKind, endpoints: readonly string[], masqueraded: boolean): ServicePath {
  return { from, verdict: 'delivered', endpoints: endpoints.map((address) => ({ address, share: 1 / endpoints.length })), masqueraded };
}

function refusal(from: SourceKind, verdict: 'refused' | 'dropped', reason: RefusalReason): ServicePath {
  return { from, verdict, endpoints: [], reason };
}
