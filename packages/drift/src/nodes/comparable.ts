import type { ServiceFrontend, ServicePath, SourceKind } from '../proxy/service-table.ts';
import { wholeText } from './path-difference.ts';

interface Frontends {
  readonly frontends: ReadonlyMap<string, { readonly frontend: ServiceFrontend }>;
}

/** What one node does not show of one place. */
interface NotShown {
  readonly source: boolean;
  readonly shares: boolean;
  readonly senders: ReadonlySet<SourceKind>;
}

/**
 * The nodes that can be compared at one place: without those that do as others do as far as they show it. What a cut listing lacks,
 * shares that no listing tells, senders and source addresses of which nothing is known make no difference. Nodes that lack the place stay.
 */
export function comparableNodes<Node extends Frontends>(nodes: readonly Node[], key: string): readonly Node[] {
  const isWhole = (node: Node): boolean => {
    const frontend = node.frontends.get(key)?.frontend;
    return frontend === undefined || (frontend.partialBecause === undefined && isNothing(notShownBy(frontend)));
  };
  if (nodes.every(isWhole)) return nodes;
  const known = new Map<string, ServiceFrontend>();
  for (const node of nodes) {
    const frontend = node.frontends.get(key)?.frontend;
    if (frontend !== undefined && isWhole(node)) known.set(wholeText(frontend.paths), frontend);
  }
  return nodes.filter((node) => {
    if (isWhole(node)) return true;
    const frontend = node.frontends.get(key)?.frontend;
    if (frontend === undefined) return true;
    const does = wholeText(frontend.paths);
    if (known.has(does)) return true;
    if ([...known.values()].some((other) => areAlike(frontend, other))) return false;
    known.set(does, frontend);
    return true;
  });
}

function notShownBy({ paths, sharesKnown }: ServiceFrontend): NotShown {
  return {
    source: paths.some(({ verdict, masqueraded }) => verdict === 'delivered' && masqueraded === undefined),
    shares: sharesKnown === false,
    senders: new Set(paths.flatMap(({ verdict, from }) => (verdict === 'unknown' ? [from] : []))),
  };
}

function isNothing({ source, shares, senders }: NotShown): boolean {
  return !source && !shares && senders.size === 0;
}

/** Whether two nodes do the same as far as both show it. */
function areAlike(one: ServiceFrontend, other: ServiceFrontend): boolean {
  const [first, second] = [notShownBy(one), notShownBy(other)];
  const both: NotShown = {
    source: first.source || second.source,
    shares: first.shares || second.shares,
    senders: new Set([...first.senders, ...second.senders]),
  };
  const [paths, others] = [one, other].map((frontend) => shownPaths(frontend, both));
  if (one.partialBecause !== undefined && !hasMore(paths ?? [], others ?? [])) return true;
  if (other.partialBecause !== undefined && !hasMore(others ?? [], paths ?? [])) return true;
  return wholeText(paths ?? []) === wholeText(others ?? []);
}

function shownPaths({ paths }: ServiceFrontend, { source, shares, senders }: NotShown): ServicePath[] {
  return paths
    .filter(({ from }) => !senders.has(from))
    .map((path) => {
      const { masqueraded, ...rest } = path;
      return {
        ...rest,
        ...(source || masqueraded === undefined ? {} : { masqueraded }),
        endpoints: shares ? path.endpoints.map((endpoint) => ({ ...endpoint, share: 1 / path.endpoints.length })) : path.endpoints,
      };
    });
}

/** Whether the first show an endpoint that the others do not have, or are not delivered where the others are. */
function hasMore(paths: readonly ServicePath[], others: readonly ServicePath[]): boolean {
  return paths.some((path) => {
    if (path.from === 'node') return false;
    const partner = others.find(({ from }) => from === path.from);
    if (partner === undefined) return false;
    if (path.verdict !== 'delivered') return path.verdict !== partner.verdict;
    const known = new Set(partner.endpoints.map(({ address }) => address));
    return path.endpoints.some(({ address }) => !known.has(address));
  });
}
