import { nodeView, type NodeView } from '../services/node-facts.ts';
import type { NodeFacts } from '../services/facts-of-node.ts';
import { isKubeProxyTable } from '../proxy/nftables/names.ts';
import { ownInterfaces } from '../proxy/facts/own-interfaces.ts';
import { realTroubles } from '../read/kinds/node-knowledge.ts';
import type { ServiceFrontend, ServicePath } from '../proxy/service-table.ts';
import { type ReportHead, SCHEMA_VERSION, type Severity, worse } from '../report.ts';
import type { Snapshot } from '../read/snapshot.ts';
import { endpointAddress, endpointText } from '../state/ipvs-table.ts';
import type { RuleTable } from '../state/model.ts';
import { isLocal } from '../world/local-addresses.ts';
import { toAddress } from '../world/values.ts';
import {
  compareTexts,
  differenceOf,
  differenceOfSetting,
  groupsOf,
  type NodeDifference,
  NOT_THERE,
  type PendingDifference,
  withFingerprint,
} from './groups.ts';
import { comparableNodes } from './comparable.ts';
import { ipvsStateDifferences } from './ipvs-state-differences.ts';
import { attributeDifferences } from './service-attributes.ts';
import { doingText, isWithout, severityOfDifference, wholeText, withoutSource } from './path-difference.ts';

/** One node to compare: a name to show, and what was captured of it. */
export interface NamedNode {
  readonly name: string;
  readonly snapshot: Snapshot;
}

/** How the nodes of one cluster differ. */
export interface NodesReport extends ReportHead<'nodes'> {
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
 * both. What is a node's own is left out: its addresses, what it does for packets of its own, and endpoints that a policy `Local` keeps to
 * it.
 *
 * Of three nodes or more the majority is the norm, and the others are told as outliers.
 *
 * @example
 * compareNodes([{ name: 'a', snapshot: one }, { name: 'b', snapshot: other }]).differences // => []
 */
export function compareNodes(nodes: readonly NamedNode[]): NodesReport {
  const views = nodes.map(({ name, snapshot }) => ({ name, view: nodeView(snapshot) }));
  const own = ownEndpoints(views.map(({ view }) => view));
  const viewed = views.map(({ name, view }): ViewedNode => ({ name, view, frontends: frontendsToCompare(view, own) }));
  const services = serviceDifferences(viewed);
  const settings = settingDifferences(viewed);
  const differences = [
    ...explainedBySettings(services, settings),
    ...ipvsStateDifferences(viewed.map(({ name: node, view: { model } }) => ({ name: node, state: model.ipvsState }))),
    ...attributesOf(viewed, services, settings),
  ];
  differences.sort(
    (one, other) =>
      ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity) ||
      compareTexts(one.subject, other.subject) ||
      compareTexts(one.text, other.text),
  );
  return {
    schemaVersion: SCHEMA_VERSION,
    command: 'nodes',
    nodes: viewed.map(({ name, view: { facts } }) => ({
      name,
      ...(facts.proxyMode === undefined ? {} : { mode: facts.proxyMode.value }),
      ...(facts.version === undefined ? {} : { version: facts.version.value }),
    })),
    maxSeverity: differences.reduce<Severity>((most, { severity }) => worse(most, severity), 'none'),
    differences: differences.map(withFingerprint),
    troubles: [
      ...nodes.flatMap(({ name, snapshot }) =>
        realTroubles(snapshot).map(({ source, message }) => ({
          node: name,
          message: source === undefined ? message : `${source}: ${message}`,
        })),
      ),
      ...(viewed.some(showsServices) ? incompleteNodes(viewed) : viewed.map(({ name }) => ({ node: name, message: SHOWS_NOTHING }))),
    ],
  };
}

/**
 * By address and port; a node port by its port alone, for it is served on each node's own addresses. `own`: endpoints whose source address
 * is not compared.
 */
export function frontendsToCompare(
  view: Pick<NodeView, 'table' | 'model' | 'knowledge'>,
  own: ReadonlySet<string> = new Set(),
): Map<string, { service: string; frontend: ServiceFrontend }> {
  const frontends = new Map<string, { service: string; frontend: ServiceFrontend }>();
  for (const { name, named, frontends: listed } of view.table.servicePorts) {
    for (const frontend of listed) {
      const { purpose, protocol, addresses, port } = frontend;
      // A firewall mark, and a name in place of an address.
      if (frontend.fwmark !== undefined || frontend.shownAs !== undefined) {
        frontends.set(name, { service: name, frontend });
        continue;
      }
      const unnamed = !named && purpose === 'unknown';
      if (unnamed && addresses.every((address) => isOwn(view, address))) continue;
      const family = addresses[0]?.includes(':') === true ? ' IPv6' : '';
      const isNodePort = purpose === 'node port' || (unnamed && port >= FIRST_NODE_PORT && port <= LAST_NODE_PORT);
      const key = isNodePort ? `node port ${protocol} ${port}${family}` : `${protocol} ${endpointText(addresses.join(), port)}`;
      if (!frontends.has(key))
        frontends.set(key, {
          service: unnamed ? key : name,
          frontend: { ...frontend, paths: frontend.paths.map((path) => withoutOwnSource(path, own)) },
        });
    }
  }
  return frontends;
}

