import { addToGroup } from '../../common/add-to-group.ts';
import type { ServiceFrontend, ServicePath, ServicePort, SourceKind } from '../../proxy/service-table.ts';

/** One line of the table of services: paths of one frontend that end alike. */
export interface ServiceRow {
  /** Empty where the row before speaks of the same service port, `-` where no name is known. */
  readonly service: string;
  readonly address: string;
  /** `pods, node`; empty where it holds for every source. */
  readonly from: string;
  readonly leadsTo: string;
  readonly source: string;
  readonly notes: string;
}

/** More endpoints than this are counted. */
const SHOWN_ENDPOINTS = 3;
const SENDERS: { readonly [Kind in SourceKind]: string } = { pod: 'pods', node: 'node', outside: 'outside' };

/** The table of services, row by row. `all` shows every endpoint. */
export function serviceRows(servicePorts: readonly ServicePort[], all = false): ServiceRow[] {
  return servicePorts.flatMap(({ name, named, frontends }) => {
    const rows = frontends.flatMap((frontend) => frontendRows(frontend, all));
    return rows.map((row, index) => ({ ...row, service: index > 0 ? '' : named ? name : '-' }));
  });
}

function frontendRows(frontend: ServiceFrontend, all: boolean): Omit<ServiceRow, 'service'>[] {
  const known = frontend.sharesKnown !== false;
  const groups = groupsOf(frontend.paths, known);
  const address = addressText(frontend);
  if (groups.length === 0) return [{ address, from: '', leadsTo: 'cannot tell', source: '', notes: notesOf(frontend) }];
  return groups.map((paths, index) => ({
    address: index === 0 ? address : '',
    from: groups.length === 1 ? '' : paths.map(({ from }) => SENDERS[from]).join(', '),
    leadsTo: endText(paths[0] as ServicePath, all, known),
    source: sourceText(paths),
    notes: index === 0 ? notesOf(frontend) : '',
  }));
}

/** Paths with the same end; whether the source address is kept is told inside a group. */
function groupsOf(paths: readonly ServicePath[], known: boolean): ServicePath[][] {
  const groups = new Map<string, ServicePath[]>();
  for (const path of paths) {
    const key = endText(path, true, known);
    addToGroup(groups, key, path);
  }
  return [...groups.values()];
}

function addressText({ purpose, protocol, addresses, port, fwmark, family, shownAs }: ServiceFrontend): string {
  if (fwmark !== undefined) return `firewall mark ${fwmark}${family === 'ipv6' ? ' (IPv6)' : ''}`;
  if (shownAs !== undefined) return shownAs;
  if (purpose === 'node port') return `node port ${protocol} ${port}${addresses[0]?.includes(':') === true ? ' (IPv6)' : ''}`;
  const [address = '*'] = addresses;
  const place = `${protocol} ${address.includes(':') ? `[${address}]` : address}:${port}`;
  return purpose === 'cluster IP' || purpose === 'unknown' ? place : `${purpose === 'external IP' ? 'external' : 'load balancer'} ${place}`;
}

function endText({ verdict, endpoints, reason }: ServicePath, all: boolean, known: boolean): string {
  if (verdict === 'delivered') return endpointsText(endpoints, all, known);
  if (verdict === 'passed') return 'not served';
  if (verdict === 'unknown') return 'cannot tell';
  return reason === undefined || reason === 'rule' ? `${verdict} by a rule` : `${verdict}: ${reason}`;
}

/** Equal shares are told once: `10.244.0.2:53, 10.244.0.3:53 (50 % each)`; none where they are not known. */
function endpointsText(endpoints: ServicePath['endpoints'], all: boolean, known: boolean): string {
  const shown = all ? endpoints : endpoints.slice(0, SHOWN_ENDPOINTS);
  const more = endpoints.length > shown.length ? ` and ${endpoints.length - shown.length} more` : '';
  const shares = endpoints.map(({ share }) => share);
  if (endpoints.length === 1) return endpoints[0]?.address ?? '';
  if (!known) return `${shown.map(({ address }) => address).join(', ')}${more}`;
  if (Math.max(...shares) - Math.min(...shares) < 0.001)
    return `${shown.map(({ address }) => address).join(', ')}${more} (${percent(shares[0] ?? 0)} each)`;
  return `${shown.map(({ address, share }) => `${address} ${percent(share)}`).join(', ')}${more}`;
}

function percent(share: number): string {
  const text = (share * 100).toFixed(1);
  return `${text.endsWith('.0') ? text.slice(0, -2) : text} %`;
}

function sourceText(paths: readonly ServicePath[]): string {
  const delivered = paths.filter(({ verdict, masqueraded }) => verdict === 'delivered' && masqueraded !== undefined);
  const replaced = delivered.filter(({ masqueraded }) => masqueraded === true);
  if (delivered.length === 0) return '';
  if (replaced.length === 0) return 'kept';
  if (replaced.length === delivered.length) return 'masqueraded';
  return `masqueraded from ${replaced.map(({ from }) => SENDERS[from]).join(', ')}`;
}

function notesOf({ policy, affinitySeconds, affinityTicks, sourceRanges, balancing, marked, partialBecause }: ServiceFrontend): string {
  const notes: string[] = [];
  if (partialBecause !== undefined) notes.push(`partial: ${partialBecause}`);
  if (marked !== undefined) notes.push(`takes ${marked.join(' and ')}`);
  if (policy === 'Local') notes.push('policy Local');
  if (affinitySeconds !== undefined && affinitySeconds > 0) notes.push(`affinity ${affinitySeconds} s`);
  if (affinityTicks !== undefined) notes.push(`affinity ${affinityTicks} ticks of the kernel's clock`);
  if (sourceRanges !== undefined) notes.push(`only from ${sourceRanges.length === 0 ? 'nowhere' : sourceRanges.join(', ')}`);
  if (balancing !== undefined) notes.push(balancing);
  return notes.join('; ');
}
