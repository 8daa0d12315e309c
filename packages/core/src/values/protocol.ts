/**
 * How a listing writes protocol numbers. With `-n` iptables 1.4.21–1.8.7 has `names-1.4`, 1.8.8 `names-1.8.8`, 1.8.9 and
 * 1.8.10 `numbers`, 1.8.11 `names-1.8.11`.
 */
export type ProtocolStyle = 'names-1.4' | 'names-1.8.8' | 'numbers' | 'names-1.8.11';

/** A protocol: its number, and one name for it whatever name or number was printed. */
export interface Protocol {
  readonly name: string;
  readonly number: number;
}

/** Names that iptables prints itself, newest first: `[number, canonical, since 1.8.8, before 1.8.8]`. */
const OWN: readonly (readonly [number: number, latest: string, middle: string, oldest: string])[] = [
  [0, 'all', 'all', 'all'],
  [1, 'icmp', 'icmp', 'icmp'],
  [6, 'tcp', 'tcp', 'tcp'],
  [17, 'udp', 'udp', 'udp'],
  [33, 'dccp', '33', '33'],
  [50, 'esp', 'esp', 'esp'],
  [51, 'ah', 'ah', 'ah'],
  [58, 'ipv6-icmp', 'ipv6-icmp', 'icmpv6'],
  [108, 'ipcomp', '108', '108'],
  [132, 'sctp', 'sctp', 'sctp'],
  [135, 'mobility-header', 'mobility-header', 'ipv6-mh'],
  [136, 'udplite', 'udplite', 'udplite'],
];

/** Other names: of the command line, and of /etc/protocols (Debian's netbase 6.4), which 1.8.9 prints without `-n` and in `-S`. */
const FROM_SYSTEM: readonly (readonly [name: string, number: number])[] = [
  ['any', 0],
  ['ip', 0],
  ['hopopt', 0],
  ['mh', 135],
  ['igmp', 2],
  ['ggp', 3],
  ['ipencap', 4],
  ['st', 5],
  ['egp', 8],
  ['igp', 9],
  ['pup', 12],
  ['hmp', 20],
  ['xns-idp', 22],
  ['rdp', 27],
  ['iso-tp4', 29],
  ['xtp', 36],
  ['ddp', 37],
  ['idpr-cmtp', 38],
  ['ipv6', 41],
  ['ipv6-route', 43],
  ['ipv6-frag', 44],
  ['idrp', 45],
  ['rsvp', 46],
  ['gre', 47],
  ['skip', 57],
  ['ipv6-nonxt', 59],
  ['ipv6-opts', 60],
  ['rspf', 73],
  ['vmtp', 81],
  ['eigrp', 88],
  ['ospf', 89],
  ['ax.25', 93],
  ['ipip', 94],
  ['etherip', 97],
  ['encap', 98],
  ['pim', 103],
  ['vrrp', 112],
  ['l2tp', 115],
  ['isis', 124],
  ['fc', 133],
  ['mpls-in-ip', 137],
  ['manet', 138],
  ['hip', 139],
  ['shim6', 140],
  ['wesp', 141],
  ['rohc', 142],
  ['ethernet', 143],
];

const NUMBERS = new Map<string, number>([
  ...FROM_SYSTEM,
  ...OWN.flatMap(([number, ...names]) => names.map((name) => [name, number] as const)),
]);
const NAMES = new Map(OWN.map(([number, ...names]) => [number, names] as const));

/**
 * The protocol that a name or a number stands for. The name given back is the one of iptables 1.8.11, or the number where it
 * has none, so that listings of different versions compare. A word that is neither gives `undefined`.
 *
 * @example
 * parseProtocol('6') // => { name: 'tcp', number: 6 }
 * parseProtocol('icmpv6') // => { name: 'ipv6-icmp', number: 58 }
 */
export function parseProtocol(text: string): Protocol | undefined {
  const number = NUMBERS.get(text) ?? (/^(?:0|[1-9][0-9]{0,2})$/.test(text) ? Number(text) : undefined);
  if (number === undefined || number > 255) return undefined;
  return { name: protocolName(number), number };
}

/**
 * What a listing writes for a protocol number; the names of iptables 1.8.11 unless another style is asked for.
 *
 * @example
 * protocolName(58, 'names-1.4') // => 'icmpv6'
 * protocolName(6, 'numbers') // => '6'
 */
export function protocolName(number: number, style: ProtocolStyle = 'names-1.8.11'): string {
  const [latest, middle, oldest] = NAMES.get(number) ?? [];
  const names = { 'names-1.8.11': latest, 'names-1.8.8': middle, 'names-1.4': oldest, numbers: undefined };
  return names[style] ?? String(number);
}
