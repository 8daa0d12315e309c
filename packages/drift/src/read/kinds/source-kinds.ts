import { append } from '../../common/append.ts';
import type { ObjectConfiguration, ObjectEndpointPort, ObjectService } from '../readers/read-object.ts';
import type { ReaderValue } from '../readers/reader.ts';
import type { Gathered } from './knowledge.ts';
import { addRoutes, familyAsked } from './shown-routes.ts';
import type { ValueOf } from './values-of.ts';

/** Where an output stands: its part, and the first line of it, for answers of one line. */
export interface Place {
  readonly part: number;
  readonly line: number;
}

/** What one kind of output is evidence of. How it is recognised and read: `outputReaders` of core, and `readers.ts`. */
export interface SourceKind<Value> {
  /**
   * What it shows, as keys that two outputs share where they show the same thing: then they are of two moments. Missing: what does not
   * change from one moment to the next, and logs, which go on.
   */
  readonly things?: (value: Value, command: string) => readonly string[];
  /** What it adds to what is known of the node, beside the packet tables. Where two texts say the same thing, the later one counts. */
  readonly tells?: (value: Value, found: Gathered, place: Place, command: string) => void;
  /** It is of a cluster, and so of each of its nodes. */
  readonly isOfCluster?: true;
  /** It says nothing of a node, and only helps to read other outputs. */
  readonly isHint?: true;
}

type SourceKinds = { readonly [Kind in ReaderValue['kind']]?: SourceKind<ValueOf<Kind>> };

/** What each kind of output is evidence of; one that is not named here is asked for by who needs it alone (`valuesOf`). */
const SOURCE_KINDS: SourceKinds = {
  Services: { isOfCluster: true, things: ({ services }) => named('service', services) },
  Endpoints: { isOfCluster: true, things: ({ endpoints }) => named('endpoints', endpoints) },
  EndpointSlices: { isOfCluster: true, things: ({ slices }) => named('slice', slices) },
  Pods: {
    isOfCluster: true,
    isHint: true,
    things: ({ pods }) => named('pod', pods),
    tells: ({ pods }, found, { part }) => {
      for (const { name, line } of pods) found.pods.push({ value: name, part, line });
    },
  },
  Nodes: {
    isOfCluster: true,
    things: ({ nodes }) => nodes.map(({ name }) => `node ${name}`),
    tells: ({ nodes }, found) => append(found.listedNodes, nodes),
  },
  Objects: {
    isOfCluster: true,
    things: ({ services, endpointPorts, nodes }) => [
      ...named('service', services),
      // Several slices tell of one port of a service.
      ...endpointPorts.map(
        ({ namespace, service, port, from = '', objectName = `${service} ${port}` }) => `endpoints ${from} ${namespace}/${objectName}`,
      ),
      ...nodes.map(({ name }) => `node ${name}`),
    ],
    tells: ({ services, endpointPorts, nodes, configurations = [] }, found, { part }) => {
      for (const service of services) if (isNew(found.objects, service)) found.services.push({ value: service, part, line: service.line });
      for (const port of endpointPorts) if (isNew(found.objects, port)) found.endpointPorts.push({ value: port, part, line: port.line });
      append(found.nodes, nodes);
      for (const configuration of configurations) configure(found, configuration, part);
    },
  },
  ProxyConfiguration: { tells: (value, found, { part }) => configure(found, value, part) },
  ProxyLog: {
    tells: ({ statements }, found, { part }) => {
      found.hasLog = true;
      for (const statement of statements) found.log.push({ value: statement, part, line: statement.line });
    },
  },
  ProxyMode: {
    things: () => ['proxy mode'],
    tells: ({ mode }, found, place) => {
      found.proxyMode = { value: mode, ...place };
    },
  },
  ProxyVersion: {
    tells: ({ version }, found, place) => {
      found.version = { value: version, ...place };
    },
  },
  KernelRelease: {
    tells: ({ release, node }, found, place) => {
      found.kernel = { value: release, ...place };
      if (node !== undefined) found.nodeName = node;
    },
  },
  InterfaceAddresses: { things: ({ interfaces }) => interfaces.map(({ name }) => `interface ${name}`) },
  NoInterface: {
    things: ({ name }) => [`interface ${name}`],
    tells: ({ name }, found) => void found.noInterfaces.add(name),
  },
  NoProgram: { tells: ({ name }, found, place) => void found.noPrograms.set(name, { value: name, ...place }) },
  // Rules of both families look alike.
  RoutingRules: {
    things: (_value, command) => [`routing rules ${familyAsked(command)}`],
    tells: ({ rules }, found, { part }, command) => {
      for (const rule of rules) found.routingRules.push({ value: { ...rule, family: familyAsked(command) }, part, line: rule.line });
    },
  },
  Routes: { tells: ({ routes }, found, { part }, command) => addRoutes(routes, found, part, command) },
  Sockets: { things: () => ['sockets'] },
  DpvsAddresses: { things: () => ['addresses of DPVS'] },
  DpvsRoutes: { things: () => ['routes of DPVS'] },
  TrackedConnections: { things: () => ['tracked connections'] },
  Sysctls: {
    tells: ({ settings, absent }, found, place) => {
      for (const { name, value, line } of settings) found.sysctls.set(name, { value, part: place.part, line });
      for (const name of absent) found.absentSysctls.set(name, { value: name, ...place });
    },
  },
};

/** What an output is evidence of. */
export function sourceKindOf(value: ReaderValue): SourceKind<ReaderValue> {
  // The entry of a kind takes values of that kind: the table's type says so for each key, which TypeScript cannot follow through a
  // variable.
  return (SOURCE_KINDS[value.kind] ?? {}) as SourceKind<ReaderValue>;
}

function named(kind: string, rows: readonly { readonly namespace: string; readonly name: string }[]): string[] {
  return rows.map(({ namespace, name }) => `${kind} ${namespace}/${name}`);
}

/** Whether an object is none of those gathered before: the same list twice, as a copied file, is one list. */
function isNew(gathered: Gathered['objects'], object: ObjectService | ObjectEndpointPort): boolean {
  const key = 'portName' in object ? `${object.namespace}/${object.service}:${object.portName}` : `${object.namespace}/${object.name}`;
  const known = gathered.get(key);
  // Texts are made only where two objects are of one service.
  if (known === undefined) {
    gathered.set(key, object);
    return true;
  }
  const texts = known instanceof Set ? known : new Set([textOf(known)]);
  gathered.set(key, texts);
  const { size } = texts;
  return texts.add(textOf(object)).size > size;
}

function textOf({ line: _, ...object }: ObjectService | ObjectEndpointPort): string {
  return JSON.stringify(object);
}

/** A file of kubeadm names the range of pods, and says nothing of how kube-proxy runs where another file does. */
function configure(found: Gathered, { file, configuration }: ObjectConfiguration, part: number): void {
  if (file === 'ClusterConfiguration' && found.configuration !== undefined) return;
  found.configuration = { value: configuration, part, line: configuration.line };
}
