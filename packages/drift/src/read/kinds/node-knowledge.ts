import type { LogStatement } from '../readers/logs/log-statement.ts';
import type { ObjectNode } from '../readers/read-object.ts';
import type { Part, Snapshot } from '../snapshot.ts';
import type { Gathered, InPart, NodeKnowledge } from './knowledge.ts';
import { sourceKindOf } from './source-kinds.ts';

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
    routes: [],
    wholeRoutes: new Set(),
    routingRules: [],
    services: [],
    endpointPorts: [],
    lacksObjects: snapshot.parts.some(lacksObjects),
    objects: new Map(),
    nodes: [],
    listedNodes: [],
    pods: [],
  };
  for (const { content, index, lineAt, command = '' } of snapshot.parts) {
    const first = lineAt(0);
    if (content.kind === 'reader') sourceKindOf(content.value).tells?.(content.value, found, { part: index, line: first }, command);
    // A listing that a shell refused to make.
    if (content.kind === 'tool-error' && content.error === 'command-not-found' && content.tool !== undefined) {
      found.noPrograms.set(content.tool, { value: content.tool, part: index, line: first });
    }
  }
  const own = ownNode(found);
  if (found.nodeName === undefined && own !== undefined) found.nodeName = own.name;
  const listed = found.listedNodes.find(({ name }) => name === (found.nodeName ?? snapshot.host));
  if (found.nodeName === undefined && listed !== undefined) found.nodeName = listed.name;
  const told = found.log.flatMap(({ value }) => (value.kind === 'node-addresses' ? value.addresses : []));
  found.nodeAddresses = [...new Set([...(own?.addresses ?? listed?.addresses ?? []), ...told])].filter(
    (address) => !['::1', '127.0.0.1'].includes(address),
  );
  found.podRanges = podRangesOf(found, own);
  return found;
}

/** Whether a part tells of objects of the cluster, and not of all that it had. */
export function lacksObjects({ tool, content, completeness }: Part): boolean {
  const isObjects = tool === 'kubernetes' || (content.kind === 'reader' && content.value.kind === 'Objects');
  return isObjects && completeness.state !== 'complete';
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
  return snapshot.troubles.filter(({ code }) => code !== 'snapshot/no-program');
}
