import type { ReadConfiguration, ReadPort, ReadService } from './read-values.ts';

/** What every object says of itself. */
export interface ObjectMetadata {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The object is being deleted since then. */
  readonly deletionTimestamp?: string;
}

/** A Service told in full: by `-o json`, `-o yaml` or `kubectl describe svc`. A missing key = the text does not say. */
export interface ObjectService extends ReadService, ObjectMetadata {
  /** No cluster address: kube-proxy does nothing for it. */
  readonly headless: boolean;
  readonly ports: readonly ObjectPort[];
  /** Addresses given by a load balancer; then `externalIps` holds those of `spec.externalIPs` alone. */
  readonly loadBalancerIps: readonly string[];
  /** Everything that a load balancer gave, with `ipMode` where the API server has it (1.29 and later). */
  readonly ingress?: readonly ObjectIngress[];
  readonly externalTrafficPolicy?: string;
  readonly internalTrafficPolicy?: string;
  readonly trafficDistribution?: string;
  /** Seconds of ClientIP affinity; 0 = none. */
  readonly affinitySeconds: number;
  readonly sourceRanges: readonly string[];
  readonly healthCheckNodePort?: number;
  /** Those of `loadBalancerIps` whose `ipMode` is `Proxy`: the load balancer itself ends the connections to them. */
  readonly proxyModeIps?: readonly string[];
  /**
   * Value of the annotation `service.kubernetes.io/topology-mode`, or of `topology-aware-hints`, which comes first where both are there.
   */
  readonly topologyMode?: string;
  /** Value of the label `service.kubernetes.io/service-proxy-name`: another program serves it. */
  readonly serviceProxyName?: string;
  /** It has the label `service.kubernetes.io/headless`, whatever its value. */
  readonly headlessLabel?: true;
  readonly selector?: Readonly<Record<string, string>>;
  /** `IPv4`, `IPv6`. */
  readonly ipFamilies?: readonly string[];
  readonly ipFamilyPolicy?: string;
  readonly loadBalancerClass?: string;
  /** `spec.loadBalancerIP`: the address asked for. */
  readonly requestedLoadBalancerIp?: string;
  readonly allocateLoadBalancerNodePorts?: boolean;
  readonly publishNotReadyAddresses?: boolean;
  readonly externalName?: string;
}

/** One entry of `status.loadBalancer.ingress`. */
export interface ObjectIngress {
  readonly ip?: string;
  readonly hostname?: string;
  /** `VIP` or `Proxy`. */
  readonly ipMode?: string;
}

/** A port with its name; an empty name is a port that has none. */
export interface ObjectPort extends ReadPort {
  readonly name: string;
  /** Number or name of a port of the pods. */
  readonly targetPort?: number | string;
  readonly appProtocol?: string;
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
  /** The conditions as the text shows them; missing = it has none. */
  readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
  readonly zone?: string;
  readonly hostname?: string;
  readonly target?: { readonly kind?: string; readonly namespace?: string; readonly name?: string };
}

/** The endpoints of one port of a service, as one Endpoints subset or EndpointSlice has them. */
export interface ObjectEndpointPort {
  readonly namespace: string;
  readonly service: string;
  /** Empty for a port without a name. */
  readonly portName: string;
  readonly protocol: string;
  readonly port: number;
  readonly appProtocol?: string;
  readonly endpoints: readonly ObjectEndpoint[];
  /** True where the text shows only the first of them. */
  readonly cut: boolean;
  /** The object they were read from; missing = a text that is neither. */
  readonly from?: 'EndpointSlice' | 'Endpoints';
  /** The slice has a label (`service-proxy-name` or `headless`) that makes kube-proxy pass it over. */
  readonly passedOver?: true;
  /** Name and labels of that object. */
  readonly objectName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** When its endpoints last changed, by the annotation `endpoints.kubernetes.io/last-change-trigger-time`, as `2026-11-30T02:15:00Z`. */
  readonly changedAt?: string;
  /** `IPv4`, `IPv6`, `FQDN`; an Endpoints object has none. */
  readonly addressType?: string;
  readonly line: number;
}

/** A Node: its name, addresses and zone. */
export interface ObjectNode extends ObjectMetadata {
  /** Value of the label `topology.kubernetes.io/zone`; missing = it has none. */
  readonly zone?: string;
  /** Those that are addresses and no names. */
  readonly addresses: readonly string[];
  /** All of them with their type, as `InternalIP` or `Hostname`. */
  readonly typedAddresses?: readonly { readonly type: string; readonly address: string }[];
  readonly podCidrs: readonly string[];
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly unschedulable?: boolean;
  readonly kubeletVersion?: string;
  /** What the kubelet says it is; up to 1.30 the kubelet's own version. */
  readonly kubeProxyVersion?: string;
  readonly kernel?: string;
  readonly line: number;
}

/** How kube-proxy is to be started, and the kind of object that says it. */
export interface ObjectConfiguration {
  readonly file: string;
  readonly configuration: ReadConfiguration;
}

/** The objects of one text. */
export interface ReadObjects {
  readonly services: readonly ObjectService[];
  readonly endpointPorts: readonly ObjectEndpointPort[];
  readonly nodes: readonly ObjectNode[];
  /** Missing = the text holds none. */
  readonly configurations?: readonly ObjectConfiguration[];
}
