import type { ObjectEndpoint, ObjectEndpointPort, ObjectNode, ObjectService } from '../../snapshot/readers/read-object.ts';

/** The label by which a service is left to another program; kube-proxy does not even ask for such objects (`cmd/kube-proxy/app/server.go`). */
export function serviceProxyName({ serviceProxyName: name }: ObjectService): string | undefined {
  return name;
}

/** The label `service.kubernetes.io/headless`: kube-proxy does not ask for objects that have it. */
export function hasHeadlessLabel({ headlessLabel }: ObjectService): boolean {
  return headlessLabel === true;
}

/** Value of the annotation `service.kubernetes.io/topology-aware-hints`, which comes first, or `topology-mode` (`serviceport.go`). */
export function topologyMode({ topologyMode: mode }: ObjectService): string | undefined {
  return mode;
}

/** Load-balancer addresses whose `ipMode` is `Proxy`: the load balancer itself ends the connections to them. */
export function proxyModeIps({ proxyModeIps: addresses }: ObjectService): readonly string[] {
  return addresses ?? [];
}

export function isSlice({ from }: ObjectEndpointPort): boolean {
  return from === 'EndpointSlice';
}

export function isEndpoints({ from }: ObjectEndpointPort): boolean {
  return from === 'Endpoints';
}

/** Whether a slice has a label that makes kube-proxy pass it over. */
export function sliceIsPassedOver({ passedOver }: ObjectEndpointPort): boolean {
  return passedOver === true;
}

/** Zones that should use an endpoint (`hints.forZones`); none where it has no such hint. */
export function zoneHints({ zoneHints: zones }: ObjectEndpoint): readonly string[] {
  return zones ?? [];
}

/** Nodes that should use an endpoint (`hints.forNodes`); none where it has no such hint. */
export function nodeHints({ nodeHints: nodes }: ObjectEndpoint): readonly string[] {
  return nodes ?? [];
}

/** Label `topology.kubernetes.io/zone` of a node. */
export function zoneOf({ zone }: ObjectNode): string | undefined {
  return zone;
}
