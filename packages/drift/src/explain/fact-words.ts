import type { NodeFacts } from '../services/facts-of-node.ts';

const TITLES: { readonly [Name in keyof NodeFacts]-?: string } = {
  modeAsked: 'mode asked for',
  otherProxy: 'service proxy',
  modeUsed: 'mode that runs',
  proxyMode: 'mode by its tables',
  version: 'kube-proxy',
  generation: 'tables written by',
  kernel: 'kernel',
  scheduler: 'scheduler',
  schedulerAsked: 'scheduler asked for',
  clusterCidr: 'cluster CIDR',
  masqueradeAll: 'masquerade all',
  masqueradeBit: 'masquerade bit',
  strictArp: 'strict ARP',
  sourceRanges: 'source ranges',
  nodePorts: 'node ports',
};

/** What a fact is called. */
export function factTitle(name: keyof NodeFacts): string {
  return TITLES[name];
}

/** The value of a fact in words. */
export function factText(name: keyof NodeFacts, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (name === 'masqueradeBit' && typeof value === 'number') return `${value} (0x${(2 ** value).toString(16)})`;
  if (name === 'generation') return rangeText(value as NonNullable<NodeFacts['generation']>['value']);
  if (name === 'sourceRanges') {
    const ranges = Object.entries(value as NonNullable<NodeFacts['sourceRanges']>['value']);
    return ranges.map(([place, sources]) => `${place} from ${sources.length === 0 ? 'nowhere' : sources.join(' and ')}`).join('; ');
  }
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** Version 1.26 is the first of a range that ends before 1.29: `kube-proxy 1.26 to 1.28`. */
function rangeText({ from, before }: { readonly from?: string; readonly before?: string }): string {
  const last = before === undefined ? undefined : `1.${Number(before.slice(2)) - 1}`;
  if (from !== undefined && last !== undefined) return from === last ? `kube-proxy ${from}` : `kube-proxy ${from} to ${last}`;
  if (from !== undefined) return `kube-proxy ${from} or later`;
  return last === undefined ? 'any kube-proxy' : `kube-proxy ${last} or earlier`;
}
