import type { ReadPort, ReadService } from './reader.ts';

/** A Service told in full: by `-o json` or `kubectl describe svc`. A missing key = the text does not say. */
export interface ObjectService extends ReadService {
  /** No cluster address: kube-proxy does nothing for it. */
  readonly headless: boolean;
  readonly ports: readonly ObjectPort[];
  /** Addresses given by a load balancer; then `externalIps` holds those of `spec.externalIPs` alone. */
  readonly loadBalancerIps: readonly string[];
  readonly externalTrafficPolicy?: string;
  readonly internalTrafficPolicy?: string;
  /** Seconds of ClientIP affinity; 0 = none. */
  readonly affinitySeconds: number;
  readonly sourceRanges: readonly string[];
  readonly healthCheckNodePort?: number;
  /** Those of `loadBalancerIps` whose `ipMode` is `Proxy`: the load balancer itself ends the connections to them. */
  readonly proxyModeIps?: readonly string[];
  /** Value of the annotation `service.kubernetes.io/topology-mode`, or of `topology-aware-hints`, which comes first where both are there. */
  readonly topologyMode?: string;
  readonly trafficDistribution?: string;
  /** Value of the label `service.kubernetes.io/service-proxy-name`: another program serves it. */
  readonly serviceProxyName?: string;
  /** It has the label `service.kubernetes.io/headless`, whatever its value. */
  readonly headlessLabel?: true;
  readonly publishNotReadyAddresses?: true;
}

/** A port with its name; an empty name is a port that has none. */
export interface ObjectPort extends ReadPort {
  readonly name: string;
}

/** One endpoint of a port. */
export interface ObjectEndpoint {
  readonly address: string;
  /** Name of the node it runs on; missing where the text does not say. */
  readonly node?: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  /** Zones that should use it (`hints.forZones`); missing = it has no such hint. */
  readonly zoneHints?: readonly string[];
  /** Nodes that should use it (`hints.forNodes`); missing = it has no such hint. */
  readonly nodeHints?: readonly string[];
}

/** The endpoints of one port of a service, as one Endpoints subset or EndpointSlice has them. */
export interface ObjectEndpointPort {
  readonly namespace: string;
  readonly service: string;
  /** Empty for a port without a name. */
  readonly portName: string;
  readonly protocol: string;
  readonly port: number;
  readonly endpoints: readonly ObjectEndpoint[];
  /** True where the text shows only the first of them. */
  readonly cut: boolean;
  /** The object they were read from; missing = a text that is neither. */
  readonly from?: 'EndpointSlice' | 'Endpoints';
  /** The slice has a label (`service-proxy-name` or `headless`) that makes kube-proxy pass it over. */
  readonly passedOver?: true;
  readonly line: number;
}

/** A Node: its name, addresses and zone. */
export interface ObjectNode {
  readonly name: string;
  /** Value of the label `topology.kubernetes.io/zone`; missing = it has none. */
  readonly zone?: string;
  readonly addresses: readonly string[];
  readonly podCidrs: readonly string[];
  readonly line: number;
}

/** The objects of one text. */
export interface ReadObjects {
  readonly services: readonly ObjectService[];
  readonly endpointPorts: readonly ObjectEndpointPort[];
  readonly nodes: readonly ObjectNode[];
}
