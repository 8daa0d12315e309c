import { addToGroup } from '../../common/add-to-group.ts';
import type { Part } from '../snapshot.ts';
import { sourceKindOf } from '../kinds/source-kinds.ts';

/** The outputs of one host; a missing name = no text names it. */
export interface HostParts {
  readonly host?: string;
  readonly parts: readonly Part[];
}

/**
 * Takes outputs apart by host, in the order in which hosts come. What names no host belongs to the only host that is named, else to a host
 * that is not named. What kubectl shows is the cluster's and belongs to every host.
 */
export function hostsOf(parts: readonly Part[]): HostParts[] {
  const names = unified(parts.flatMap((part) => (isOfCluster(part) || part.host === undefined ? [] : [part.host])));
  const [only, ...others] = new Set(names.values());
  const byHost = new Map<string | undefined, Part[]>();
  for (const part of parts) {
    if (isOfCluster(part)) continue;
    const host = part.host === undefined ? (others.length === 0 ? only : undefined) : names.get(part.host);
    addToGroup(byHost, host, part);
  }
  const cluster = parts.filter(isOfCluster);
  // Alone, what no tool of a node said – a note, an empty file – makes no host.
  for (const [host, own] of byHost) if (byHost.size > 1 && own.every(({ content }) => content.kind === 'unknown')) byHost.delete(host);
  if (byHost.size === 0) return parts.length === 0 ? [] : [{ parts }];
  return [...byHost].map(([host, own]) => ({
    ...(host === undefined ? {} : { host }),
    parts: [...own, ...cluster].toSorted((one, other) => one.index - other.index),
  }));
}

function isOfCluster({ content, tool }: Part): boolean {
  return content.kind === 'reader' && (tool === 'kubectl' || tool === 'kubernetes') && sourceKindOf(content.value).isOfCluster === true;
}

/** `node-1` and `node-1.example.com` are one host, under the name that comes first. */
function unified(hosts: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  const byLabel = new Map<string, string[]>();
  for (const host of hosts) {
    if (names.has(host)) continue;
    const [label = host] = /^[\d.]+$/.test(host) ? [host] : host.split('.', 1);
    const known = (byLabel.get(label) ?? []).find((other) => other === label || host === label || other === host);
    names.set(host, known === undefined ? host : (names.get(known) ?? known));
    addToGroup(byLabel, label, host);
  }
  return names;
}
