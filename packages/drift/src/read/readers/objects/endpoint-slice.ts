import type { ObjectEndpoint, ObjectEndpointPort } from '../read-object.ts';
import { at, booleanAt, type Json, listAt, portAt, shown, textAt, textsAt } from './json-value.ts';
import { changedAt, HEADLESS, metadataOf, PROXY_NAME, targetOf } from './metadata.ts';

/**
 * The ports of an EndpointSlice of `discovery.k8s.io/v1`, `v1beta1` or `v1alpha1`, each with all its endpoints. A port without a number
 * stands for every port; kube-proxy passes it over, and so does this.
 */
export function slicePorts(object: Json, line: number): ObjectEndpointPort[] {
  const { namespace, name, labels } = metadataOf(object);
  const endpoints = listAt(object, 'endpoints').flatMap(endpointOf);
  const service = labels?.['kubernetes.io/service-name'] ?? name.replace(/-[a-z0-9]+$/, '');
  const passedOver = [PROXY_NAME, HEADLESS].some((label) => textAt(object, 'metadata', 'labels', label) !== undefined);
  return listAt(object, 'ports').flatMap((port): ObjectEndpointPort[] => {
    const number = portAt(port, 'port');
    if (number === undefined) return [];
    return [
      {
        namespace,
        service,
        portName: textAt(port, 'name') ?? '',
        protocol: (textAt(port, 'protocol') ?? 'TCP').toLowerCase(),
        port: number,
        ...shown('appProtocol', textAt(port, 'appProtocol')),
        endpoints,
        cut: false,
        from: 'EndpointSlice',
        ...(passedOver ? { passedOver } : {}),
        objectName: name,
        ...shown('labels', labels),
        ...shown('changedAt', changedAt(object)),
        ...shown('addressType', textAt(object, 'addressType')),
        line,
      },
    ];
  });
}

/**
 * A condition that is missing counts as true (terminating: false). Of several addresses of an endpoint the first counts: those who use
 * them take it alone (`endpointslicecache.go`).
 */
function endpointOf(endpoint: Json): ObjectEndpoint[] {
  const [address] = textsAt(endpoint, 'addresses');
  if (address === undefined) return [];
  const conditions = at(endpoint, 'conditions');
  const ready = booleanAt(conditions, 'ready');
  const serving = booleanAt(conditions, 'serving');
  const terminating = booleanAt(conditions, 'terminating');
  const hints = (kind: string): readonly string[] => listAt(endpoint, 'hints', kind).flatMap((hint) => textAt(hint, 'name') ?? []);
  const zoneHints = hints('forZones');
  const nodeHints = hints('forNodes');
  return [
    {
      address,
      ...shown('node', textAt(endpoint, 'nodeName') ?? textAt(endpoint, 'topology', 'kubernetes.io/hostname')),
      ready: ready !== false,
      serving: serving ?? ready !== false,
      terminating: terminating === true,
      ...(conditions === undefined
        ? {}
        : { conditions: { ...shown('ready', ready), ...shown('serving', serving), ...shown('terminating', terminating) } }),
      ...shown('zone', textAt(endpoint, 'zone') ?? textAt(endpoint, 'topology', 'topology.kubernetes.io/zone')),
      ...(zoneHints.length === 0 ? {} : { zoneHints }),
      ...(nodeHints.length === 0 ? {} : { nodeHints }),
      ...shown('hostname', textAt(endpoint, 'hostname')),
      ...targetOf(endpoint),
    },
  ];
}
