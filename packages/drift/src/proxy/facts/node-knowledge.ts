import type { Snapshot } from '../../read/snapshot.ts';
import type { LogStatement } from '../../read/readers/logs/log-statement.ts';
import type { ObjectConfiguration, ObjectEndpointPort, ObjectNode, ObjectService } from '../../read/readers/read-object.ts';
import type { ReaderValue } from '../../read/readers/reader.ts';
import type { ReadConfiguration } from '../../read/readers/read-values.ts';
import { append } from '../../common/append.ts';

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
  readonly services: readonly InPart<ObjectService>[];
  readonly endpointPorts: readonly InPart<ObjectEndpointPort>[];
  readonly nodes: readonly ObjectNode[];
  /** Names of pods, of a table of `kubectl get pods`. */
  readonly pods: readonly InPart<string>[];
}

type Gathered = { -readonly [Key in keyof NodeKnowledge]: NodeKnowledge[Key] } & {
  log: InPart<LogStatement>[];
  noInterfaces: Set<string>;
  noPrograms: Map<string, InPart<string>>;
  sysctls: Map<string, InPart<string>>;
  absentSysctls: Map<string, InPart<string>>;
  services: InPart<ObjectService>[];
  endpointPorts: InPart<ObjectEndpointPort>[];
  readonly objects: Set<string>;
  nodes: ObjectNode[];
  pods: InPart<string>[];
};

/** Gathers what the small readers found. Where two texts say the same thing, the later one counts. */
export function nodeKnowledge(snapshot: Snapshot): NodeKnowledge {
  const found: Gathered = {
    log: [],
    hasLog: false,
    nodeAddresses: [],
    podRanges: [],
    noInterfaces: new Set(),
    noPrograms: new Map(),
    sysctls: new Map(),
    absentSysctls: new Map(),
    services: [],
    endpointPorts: [],
    objects: new Set(),
    nodes: [],
    pods: [],
  };
  for (const { content, index, lineAt } of snapshot.parts) {
    const first = lineAt(0);
    if (content.kind === 'reader') gather(found, content.value, index, first);
    // A listing that a shell refused to make.
    if (content.kind === 'tool-error' && content.error === 'command-not-found' && content.tool !== undefined) {
      found.noPrograms.set(content.tool, { value: content.tool, part: index, line: first });
    }
  }
  const own = ownNode(found);
  if (found.nodeName === undefined && own !== undefined) found.nodeName = own.name;
  const told = found.log.flatMap(({ value }) => (value.kind === 'node-addresses' ? value.addresses : []));
  found.nodeAddresses = [...new Set([...(own?.addresses ?? []), ...told])].filter((address) => !['::1', '127.0.0.1'].includes(address));
  found.podRanges = podRangesOf(found, own);
  return found;
}

/** `first` is the first line of the part, for answers of one line. */
function gather(found: Gathered, value: ReaderValue, part: number, first: number): void {
  switch (value.kind) {
    case 'ProxyLog':
      found.hasLog = true;
      for (const statement of value.statements) found.log.push({ value: statement, part, line: statement.line });
      return;
    case 'Pods':
      for (const { name, line } of value.pods) found.pods.push({ value: name, part, line });
      return;
    case 'ProxyConfiguration':
      configure(found, value, part);
      return;
    case 'ProxyMode':
      found.proxyMode = { value: value.mode, part, line: first };
      return;
    case 'ProxyVersion':
      found.version = { value: value.version, part, line: first };
      return;
    case 'KernelRelease':
      found.kernel = { value: value.release, part, line: first };
      if (value.node !== undefined) found.nodeName = value.node;
      return;
    case 'NoInterface':
      found.noInterfaces.add(value.name);
      return;
    case 'NoProgram':
      found.noPrograms.set(value.name, { value: value.name, part, line: first });
      return;
    case 'Sysctls':
      for (const { name, value: setting, line } of value.settings) found.sysctls.set(name, { value: setting, part, line });
      for (const name of value.absent) found.absentSysctls.set(name, { value: name, part, line: first });
      return;
    case 'Objects':
      // The same list twice, as a copied file, is one list.
      for (const service of value.services)
        if (isNew(found.objects, service)) found.services.push({ value: service, part, line: service.line });
      for (const port of value.endpointPorts)
        if (isNew(found.objects, port)) found.endpointPorts.push({ value: port, part, line: port.line });
      append(found.nodes, value.nodes);
      for (const configuration of value.configurations ?? []) configure(found, configuration, part);
      return;
    default:
  }
}

/** Whether an object is none of those gathered before, wherever it stands; `gathered` holds their texts. */
function isNew(gathered: Set<string>, { line: _, ...object }: ObjectService | ObjectEndpointPort): boolean {
  const text = JSON.stringify(object);
  if (gathered.has(text)) return false;
  gathered.add(text);
  return true;
}

/** A file of kubeadm names the range of pods, and says nothing of how kube-proxy runs where another file does. */
function configure(found: Gathered, { file, configuration }: ObjectConfiguration, part: number): void {
  if (file === 'ClusterConfiguration' && found.configuration !== undefined) return;
  found.configuration = { value: configuration, part, line: configuration.line };
}

/** The Node object that is this node: the one with its name, or the only one. */
function ownNode({ nodes, nodeName }: Gathered): ObjectNode | undefined {
  return nodes.find((node) => node.name === nodeName) ?? (nodes.length === 1 ? nodes[0] : undefined);
}

function podRangesOf(found: Gathered, own: ObjectNode | undefined): string[] {
  const configured = found.configuration?.value.clusterCidr ?? lastFlag(found.log, 'cluster-cidr') ?? '';
  const ranges = configured.split(',').filter((range) => range !== '');
  return ranges.length > 0 ? ranges : [...(own?.podCidrs ?? [])];
}

/** Those that count beside a configuration file (`Options.Complete` in `cmd/kube-proxy/app/options.go`). */
const BESIDE_A_FILE: ReadonlySet<string> = new Set(['config', 'hostname-override']);

/**
 * The value of a flag as the log shows it last; an empty value is the default and not told, nor is one for which a configuration file
 * stands.
 */
export function lastFlag(log: readonly InPart<LogStatement>[], name: string): string | undefined {
  if (!BESIDE_A_FILE.has(name) && lastFlag(log, 'config') !== undefined) return undefined;
  const found = log.findLast(({ value }) => value.kind === 'flag' && value.name === name)?.value;
  return found?.kind === 'flag' && found.value !== '' ? found.value : undefined;
}

/** The troubles of a snapshot without those that are facts about the node: a program that was called and is not there. */
export function realTroubles(snapshot: Snapshot): Snapshot['troubles'] {
  const facts = new Set(
    snapshot.parts
      .filter(({ content }) => content.kind === 'tool-error' && content.error === 'command-not-found')
      .map(({ source }) => source),
  );
  return snapshot.troubles.filter(({ source, code }) => code !== 'snapshot/tool-error' || source === undefined || !facts.has(source));
}
