import { addressNumber, blockRange, inRange } from '../state/address-range.ts';
import type { RefusalReason, ServiceFrontend, ServicePath, ServicePort, ServiceTable, SourceKind } from '../proxy/service-table.ts';
import { type ClusterObjects, type DesiredPort, desiredPorts } from './desired-ports.ts';
import type { DesiredEndpoint } from './endpoint-lists.ts';
import { ipvsEndpoints } from './ipvs/ipvs-endpoints.ts';
import { knowsPods, type ProxySettings } from './settings.ts';

/**
 * What kube-proxy with these settings has to do for the Services and endpoints of a cluster; the same shape as what a node does.
 *
 * @example
 * desiredTable(knowledge, settings).servicePorts.map(({ name }) => name) // => ['default/kubernetes:https', 'prod/web:http']
 */
export function desiredTable(objects: ClusterObjects, settings: ProxySettings): ServiceTable {
  const ports = new Map<string, ServicePort>();
  for (const port of desiredPorts(objects, settings)) {
    // Both families of a port are one service port.
    const known = ports.get(port.name);
    const frontends = desiredFrontends(port, settings);
    ports.set(port.name, {
      name: port.name,
      named: true,
      protocol: port.port.protocol,
      frontends: [...(known?.frontends ?? []), ...frontends],
    });
  }
  return { servicePorts: [...ports.values()] };
}

/** The places where a service port answers, each with what becomes of connections to it. */
export function desiredFrontends(desired: DesiredPort, settings: ProxySettings): ServiceFrontend[] {
  const { port, clusterIp, externalIps, loadBalancerIps } = desired;
  const at = (
    purpose: ServiceFrontend['purpose'],
    addresses: readonly string[],
    number: number,
    paths: readonly ServicePath[],
  ): ServiceFrontend => ({
    purpose,
    protocol: port.protocol,
    addresses,
    port: number,
    by: settings.mode,
    ...(purpose === 'cluster IP' ? {} : { policy: desired.externalLocal ? 'Local' : 'Cluster' }),
    affinitySeconds: desired.service.affinitySeconds,
    paths,
  });
  const frontends = [at('cluster IP', [clusterIp], port.port, clusterIpPaths(desired, settings))];
  for (const address of externalIps) frontends.push(at('external IP', [address], port.port, externalIpPaths(desired, settings, address)));
  const ranges = desired.sourceRanges.map((range) => range.replace(/\/(?:32|128)$/, '')).sort();
  for (const address of loadBalancerIps) {
    const listed = at('load-balancer IP', [address], port.port, restricted(settings, ranges, externalPaths(desired, settings)));
    frontends.push(ranges.length === 0 ? listed : { ...listed, sourceRanges: ranges });
  }
  if (port.nodePort !== undefined) frontends.push(at('node port', [], port.nodePort, externalPaths(desired, settings, true)));
  return frontends;
}

const KINDS: readonly SourceKind[] = ['pod', 'node', 'outside'];

function clusterIpPaths(desired: DesiredPort, settings: ProxySettings): ServicePath[] {
  const { lists, internalLocal, family } = desired;
  const ipvs = settings.mode === 'ipvs';
  const endpoints = ipvs ? ipvsEndpoints(desired, internalLocal) : internalLocal ? lists.local : lists.cluster;
  if (endpoints.length === 0) {
    const drops = internalLocal && lists.any && !ipvs && desired.separateLists;
    return KINDS.map((from) => (drops ? refusal(from, 'dropped', 'no local endpoints') : refusal(from, 'refused', 'no endpoints')));
  }
  // An endpoint on the node's own address gets packets from itself: masqueraded, or the answer would not come back through NAT.
  const ownEndpoints = endpoints.every(({ address }) => isOwn(settings, address));
  return KINDS.map((from) => {
    // Without a range, ipvs mode masquerades what comes from a service address: the node itself.
    const hairpin = from === 'node' && !ipvs && ownEndpoints;
    const masqueraded = hairpin || settings.masqueradeAll || (knowsPods(settings, family) ? from !== 'pod' : ipvs && from === 'node');
    return delivery(from, endpoints, masqueraded, settings);
  });
}

