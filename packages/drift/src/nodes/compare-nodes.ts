import { addToGroup } from '../add-to-group.ts';
import { type NodeFacts, nodeView, type NodeView } from '../kubernetes/node-facts.ts';
import { realTroubles } from '../kubernetes/node-knowledge.ts';
import type { ServiceFrontend } from '../kubernetes/service-table.ts';
import { type Severity, worse } from '../report.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { doingText, isWithout, severityOfDifference, withoutSource } from './path-difference.ts';

/** One node to compare: a name to show, and what was captured of it. */
export interface NamedNode {
  readonly name: string;
  readonly snapshot: Snapshot;
}

/** Something that nodes of one cluster do not have in common. */
export interface NodeDifference {
  /** `node.outlier`: most nodes agree; `node.differs`: no majority; `node.setting-differs`: kube-proxy is set up differently. */
  readonly id: 'node.outlier' | 'node.differs' | 'node.setting-differs';
  readonly severity: Severity;
  /** A service port, or a setting. */
  readonly subject: string;
  /** Address and port, where a service port is meant. */
  readonly frontend?: string;
  /** Nodes by what they do; the one that most of them do first. */
  readonly groups: readonly { readonly nodes: readonly string[]; readonly does: string }[];
  /** One sentence without its full stop. */
  readonly text: string;
}

/** How the nodes of one cluster differ. */
export interface NodesReport {
  readonly schemaVersion: '1.0';
  readonly nodes: readonly { readonly name: string; readonly mode?: string; readonly version?: string }[];
  readonly maxSeverity: Severity;
  /** Worst first, then by subject. */
  readonly differences: readonly NodeDifference[];
  readonly troubles: readonly { readonly node: string; readonly message: string }[];
}

interface ViewedNode {
  readonly name: string;
  readonly view: NodeView;
  readonly frontends: ReadonlyMap<string, { readonly service: string; readonly frontend: ServiceFrontend }>;
}

const ORDER: readonly Severity[] = ['critical', 'warning', 'notice', 'none'];

/**
 * Compares the nodes of one cluster by what they do for services: the same engine reads each of them, in ipvs mode, iptables mode or
 * both. What is a node's own is left out: its addresses, what it does for packets of its own, and endpoints that a policy `Local` keeps to it.
 *
 * Of three nodes or more the majority is the norm, and the others are told as outliers.
 *
 * @example
 * compareNodes([{ name: 'a', snapshot: one }, { name: 'b', snapshot: other }]).differences // => []
 */
export function compareNodes(nodes: readonly NamedNode[]): NodesReport {
  const viewed = nodes.map(({ name, snapshot }): ViewedNode => {
    const view = nodeView(snapshot);
    return { name, view, frontends: frontendsOf(view) };
  });
  const differences = explainedBySettings(serviceDifferences(viewed), settingDifferences(viewed));
  differences.sort((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity) || compareTexts(one.subject, other.subject) || compareTexts(one.text, other.text));
  return {
    schemaVersion: '1.0',
    nodes: viewed.map(({ name, view: { facts } }) => ({ name, ...(facts.proxyMode === undefined ? {} : { mode: facts.proxyMode.value }), ...(facts.version === undefined ? {} : { version: facts.version.value }) })),
    maxSeverity: differences.reduce<Severity>((most, { severity }) => worse(most, severity), 'none'),
    differences,
    troubles: nodes.flatMap(({ name, snapshot }) => realTroubles(snapshot).map(({ source, message }) => ({ node: name, message: source === undefined ? message : `${source}: ${message}` }))),
  };
}

/** By address and port; a node port by its port alone, for it is served on each node's own addresses. */
export function frontendsOf({ table }: Pick<NodeView, 'table'>): Map<string, { service: string; frontend: ServiceFrontend }> {
  const frontends = new Map<string, { service: string; frontend: ServiceFrontend }>();
  for (const { name, named, frontends: listed } of table.servicePorts) {
    for (const frontend of listed) {
      const { purpose, protocol, addresses, port } = frontend;
      // An address without a name may be the node's own.
      if (!named && purpose === 'unknown') continue;
      const family = addresses[0]?.includes(':') === true ? ' IPv6' : '';
      const key = purpose === 'node port' ? `node port ${protocol} ${port}${family}` : `${protocol} ${addresses.join()}:${port}`;
      if (!frontends.has(key)) frontends.set(key, { service: name, frontend });
    }
  }
  return frontends;
}

