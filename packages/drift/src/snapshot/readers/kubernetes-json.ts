import type { Diagnostic } from '@netdrift/core';
import { append } from '../../append.ts';
import { badJson, badObject, unknownObject } from './diagnostics.ts';
import { at, itemLines, type Json, listAt, numberAt, textAt, textsAt } from './json-value.ts';
import type { ObjectEndpoint, ObjectEndpointPort, ObjectNode, ObjectPort, ObjectService } from './read-object.ts';
import type { Reader } from './reader.ts';

/** How much of a text is looked at to tell whether it is JSON of Kubernetes. */
const LOOKED_AT = 4096;

/**
 * Reads `kubectl get … -o json`: Services, Endpoints, EndpointSlices and Nodes, one object or a list of any of them.
 *
 * Seen: `List` of kubectl, `ServiceList` and the like of the API server. Objects of other kinds are passed over.
 */
export const kubernetesJson: Reader = {
  title: 'kubectl -o json',
  read: (text) => {
    const start = text.trimStart().slice(0, LOOKED_AT);
    if (!start.startsWith('{') || !start.includes('"apiVersion"')) return undefined;
    const span = { start: 0, end: text.length };
    const parsed = parsedJson(text);
    if ('reason' in parsed) {
      return { kind: 'Objects', services: [], endpointPorts: [], nodes: [], diagnostics: [badJson(parsed.reason, span)] };
    }
    const services: ObjectService[] = [];
    const endpointPorts: ObjectEndpointPort[] = [];
    const nodes: ObjectNode[] = [];
    const diagnostics: Diagnostic[] = [];
    const list = textAt(parsed.value, 'kind') ?? '';
    const items = Array.isArray(at(parsed.value, 'items')) ? listAt(parsed.value, 'items') : [parsed.value];
    const lines = itemLines(text);
    for (const [index, item] of items.entries()) {
      const line = lines[index] ?? 1;
      // Items of a typed list do not repeat their kind.
      const kind = textAt(item, 'kind') ?? list.replace(/List$/, '');
      if (textAt(item, 'metadata', 'name') === undefined) diagnostics.push(badObject(`a ${kind} has no name`, span));
      else if (kind === 'Service') services.push(serviceOf(item, line));
      else if (kind === 'EndpointSlice') append(endpointPorts, slicePorts(item, line));
      else if (kind === 'Endpoints') append(endpointPorts, subsetPorts(item, line));
      else if (kind === 'Node') nodes.push(nodeOf(item, line));
      else diagnostics.push(unknownObject(kind, span));
    }
    return { kind: 'Objects', services, endpointPorts, nodes, diagnostics };
  },
};

function parsedJson(text: string): { readonly value: Json } | { readonly reason: string } {
  try {
    return { value: JSON.parse(text) as Json };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : 'it cannot be parsed' };
  }
}