/** `isNodePort`: the address is the node's own, so that its own packets come back to it by INPUT. */
function externalPaths(desired: DesiredPort, settings: ProxySettings, isNodePort = false): ServicePath[] {
  const ipvs = settings.mode === 'ipvs';
  if (ipvs) {
    const endpoints = ipvsEndpoints(desired, desired.externalLocal);
    if (endpoints.length > 0) return KINDS.map((from) => delivery(from, endpoints, !desired.externalLocal, settings));
    const reason = desired.externalLocal && desired.lists.any ? 'no local endpoints' : 'no endpoints';
    return KINDS.map((from) => refusal(from, 'refused', reason));
  }
  const { lists, externalLocal, family } = desired;
  if (!lists.any) {
    // Rules of iptables mode refuse on the way in and through, not on the way out of the node.
    return KINDS.map((from) =>
      from === 'node' && settings.mode === 'iptables' && !isNodePort
        ? { from, verdict: 'passed', endpoints: [] }
        : refusal(from, 'refused', 'no endpoints'),
    );
  }
  if (!externalLocal) return KINDS.map((from) => delivery(from, lists.cluster, true, settings));
  // Up to 1.33 nftables mode looks for services without local endpoints before it translates what the node sends.
  const nodeIsDropped = settings.mode === 'nftables' && settings.minor < 34 && !isNodePort && lists.local.length === 0;
  return KINDS.map((from) => {
    if (from === 'node' && !nodeIsDropped) return delivery(from, lists.cluster, true, settings);
    if (from === 'pod' && knowsPods(settings, family)) return delivery(from, lists.cluster, false, settings);
    return lists.local.length > 0 ? delivery(from, lists.local, false, settings) : refusal(from, 'dropped', 'no local endpoints');
  });
}

/** Up to 1.24 iptables mode leaves packets of the node to external IPs alone, unless the address is the node's own. */
function externalIpPaths(desired: DesiredPort, settings: ProxySettings, address: string): ServicePath[] {
  const passes = settings.mode === 'iptables' && settings.minor < 25 && !isOwn(settings, address);
  return externalPaths(desired, settings).map((path) =>
    passes && path.from === 'node' ? { from: path.from, verdict: 'passed', endpoints: [] } : path,
  );
}

/** Sources outside the allowed ranges are dropped; the outside packet is one from inside them. */
function restricted(settings: ProxySettings, ranges: readonly string[], paths: readonly ServicePath[]): readonly ServicePath[] {
  if (ranges.length === 0) return paths;
  const allows = (addresses: readonly string[]): boolean =>
    addresses.some((address) =>
      ranges.some((range) => {
        const block = blockRange(range);
        const number = addressNumber(address.replace(/\/.*$/, ''));
        return block !== undefined && number !== undefined && inRange(block, number);
      }),
    );
  return paths.map((path) => {
    const allowed = path.from === 'outside' || allows(path.from === 'node' ? settings.nodeAddresses : settings.podRanges);
    return allowed ? path : refusal(path.from, 'dropped', 'source not allowed');
  });
}

/** What comes from elsewhere and is delivered to the node itself never meets POSTROUTING: it keeps its source. */
function delivery(from: SourceKind, endpoints: readonly DesiredEndpoint[], marked: boolean, settings: ProxySettings): ServicePath {
  const sources = endpoints.map(({ address }) => marked && (from === 'node' || !isOwn(settings, address)));
  const differs = new Set(sources).size > 1;
  const shares = endpoints.map(({ text }, index) => ({
    address: text,
    share: 1 / endpoints.length,
    ...(differs ? { masqueraded: sources[index] === true } : {}),
  }));
  return { from, verdict: 'delivered', endpoints: shares, masqueraded: sources.includes(true) };
}

/** Whether an address is the node's own, by its Node object or its interfaces. */
function isOwn({ nodeAddresses, localAddresses }: ProxySettings, address: string): boolean {
  return nodeAddresses.includes(address) || localAddresses?.includes(address) === true;
}

function refusal(from: SourceKind, verdict: 'refused' | 'dropped', reason: RefusalReason): ServicePath {
  return { from, verdict, endpoints: [], reason };
}
