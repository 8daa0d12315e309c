import { parseIpv4 } from '@netdrift/core';
import { addToGroup } from '../common/add-to-group.ts';
import { addressNumber, addressText } from '../state/address-range.ts';
import { endpointText } from '../state/ipvs-table.ts';
import type { ObjectEndpoint, ObjectEndpointPort, ObjectService } from '../read/readers/read-object.ts';
import type { EndpointRules } from './endpoint-rules.ts';
import type { Family, ProxySettings } from './settings.ts';

/** An endpoint of one service port. */
export interface DesiredEndpoint {
  /** `10.244.0.15:80` */
  readonly text: string;
  readonly address: string;
  readonly port: number;
  readonly local: boolean;
}

/** With what the objects tell of it. */
interface Listed extends DesiredEndpoint {
  readonly told: ObjectEndpoint;
}

/** The endpoints of one service port in one family, as kube-proxy sorts them. */
export interface EndpointLists {
  /** For policy Cluster; empty where the service never uses it. */
  readonly cluster: readonly DesiredEndpoint[];
  /** For policy Local, chosen by itself; empty where the service never uses it. */
  readonly local: readonly DesiredEndpoint[];
  /** Whether any endpoint of the cluster could be used, even if not from this node. */
  readonly any: boolean;
  /** Every endpoint on this node, ready or not: in ipvs mode each stands in KUBE-LOOP-BACK. Before 1.21 those that are ready. */
  readonly onNode: readonly DesiredEndpoint[];
  /** Every endpoint that some node could use. */
  readonly all: readonly DesiredEndpoint[];
}

/** What of a service decides which list it uses. */
export interface PolicyUse {
  readonly internalLocal: boolean;
  readonly externalLocal: boolean;
  /** It has a node port, an external IP or an address of a load balancer. */
  readonly external: boolean;
}

/** The endpoints of a service port, by `namespace/service:port/protocol`. Objects that stand twice (Endpoints and slices) count once. */
export function endpointIndex(ports: readonly ObjectEndpointPort[]): ReadonlyMap<string, readonly ObjectEndpointPort[]> {
  const sliced = new Set(ports.filter(({ from }) => from === 'EndpointSlice').map(({ namespace, service }) => `${namespace}/${service}`));
  const index = new Map<string, ObjectEndpointPort[]>();
  for (const port of ports) {
    // kube-proxy reads slices alone since 1.19; those with certain labels it never sees. A port without a number has no endpoints.
    if (port.passedOver === true || port.port === 0 || (port.from === 'Endpoints' && sliced.has(`${port.namespace}/${port.service}`)))
      continue;
    const key = `${port.namespace}/${port.service}:${port.portName}/${port.protocol}`;
    addToGroup(index, key, port);
  }
  return index;
}

/** Sorts the endpoints of one service port into the lists that kube-proxy uses. */
export function endpointLists(
  ports: readonly ObjectEndpointPort[],
  family: Family,
  service: ObjectService,
  use: PolicyUse,
  rules: EndpointRules,
  settings: ProxySettings,
): EndpointLists {
  const all = listedIn(ports, family, settings.nodeName).filter(({ told }) => told.ready || settings.minor >= 21);
  const onNode = all.filter(({ local }) => local);
  const usable = all.filter(({ told }) => told.ready || stillServes(told));
  if (!rules.separateLists) return { ...olderLists(all, service, use, rules, settings), onNode, all: usable };
  const ready = all.filter(({ told }) => told.ready);
  const ending = rules.terminating === 'any' ? all.filter(({ told }) => stillServes(told)) : [];
  const usesCluster = !use.internalLocal || use.external;
  const preferred = usesCluster ? byHints(ready, service, rules, settings) : [];
  const usesLocal = use.internalLocal || (use.externalLocal && use.external);
  const local = ready.filter((endpoint) => endpoint.local);
  return {
    cluster: preferred.length > 0 ? preferred : usesCluster ? ending : [],
    local: !usesLocal ? [] : local.length > 0 ? local : ending.filter((endpoint) => endpoint.local),
    any: ready.length + ending.length > 0,
    onNode,
    all: usable,
  };
}