function serviceOf(item: Json, line: number): ObjectService {
  const spec = at(item, 'spec');
  const type = textAt(spec, 'type');
  const clusterIps = textsAt(spec, 'clusterIPs');
  const addresses = clusterIps.length > 0 ? clusterIps : [textAt(spec, 'clusterIP') ?? ''];
  const healthCheckNodePort = numberAt(spec, 'healthCheckNodePort') ?? 0;
  return {
    namespace: textAt(item, 'metadata', 'namespace') ?? 'default',
    name: textAt(item, 'metadata', 'name') ?? '',
    ...(type === undefined ? {} : { type }),
    headless: addresses.includes('None'),
    clusterIps: addresses.filter((address) => address !== 'None' && address !== ''),
    externalIps: textsAt(spec, 'externalIPs'),
    loadBalancerIps: listAt(item, 'status', 'loadBalancer', 'ingress').map((ingress) => textAt(ingress, 'ip') ?? '').filter((ip) => ip !== ''),
    ports: listAt(spec, 'ports').map(portOf),
    ...policy('externalTrafficPolicy', textAt(spec, 'externalTrafficPolicy')),
    ...policy('internalTrafficPolicy', textAt(spec, 'internalTrafficPolicy')),
    affinitySeconds: textAt(spec, 'sessionAffinity') === 'ClientIP' ? (numberAt(spec, 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds') ?? 10_800) : 0,
    sourceRanges: textsAt(spec, 'loadBalancerSourceRanges'),
    ...(healthCheckNodePort === 0 ? {} : { healthCheckNodePort }),
    ...routingOf(item),
    line,
  };
}

/** What decides whether kube-proxy serves a service at all, and which endpoints it prefers. */
function routingOf(item: Json): Partial<ObjectService> {
  const proxyModeIps = listAt(item, 'status', 'loadBalancer', 'ingress').flatMap((ingress) => (textAt(ingress, 'ipMode') === 'Proxy' ? (textAt(ingress, 'ip') ?? []) : []));
  const annotation = (name: string): string | undefined => textAt(item, 'metadata', 'annotations', `service.kubernetes.io/${name}`);
  const topologyMode = annotation('topology-aware-hints') ?? annotation('topology-mode');
  const trafficDistribution = textAt(item, 'spec', 'trafficDistribution');
  const serviceProxyName = textAt(item, 'metadata', 'labels', PROXY_NAME);
  return {
    ...(proxyModeIps.length === 0 ? {} : { proxyModeIps }),
    ...(topologyMode === undefined ? {} : { topologyMode }),
    ...(trafficDistribution === undefined ? {} : { trafficDistribution }),
    ...(serviceProxyName === undefined ? {} : { serviceProxyName }),
    ...(textAt(item, 'metadata', 'labels', HEADLESS) === undefined ? {} : { headlessLabel: true }),
    ...(at(item, 'spec', 'publishNotReadyAddresses') === true ? { publishNotReadyAddresses: true } : {}),
  };
}

/** Labels by which kube-proxy leaves objects out when it asks the API server (`cmd/kube-proxy/app/server.go`). */
const PROXY_NAME = 'service.kubernetes.io/service-proxy-name';
const HEADLESS = 'service.kubernetes.io/headless';

function policy<Key extends string>(key: Key, value: string | undefined): { readonly [name in Key]?: string } {
  // One property, of the name asked for.
  return value === undefined ? {} : ({ [key]: value } as { readonly [name in Key]?: string });
}

function portOf(port: Json): ObjectPort {
  const nodePort = numberAt(port, 'nodePort') ?? 0;
  return {
    name: textAt(port, 'name') ?? '',
    port: numberAt(port, 'port') ?? 0,
    protocol: (textAt(port, 'protocol') ?? 'TCP').toLowerCase(),
    ...(nodePort === 0 ? {} : { nodePort }),
  };
}

/**
 * discovery.k8s.io/v1 and v1beta1. A condition that is missing counts as true (terminating: false). Of several addresses of an endpoint
 * the first counts: those who use them take it alone (`endpointslicecache.go`).
 */
function slicePorts(item: Json, line: number): ObjectEndpointPort[] {
  const endpoints = listAt(item, 'endpoints').flatMap((endpoint) => textsAt(endpoint, 'addresses').slice(0, 1).map((address) => endpointOf(endpoint, address)));
  const passedOver = [PROXY_NAME, HEADLESS].some((label) => textAt(item, 'metadata', 'labels', label) !== undefined);
  const service = textAt(item, 'metadata', 'labels', 'kubernetes.io/service-name') ?? (textAt(item, 'metadata', 'name') ?? '').replace(/-[a-z0-9]+$/, '');
  return listAt(item, 'ports').map((port) => ({ ...endpointPort(item, service, port, endpoints, line), from: 'EndpointSlice', ...(passedOver ? { passedOver } : {}) }));
}

function endpointOf(endpoint: Json, address: string): ObjectEndpoint {
  const node = textAt(endpoint, 'nodeName') ?? textAt(endpoint, 'topology', 'kubernetes.io/hostname');
  const ready = at(endpoint, 'conditions', 'ready') !== false;
  const serving = at(endpoint, 'conditions', 'serving');
  const hints = (kind: string): readonly string[] => listAt(endpoint, 'hints', kind).flatMap((hint) => textAt(hint, 'name') ?? []);
  const zoneHints = hints('forZones');
  const nodeHints = hints('forNodes');
  return {
    address,
    ...(node === undefined ? {} : { node }),
    ready,
    serving: typeof serving === 'boolean' ? serving : ready,
    terminating: at(endpoint, 'conditions', 'terminating') === true,
    ...(zoneHints.length === 0 ? {} : { zoneHints }),
    ...(nodeHints.length === 0 ? {} : { nodeHints }),
  };
}

function subsetPorts(item: Json, line: number): ObjectEndpointPort[] {
  const service = textAt(item, 'metadata', 'name') ?? '';
  return listAt(item, 'subsets').flatMap((subset) => {
    const endpoints = (['addresses', 'notReadyAddresses'] as const).flatMap((key) =>
      listAt(subset, key).map((entry): ObjectEndpoint => {
        const node = textAt(entry, 'nodeName');
        const ready = key === 'addresses';
        return { address: textAt(entry, 'ip') ?? '', ...(node === undefined ? {} : { node }), ready, serving: ready, terminating: false };
      }),
    );
    return listAt(subset, 'ports').map((port) => ({ ...endpointPort(item, service, port, endpoints, line), from: 'Endpoints' }));
  });
}

function endpointPort(item: Json, service: string, port: Json, endpoints: readonly ObjectEndpoint[], line: number): ObjectEndpointPort {
  return {
    namespace: textAt(item, 'metadata', 'namespace') ?? 'default',
    service,
    portName: textAt(port, 'name') ?? '',
    protocol: (textAt(port, 'protocol') ?? 'TCP').toLowerCase(),
    port: numberAt(port, 'port') ?? 0,
    endpoints,
    cut: false,
    line,
  };
}

function nodeOf(item: Json, line: number): ObjectNode {
  const podCidrs = textsAt(item, 'spec', 'podCIDRs');
  const podCidr = textAt(item, 'spec', 'podCIDR');
  const zone = textAt(item, 'metadata', 'labels', 'topology.kubernetes.io/zone');
  return {
    name: textAt(item, 'metadata', 'name') ?? '',
    ...(zone === undefined || zone === '' ? {} : { zone }),
    addresses: listAt(item, 'status', 'addresses')
      .filter((address) => textAt(address, 'type') !== 'Hostname')
      .map((address) => textAt(address, 'address') ?? '')
      .filter((address) => address !== ''),
    podCidrs: podCidrs.length > 0 || podCidr === undefined ? podCidrs : [podCidr],
    line,
  };
}