/** Endpoints on an address of one of the nodes: that node delivers to itself, and keeps the source address that others replace. */
function ownEndpoints(views: readonly NodeView[]): Set<string> {
  const own = new Set<string>();
  for (const { table, worlds } of views) {
    for (const { frontends } of table.servicePorts) {
      for (const { paths } of frontends) {
        for (const { endpoints } of paths) {
          for (const { address } of endpoints) {
            const host = toAddress(endpointAddress(address));
            if (host !== undefined && isLocal(worlds[typeof host === 'bigint' ? 'ipv6' : 'ipv4'].addresses, host) === true)
              own.add(address);
          }
        }
      }
    }
  }
  return own;
}

function attributesOf(
  nodes: readonly ViewedNode[],
  services: readonly PendingDifference[],
  settings: readonly PendingDifference[],
): PendingDifference[] {
  const scheduler = settings.find(({ subject }) => subject === 'scheduler');
  return attributeDifferences(
    nodes.map(({ name, view: { model }, frontends }) => ({ name, virtual: model.ipvs?.services ?? new Map(), frontends })),
    {
      places: new Set(services.flatMap(({ frontend }) => frontend ?? [])),
      ...(scheduler === undefined ? {} : { schedulers: scheduler.groups }),
    },
  );
}

function withoutOwnSource(path: ServicePath, own: ReadonlySet<string>): ServicePath {
  if (!path.endpoints.some(({ address }) => own.has(address))) return path;
  const { masqueraded: _masqueraded, ...rest } = path;
  return { ...rest, endpoints: path.endpoints.map(({ address, share }) => ({ address, share })) };
}

/**
 * The range that kube-apiserver takes node ports from unless told otherwise (`--service-node-port-range`): where no name is known the port
 * tells.
 */
const FIRST_NODE_PORT = 30_000;
const LAST_NODE_PORT = 32_767;

/** Whether an address is the node's by more than a virtual service. */
function isOwn({ model, knowledge }: Pick<NodeView, 'model' | 'knowledge'>, address: string): boolean {
  if (knowledge.nodeAddresses.includes(address)) return true;
  return ownInterfaces(model).some(({ addresses }) => addresses.has(address));
}

function serviceDifferences(nodes: readonly ViewedNode[]): PendingDifference[] {
  const keys = new Set(nodes.flatMap(({ frontends }) => [...frontends.keys()]));
  const found: PendingDifference[] = [];
  for (const key of [...keys].sort()) {
    const [first] = nodes.flatMap(({ frontends }) => frontends.get(key) ?? []);
    if (first === undefined) continue;
    // Endpoints of a policy Local are each node's own.
    if (nodes.some(({ frontends }) => frontends.get(key)?.frontend.policy === 'Local')) continue;
    const told = nodes.filter(
      (node) =>
        node.frontends.has(key) ||
        wouldShow(
          node,
          nodes.flatMap(({ frontends }) => frontends.get(key)?.frontend.by ?? []),
        ),
    );
    const groups = groupsOf(comparableNodes(told, key), ({ frontends }) => {
      const frontend = frontends.get(key)?.frontend;
      if (frontend === undefined) return NOT_THERE;
      const rest = frontend.partialBecause === undefined ? '' : ' (there may be more: its listing is cut)';
      return { whole: `${wholeText(frontend.paths)}${rest}`, short: `${doingText(frontend.paths)}${rest}` };
    });
    if (groups.length < 2) continue;
    const paths = groups.map(({ nodes: [name] }) => nodes.find((node) => node.name === name)?.frontends.get(key)?.frontend.paths ?? []);
    const isCut = groups.some(({ nodes: [name] }) => nodes.find((node) => node.name === name)?.frontends.get(key)?.frontend.partialBecause);
    // What a cut listing lacks may be there: only what it has more is known.
    const severity = isCut
      ? 'warning'
      : paths.slice(1).reduce<Severity>((most, path) => worse(most, severityOfDifference(paths[0] ?? [], path)), 'notice');
    found.push(differenceOf(first.service, key, severity, groups, nodes.length));
  }
  return foldAbsent(found);
}

/**
 * Whether a node that does not serve a place would show it, for it shows all it has: by its own mode where that is shown, else by the way
 * that others serve it.
 */
