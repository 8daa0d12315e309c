import type { Diagnostic } from '@netdrift/core';
import type { LogStatement } from './log-statement.ts';
import type { ReadObjects } from './read-object.ts';

/** What one of the small readers found in a text that is no listing of a packet tool. Lines count from 1 in the text read. */
export type ReaderValue = ReadValue & {
  /** What could not be read of a text that is otherwise known; missing = nothing. */
  readonly diagnostics?: readonly Diagnostic[];
};

type ReadValue =
  | { readonly kind: 'Services'; readonly services: readonly ReadService[] }
  | { readonly kind: 'Endpoints'; readonly endpoints: readonly ReadEndpoints[] }
  | { readonly kind: 'EndpointSlices'; readonly slices: readonly ReadEndpointSlice[] }
  /** Services, Endpoints, EndpointSlices and Nodes told in full, by `-o json`, `-o yaml` or `kubectl describe`. */
  | ({ readonly kind: 'Objects' } & ReadObjects)
  | { readonly kind: 'InterfaceAddresses'; readonly interfaces: readonly ReadInterface[] }
  /** An interface that was asked for and does not exist. */
  | { readonly kind: 'NoInterface'; readonly name: string }
  /** A program that was called and is not installed. */
  | { readonly kind: 'NoProgram'; readonly name: string }
  | { readonly kind: 'ProxyMode'; readonly mode: string }
  | { readonly kind: 'ProxyVersion'; readonly version: string }
  /** What a packet tool says of itself; `detail` is what it adds in brackets, `nf_tables`. */
  | { readonly kind: 'ToolVersion'; readonly tool: string; readonly version: string; readonly detail?: string }
  | { readonly kind: 'ProxyLog'; readonly lines: number; readonly statements: readonly LogStatement[] }
  | { readonly kind: 'ProxyConfiguration'; readonly file: string; readonly configuration: ReadConfiguration }
  /** `node` = the node's name, where the text shows it. */
  | { readonly kind: 'KernelRelease'; readonly release: string; readonly node?: string }
  /** `absent` = names this kernel does not have. */
  | { readonly kind: 'Sysctls'; readonly settings: readonly ReadSysctl[]; readonly absent: readonly string[] };

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

/** One kernel setting; the name has dots between its parts. */
export interface ReadSysctl {
  readonly name: string;
  readonly value: string;
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

/** The addresses of one interface, by `ip addr`. */
export interface ReadInterface {
  readonly name: string;
  readonly addresses: readonly { readonly address: string; readonly line: number }[];
}

/** A small reader: recognises its text and reads it, in one pass. */
export interface Reader {
  /** What it reads, as `kubectl get svc`. */
  readonly title: string;
  /** What it found, or undefined when the text is of another kind. */
  readonly read: (text: string) => ReaderValue | undefined;
}
