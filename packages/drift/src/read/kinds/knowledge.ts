import type { LogStatement } from '../readers/logs/log-statement.ts';
import type { ObjectEndpointPort, ObjectNode, ObjectService } from '../readers/read-object.ts';
import type { ReadConfiguration, ReadNode } from '../readers/read-values.ts';
import type { ListedRoute, ListedRoutingRule } from './listed-routes.ts';

/** A statement with the part it stands in. */
export interface InPart<Value> {
  readonly value: Value;
  /** Place in `snapshot.parts`. */
  readonly part: number;
  /** Line of the part's text, from 1. */
  readonly line: number;
}

/** What a snapshot says of its node beside the packet tables. */
export interface NodeKnowledge {
  readonly log: readonly InPart<LogStatement>[];
  /** Whether a log of kube-proxy was given at all. */
  readonly hasLog: boolean;
  readonly configuration?: InPart<ReadConfiguration>;
  readonly proxyMode?: InPart<string>;
  readonly version?: InPart<string>;
  readonly kernel?: InPart<string>;
  readonly nodeName?: string;
  /** Addresses of the node itself. */
  readonly nodeAddresses: readonly string[];
  /** Ranges of pod addresses that a configuration, a log or a Node object names. */
  readonly podRanges: readonly string[];
  /** Interfaces that were asked for and do not exist. */
  readonly noInterfaces: ReadonlySet<string>;
  /** Programs that were called and are not installed. */
  readonly noPrograms: ReadonlyMap<string, InPart<string>>;
  readonly sysctls: ReadonlyMap<string, InPart<string>>;
  /** Settings this kernel does not have. */
  readonly absentSysctls: ReadonlyMap<string, InPart<string>>;
  readonly routes: readonly InPart<ListedRoute>[];
  /** Families of which every table of routes was shown. */
  readonly wholeRoutes: ReadonlySet<'ipv4' | 'ipv6'>;
  readonly routingRules: readonly InPart<ListedRoutingRule>[];
  readonly services: readonly InPart<ObjectService>[];
  readonly endpointPorts: readonly InPart<ObjectEndpointPort>[];
  /** Whether objects were given and not all of them could be read: others may exist, and tables of kubectl tell less of them. */
  readonly lacksObjects: boolean;
  readonly nodes: readonly ObjectNode[];
  /** Nodes of a table of `kubectl get nodes`, which shows neither labels nor ranges. */
  readonly listedNodes: readonly ReadNode[];
  /** Names of pods, of a table of `kubectl get pods`. */
  readonly pods: readonly InPart<string>[];
}

/** What is known so far, while the outputs of a snapshot are gone through. */
export type Gathered = { -readonly [Key in keyof NodeKnowledge]: NodeKnowledge[Key] } & {
  log: InPart<LogStatement>[];
  noInterfaces: Set<string>;
  noPrograms: Map<string, InPart<string>>;
  sysctls: Map<string, InPart<string>>;
  absentSysctls: Map<string, InPart<string>>;
  routes: InPart<ListedRoute>[];
  wholeRoutes: Set<'ipv4' | 'ipv6'>;
  routingRules: InPart<ListedRoutingRule>[];
  services: InPart<ObjectService>[];
  endpointPorts: InPart<ObjectEndpointPort>[];
  /** The objects gathered, by what they are of: one alone as it is, more of them as texts. */
  readonly objects: Map<string, ObjectService | ObjectEndpointPort | Set<string>>;
  nodes: ObjectNode[];
  listedNodes: ReadNode[];
  pods: InPart<string>[];
};
