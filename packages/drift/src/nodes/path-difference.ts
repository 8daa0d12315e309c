import { addToGroup } from '../common/add-to-group.ts';
import { SENDER_NAMES } from '../proxy/senders.ts';
import type { ServicePath } from '../proxy/service-table.ts';
import type { Severity } from '../report.ts';

/** What pods and clients outside get, in words: `10.244.0.2:53 and 10.244.0.3:53, masqueraded from outside`. */
export function doingText(paths: readonly ServicePath[]): string {
  return textOf(paths, MOST);
}

/** The same with every endpoint: equal where pods and clients outside get the same. */
export function wholeText(paths: readonly ServicePath[]): string {
  return textOf(paths, Number.POSITIVE_INFINITY);
}

/** Endpoints that are named; of more the rest is counted. */
const MOST = 4;

function textOf(paths: readonly ServicePath[], most: number): string {
  const ends = new Map<string, ServicePath[]>();
  for (const path of paths) {
    if (path.from === 'node') continue;
    const text = endText(path, most);
    addToGroup(ends, text, path);
  }
  return [...ends].map(([text, same]) => `${ends.size === 1 ? '' : `${sendersText(same)}: `}${text}${sourceText(same)}`).join('; ');
}

function sendersText(paths: readonly ServicePath[]): string {
  return paths.map(({ from }) => SENDER_NAMES[from]).join(' and ');
}

function sourceText(paths: readonly ServicePath[]): string {
  const replaced = paths.filter(({ masqueraded }) => masqueraded === true);
  if (replaced.length === 0) return '';
  return replaced.length === paths.length ? ', masqueraded' : `, masqueraded from ${sendersText(replaced)}`;
}

/** The end of a path without its source address. */
function endText({ verdict, endpoints, reason }: ServicePath, most: number): string {
  if (verdict === 'passed') return 'not served';
  if (verdict !== 'delivered') return reason === undefined ? verdict : reason === 'rule' ? `${verdict} by a rule` : `${verdict}: ${reason}`;
  const even = endpoints.every(({ share }) => Math.abs(share - 1 / endpoints.length) < 0.001);
  const names = endpoints.map(({ address, share }) => (even ? address : `${address} ${(share * 100).toFixed(1)} %`));
  return names.length > most
    ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more (${names.length})`
    : [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ');
}

/** The text without what it says of source addresses: equal where only those differ. */
export function withoutSource(does: string): string {
  return does.replaceAll(/, masqueraded(?: from [a-z ]+)?/g, '');
}

/** How bad it is that one node does this, when the norm is that; for what pods and clients outside get. */
export function severityOfDifference(norm: readonly ServicePath[], other: readonly ServicePath[]): Severity {
  let severity: Severity = 'notice';
  for (const path of norm) {
    if (path.from === 'node' || path.verdict !== 'delivered') continue;
    const partner = other.find(({ from }) => from === path.from);
    if (partner === undefined || partner.verdict !== 'delivered') return 'critical';
    const endpoints = new Set(partner.endpoints.map(({ address }) => address));
    const kept = path.endpoints.filter(({ address }) => endpoints.has(address)).length;
    if (kept === 0) return 'critical';
    if (kept < path.endpoints.length || endpoints.size > path.endpoints.length || partner.masqueraded !== path.masqueraded)
      severity = 'warning';
  }
  return severity;
}

/** Whether some nodes lack a place that others have. */
export function isWithout({ groups }: { readonly groups: readonly { readonly does: string }[] }): boolean {
  return groups.length === 2 && groups.some(({ does }) => does === 'not there');
}
