/** One row of `kubectl get endpointslices`. */
export interface ReadEndpointSlice {
  /** `default` where the table has no such column. */
  readonly namespace: string;
  /** Name of the slice: that of its service, a dash and five characters. */
  readonly name: string;
  readonly ports: readonly number[];
  readonly addresses: readonly string[];
  /** The table shows only the first three ports or addresses. */
  readonly cut: boolean;
  readonly line: number;
}

/** One row of `kubectl get pods`. */
export interface ReadPod {
  /** `default` where the table has no such column. */
  readonly namespace: string;
  readonly name: string;
  readonly status?: string;
  /** Its address and its node, which `-o wide` shows. */
  readonly address?: string;
  readonly node?: string;
  readonly line: number;
}

/** One row of `kubectl get nodes`. */
export interface ReadNode {
  readonly name: string;
  /** As `Ready,SchedulingDisabled`. */
  readonly status: string;
  /** Of its kubelet, as `v1.28.4`. */
  readonly version: string;
  /** Those that `-o wide` shows. */
  readonly addresses: readonly string[];
  readonly line: number;
}

/** How kube-proxy is to be started; a missing key is left to its default. */
export interface ReadConfiguration {
  readonly mode?: string;
  readonly scheduler?: string;
  readonly clusterCidr?: string;
  readonly masqueradeAll?: boolean;
  readonly masqueradeBit?: number;
  readonly strictArp?: boolean;
  /** How it tells that a packet comes from a pod: `ClusterCIDR`, `NodeCIDR`, `BridgeInterface`, `InterfaceNamePrefix`. */
  readonly detectLocalMode?: string;
  /** Whether node ports answer at loopback addresses, in iptables mode. */
  readonly localhostNodePorts?: boolean;
  /** The name it takes for its node's. */
  readonly hostnameOverride?: string;
  readonly excludeCidrs: readonly string[];
  readonly nodePortAddresses: readonly string[];
  readonly featureGates?: Readonly<Record<string, boolean>>;
  readonly line: number;
}

/** One row of `kubectl get svc`. */
export interface ReadService {
  /** `default` where the table has no such column. */
  readonly namespace: string;
  readonly name: string;
  readonly type?: string;
  readonly clusterIps: readonly string[];
  readonly externalIps: readonly string[];
  readonly ports: readonly ReadPort[];
  readonly line: number;
}

/** A port of a service: `80:30080/TCP`. The protocol is in lower case. */
export interface ReadPort {
  readonly port: number;
  readonly protocol: string;
  readonly nodePort?: number;
}

/** One row of `kubectl get endpoints`. */
export interface ReadEndpoints {
  readonly namespace: string;
  readonly name: string;
  /** As `10.244.0.2:53`. */
  readonly addresses: readonly string[];
  /** The table shows only the first three. */
  readonly cut: boolean;
  readonly line: number;
}