function serviceDifferences(nodes: readonly ViewedNode[]): NodeDifference[] {
  const keys = new Set(nodes.flatMap(({ frontends }) => [...frontends.keys()]));
  const found: NodeDifference[] = [];
  for (const key of [...keys].sort()) {
    const [first] = nodes.flatMap(({ frontends }) => frontends.get(key) ?? []);
    if (first === undefined) continue;
    // Endpoints of a policy Local are each node's own.
    if (nodes.some(({ frontends }) => frontends.get(key)?.frontend.policy === 'Local')) continue;
    const groups = groupsOf(nodes, ({ frontends }) => {
      const frontend = frontends.get(key)?.frontend;
      return frontend === undefined ? 'not there' : doingText(frontend.paths);
    });
    if (groups.length < 2) continue;
    const paths = groups.map(({ nodes: [name] }) => nodes.find((node) => node.name === name)?.frontends.get(key)?.frontend.paths ?? []);
    const severity = paths.slice(1).reduce<Severity>((most, path) => worse(most, severityOfDifference(paths[0] ?? [], path)), 'notice');
    found.push(differenceOf(first.service, key, severity, groups, nodes.length));
  }
  return foldAbsent(found);
}

interface Group {
  readonly nodes: readonly string[];
  readonly does: string;
}

/** Nodes that do the same, the largest group first. */
function groupsOf(nodes: readonly ViewedNode[], doing: (node: ViewedNode) => string): Group[] {
  const groups = new Map<string, string[]>();
  for (const node of nodes) {
    const does = doing(node);
    addToGroup(groups, does, node.name);
  }
  return [...groups].map(([does, names]) => ({ does, nodes: names })).sort((one, other) => other.nodes.length - one.nodes.length || compareTexts(one.does, other.does));
}

function differenceOf(subject: string, frontend: string | undefined, severity: Severity, groups: readonly Group[], count: number): NodeDifference {
  const [most] = groups;
  const majority = most !== undefined && most.nodes.length * 2 > count && count > 2;
  const place = frontend === undefined ? subject : `${subject} (${frontend})`;
  const others = groups.slice(1).map(({ nodes, does }) => `${nodes.join(', ')}: ${does}`);
  const text = majority ? `${place}: ${others.join('; ')}; ${most.nodes.length} of ${count} nodes: ${most.does}` : `${place}: ${groups.map(({ nodes, does }) => `${nodes.join(', ')}: ${does}`).join('; ')}`;
  return { id: majority ? 'node.outlier' : 'node.differs', severity, subject, ...(frontend === undefined ? {} : { frontend }), groups, text };
}

/** Nodes on which no service is there lack them for one reason: told once. */
function foldAbsent(found: readonly NodeDifference[]): NodeDifference[] {
  const absent = found.filter(isWithout);
  const [first] = absent;
  if (first === undefined || absent.length < 4) return [...found];
  const same = absent.filter(({ groups }) => JSON.stringify(groups.map(({ nodes }) => nodes)) === JSON.stringify(first.groups.map(({ nodes }) => nodes)));
  const without = first.groups.find(({ does }) => does === 'not there');
  if (same.length < 4 || without === undefined) return [...found];
  const folded: NodeDifference = { ...first, severity: 'critical', subject: 'services', text: `${without.nodes.join(', ')}: ${same.length} addresses of services are not there, which other nodes have: ${first.subject} and others` };
  return [folded, ...found.filter((one) => !same.includes(one))];
}

/** Services of the same nodes that differ in the source address alone are told by the setting that makes the difference. */
function explainedBySettings(services: readonly NodeDifference[], settings: readonly NodeDifference[]): NodeDifference[] {
  const cause = settings.find(({ subject }) => subject === 'masquerade all' || subject === 'cluster CIDR');
  if (cause === undefined) return [...services, ...settings];
  const nodesOf = ({ groups }: NodeDifference): string => groups.map(({ nodes }) => nodes.join()).sort().join('|');
  const explained = services.filter((one) => nodesOf(one) === nodesOf(cause) && new Set(one.groups.map(({ does }) => withoutSource(does))).size === 1);
  if (explained.length === 0) return [...services, ...settings];
  const told = { ...cause, text: `${cause.text}; so ${explained.length} ${explained.length === 1 ? 'address is' : 'addresses are'} masqueraded differently` };
  return [...services.filter((one) => !explained.includes(one)), ...settings.map((one) => (one === cause ? told : one))];
}

/** Settings that the nodes of a cluster have in common. */
const SETTINGS: readonly (readonly [name: keyof NodeFacts, title: string, severity: Severity])[] = [
  ['proxyMode', 'proxy mode', 'warning'],
  ['clusterCidr', 'cluster CIDR', 'warning'],
  ['masqueradeAll', 'masquerade all', 'warning'],
  ['masqueradeBit', 'masquerade bit', 'notice'],
  ['scheduler', 'scheduler', 'notice'],
  ['version', 'version of kube-proxy', 'notice'],
];

function settingDifferences(nodes: readonly ViewedNode[]): NodeDifference[] {
  const found: NodeDifference[] = [];
  for (const [name, title, severity] of SETTINGS) {
    // A node that does not tell says nothing of the others.
    const told = nodes.filter(({ view }) => view.facts[name] !== undefined);
    const groups = groupsOf(told, ({ view }) => String(view.facts[name]?.value));
    if (groups.length < 2) continue;
    found.push({ ...differenceOf(title, undefined, severity, groups, told.length), id: 'node.setting-differs' });
  }
  return found;
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