function stillServes({ ready, serving, terminating }: ObjectEndpoint): boolean {
  return !ready && serving && terminating;
}

/** An address of a family as it is printed; undefined for text that is none. */
function spelledAs(family: Family, text: string): string | undefined {
  if (!text.includes(':')) return family === 'ipv4' && parseIpv4(text) !== undefined ? text : undefined;
  const number = family === 'ipv6' ? addressNumber(text) : undefined;
  return number === undefined ? undefined : addressText(number);
}

/** Each address once; where two slices have it, the one that says that it is on this node counts. */
function listedIn(ports: readonly ObjectEndpointPort[], family: Family, nodeName: string): Listed[] {
  const found = new Map<string, Listed>();
  for (const { port, endpoints } of ports) {
    for (const endpoint of endpoints) {
      const address = spelledAs(family, endpoint.address);
      if (address === undefined) continue;
      const text = endpointText(address, port);
      const local = nodeName !== '' && endpoint.node === nodeName;
      if (local || !found.has(text)) found.set(text, { text, address, port, local, told: endpoint });
    }
  }
  const listed = [...found.values()];
  return listed.length < 2 ? listed : listed.sort((one, other) => (one.text < other.text ? -1 : 1));
}

/** `FilterEndpoints` of 1.21 to 1.24: one narrowing for every address of the service, unless its external policy is Local. */
function olderLists(
  all: readonly Listed[],
  service: ObjectService,
  use: PolicyUse,
  rules: EndpointRules,
  settings: ProxySettings,
): Omit<EndpointLists, 'onNode' | 'all'> {
  const ready = all.filter(({ told }) => told.ready);
  const narrowed = use.externalLocal
    ? ready
    : use.internalLocal
      ? ready.filter(({ local }) => local)
      : byHints(ready, service, rules, settings);
  const local = ready.filter((endpoint) => endpoint.local);
  const ending = rules.terminating === 'none' ? [] : all.filter(({ told }) => stillServes(told));
  return {
    cluster: narrowed.length > 0 || rules.terminating !== 'any' ? narrowed : ending,
    local: local.length > 0 ? local : ending.filter((endpoint) => endpoint.local),
    any: narrowed.length + ending.length > 0,
  };
}

/** Hints count where every ready endpoint has one and one at least is for this node or zone; for a node before for a zone. */
function byHints(
  ready: readonly Listed[],
  service: ObjectService,
  rules: EndpointRules,
  { nodeName, zone }: ProxySettings,
): readonly Listed[] {
  if (!hintsCount(rules.hints, service)) return ready;
  const chosenBy = (hintsOf: (endpoint: ObjectEndpoint) => readonly string[] | undefined, name: string): readonly Listed[] =>
    ready.every(({ told }) => hintsOf(told) !== undefined) ? ready.filter(({ told }) => hintsOf(told)?.includes(name) === true) : [];
  const forNode = rules.nodeHints && nodeName !== '' ? chosenBy(({ nodeHints }) => nodeHints, nodeName) : [];
  if (forNode.length > 0) return forNode;
  const forZone = zone === undefined ? [] : chosenBy(({ zoneHints }) => zoneHints, zone);
  return forZone.length > 0 ? forZone : ready;
}

/** Whether hints of a service's endpoints are looked at; its annotation matters from 1.21 until `trafficDistribution` came in its place. */
function hintsCount(rule: EndpointRules['hints'], { topologyMode: mode }: Pick<ObjectService, 'topologyMode'>): boolean {
  if (rule === 'always') return true;
  if (rule === 'never' || mode === undefined) return false;
  return rule === 'annotation is Auto' ? mode === 'Auto' || mode === 'auto' : mode !== '' && mode !== 'disabled' && mode !== 'Disabled';
}
