import type { Diagnostic } from '@netdrift/core';
import type { LogStatement } from './logs/log-statement.ts';
import type { ReadObjects } from './read-object.ts';
import type {
  ReadEndpointSlice,
  ReadSysctl,
  ReadConfiguration,
  ReadService,
  ReadEndpoints,
  ReadInterface,
  ReadPod,
  ReadRoute,
  ReadRule,
  ReadSocket,
  ReadTrackedConnection,
} from './read-values.ts';

/** What one of the small readers found in a text that is no listing of a packet tool. Lines count from 1 in the text read. */
export type ReaderValue = ReadValue & {
  /** What could not be read of a text that is otherwise known; missing = nothing. */
  readonly diagnostics?: readonly Diagnostic[];
};

type ReadValue =
  | { readonly kind: 'Services'; readonly services: readonly ReadService[] }
  | { readonly kind: 'Endpoints'; readonly endpoints: readonly ReadEndpoints[] }
  | { readonly kind: 'EndpointSlices'; readonly slices: readonly ReadEndpointSlice[] }
  | { readonly kind: 'Pods'; readonly pods: readonly ReadPod[] }
  | { readonly kind: 'Routes'; readonly routes: readonly ReadRoute[] }
  | { readonly kind: 'RoutingRules'; readonly rules: readonly ReadRule[] }
  | { readonly kind: 'Sockets'; readonly sockets: readonly ReadSocket[] }
  | { readonly kind: 'TrackedConnections'; readonly connections: readonly ReadTrackedConnection[] }
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

/** A small reader: recognises its text and reads it, in one pass. */
export interface Reader {
  /** What it reads, as `kubectl get svc`. */
  readonly title: string;
  /** What it found, or undefined when the text is of another kind. */
  readonly read: (text: string) => ReaderValue | undefined;
}
