import type { Expression } from './ast/expressions.ts';

/** Types of which nft puts five elements, or two, on a line: expression.c of nftables 1.0.6, `calculate_delim`. */
const FIVE: ReadonlySet<string> = new Set([
  'nf_proto',
  'integer',
  'arp_op',
  'inet_proto',
  'inet_service',
  'tcp_flag',
  'dccp_pkttype',
  'mark',
  'iface_index',
  'classid',
  'uid',
  'gid',
  'ct_dir',
]);
const TWO: ReadonlySet<string> = new Set(['ipv4_addr', 'ct_state', 'ct_status', 'pkt_type']);

/** The types of the selectors that sets are made of by `typeof`, as far as they are among those above. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['ip saddr', 'ipv4_addr'],
  ['ip daddr', 'ipv4_addr'],
  ['ip protocol', 'inet_proto'],
  ['meta l4proto', 'inet_proto'],
  ['meta mark', 'mark'],
  ['ct mark', 'mark'],
  ['ct state', 'ct_state'],
  ...['tcp', 'udp', 'sctp', 'dccp', 'th', 'udplite'].flatMap((protocol) =>
    ['sport', 'dport'].map((field): [string, string] => [`${protocol} ${field}`, 'inet_service']),
  ),
]);

/** How many elements of a set nft puts on one line. */
export function elementsPerRow({ type, typeof: selector }: { readonly type?: readonly string[]; readonly typeof?: Expression }): number {
  if (type !== undefined && type.length !== 1) return 1;
  const name = type?.[0] ?? typeOfSelector(selector);
  if (name === undefined) return 1;
  return FIVE.has(name) ? 5 : TWO.has(name) ? 2 : 1;
}

function typeOfSelector(selector: Expression | undefined): string | undefined {
  if (selector?.kind === 'Payload') return TYPES.get(`${selector.protocol} ${selector.field}`);
  if (selector?.kind === 'Meta') return TYPES.get(`meta ${selector.key}`);
  return selector?.kind === 'Ct' ? TYPES.get(`ct ${selector.key}`) : undefined;
}