function wouldShow({ view: { model, facts } }: ViewedNode, others: readonly ServiceFrontend['by'][]): boolean {
  const shows = (way: string): boolean =>
    way === 'ipvs'
      ? model.ipvs?.complete === true
      : way === 'nftables'
        ? model.nft !== undefined &&
          [...model.nft.tables.values()].every(({ whole }) => whole) &&
          (model.nft.complete || [...model.nft.tables.values()].some(isKubeProxyTable))
        : ['ipv4 nat', 'ipv6 nat'].some((name) => model.tables.has(name)) &&
          ['ipv4 nat', 'ipv6 nat'].every((name) => model.tables.get(name)?.complete !== false);
  return facts.proxyMode === undefined ? others.some(shows) : shows(facts.proxyMode.value);
}

/** Nodes on which no service is there lack them for one reason: told once. */
function foldAbsent(found: readonly PendingDifference[]): PendingDifference[] {
  const absent = found.filter(isWithout);
  const [first] = absent;
  if (first === undefined || absent.length < 4) return [...found];
  const same = absent.filter(
    ({ groups }) => JSON.stringify(groups.map(({ nodes }) => nodes)) === JSON.stringify(first.groups.map(({ nodes }) => nodes)),
  );
  const without = first.groups.find(({ does }) => does === 'not there');
  if (same.length < 4 || without === undefined) return [...found];
  const { frontend: _frontend, ...rest } = first;
  const folded: PendingDifference = {
    ...rest,
    severity: 'critical',
    subject: 'services',
    text: `${without.nodes.join(', ')}: ${same.length} addresses of services are not there, which other nodes have: ${first.subject} and others`,
  };
  return [folded, ...found.filter((one) => !same.includes(one))];
}

/** Services of the same nodes that differ in the source address alone are told by the setting that makes the difference. */
function explainedBySettings(services: readonly PendingDifference[], settings: readonly PendingDifference[]): PendingDifference[] {
  const cause = settings.find(({ subject }) => subject === 'masquerade all' || subject === 'cluster CIDR');
  if (cause === undefined) return [...services, ...settings];
  const nodesOf = ({ groups }: PendingDifference): string =>
    groups
      .map(({ nodes }) => nodes.join())
      .sort()
      .join('|');
  const explained = services.filter(
    (one) => nodesOf(one) === nodesOf(cause) && new Set(one.groups.map(({ does }) => withoutSource(does))).size === 1,
  );
  if (explained.length === 0) return [...services, ...settings];
  const told = {
    ...cause,
    text: `${cause.text}; so ${explained.length} ${explained.length === 1 ? 'address is' : 'addresses are'} masqueraded differently`,
  };
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

function settingDifferences(nodes: readonly ViewedNode[]): PendingDifference[] {
  const found: PendingDifference[] = [];
  for (const [name, title, severity] of SETTINGS) {
    // A node that does not tell says nothing of the others.
    const told = nodes.flatMap(({ name: node, view }) => {
      const value = settingOf(view, name);
      return value === undefined ? [] : [{ name: node, value: String(value) }];
    });
    found.push(...differenceOfSetting(title, severity, told));
  }
  return found;
}

const SHOWS_NOTHING = 'nothing of services is in its snapshot: no IPVS table, no nat table, no table of nftables';

/** Whether a node shows anything that is compared. */
function showsServices({ view: { model, facts } }: ViewedNode): boolean {
  const { timeouts, daemons } = model.ipvsState ?? {};
  return (
    [model.ipvs, model.tables.get('ipv4 nat'), model.tables.get('ipv6 nat'), model.nft, timeouts, daemons].some(
      (part) => part !== undefined,
    ) || [facts.modeUsed, ...SETTINGS.map(([name]) => facts[name])].some((fact) => fact !== undefined)
  );
}

/** A setting as the tables show it; the mode that runs may be told by the log alone. */
function settingOf({ facts }: NodeView, name: keyof NodeFacts): unknown {
  return (facts[name] ?? (name === 'proxyMode' ? facts.modeUsed : undefined))?.value;
}

/** Nodes that do not show what others show, or only a part of it: of those nobody can say that they do the same. */
function incompleteNodes(nodes: readonly ViewedNode[]): NodesReport['troubles'] {
  const tableOf = (node: ViewedNode, name: string): RuleTable | undefined =>
    node.view.model.tables.get(`ipv4 ${name}`) ?? node.view.model.tables.get(`ipv6 ${name}`);
  const parts = [
    {
      what: 'the IPVS table',
      of: (node: ViewedNode) => node.view.model.ipvs,
      matters: ({ view }: ViewedNode) => view.facts.proxyMode?.value !== 'iptables',
    },
    { what: 'the nat table', of: (node: ViewedNode) => tableOf(node, 'nat'), matters: () => true },
  ];
  return parts.flatMap(({ what, of, matters }) => {
    if (nodes.every((node) => of(node) === undefined)) return [];
    return nodes.filter(matters).flatMap((node) => {
      const part = of(node);
      if (part === undefined) return [{ node: node.name, message: `${what} is not in its snapshot, and other nodes show theirs` }];
      return part.complete ? [] : [{ node: node.name, message: `${what} is not whole (${part.partialBecause ?? 'cut'})` }];
    });
  });
}
