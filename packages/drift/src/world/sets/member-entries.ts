import { parseProtocol } from '@netdrift/core';
import type { Element } from '@netdrift/ipset';
import type { IpSetMember } from '../../state/model.ts';
import { ADDRESS_MAX, type Value } from '../field.ts';
import type { KeyField, LookupEntry } from '../lookup.ts';
import { prefixBounds, toAddress } from '../values.ts';

/** How a set's members are read. */
export interface MemberReading {
  readonly key: readonly KeyField[];
  readonly dimensions: readonly string[];
  readonly directions: readonly string[];
  /** `hash` or `bitmap`. */
  readonly method: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly options: ReadonlyMap<string, string>;
}

type Bounds = readonly Value[];

const TCP = 6;
const UDP = 17;
/** Protocols whose packets have ports: Linux ip_set_getport.c `get_port`. */
const PORTED = new Set([TCP, UDP, 132, 136]);
const ANY_PORT: Bounds = [0, 65_535];

/** A member as entries of a lookup, with the prefix lengths of its networks; undefined where it cannot be decided who it holds of. */
export function memberEntries(
  member: IpSetMember,
  reading: MemberReading,
): (LookupEntry<boolean> & { readonly lengths: readonly number[] })[] | undefined {
  if (member.elements.length === 0) return undefined;
  let rows: Bounds[] = [[]];
  const lengths: number[] = [];
  let name: string | undefined;
  for (const [index, element] of member.elements.entries()) {
    if (element.kind === 'InterfaceElement') {
      if (element.physdev === true) return undefined;
      ({ name } = element);
      continue;
    }
    if (element.kind === 'NetElement') lengths.push(element.prefixLength);
    const parts = boundsOf(element, reading, index === 0);
    if (parts === undefined) return undefined;
    rows = rows.flatMap((row) => parts.map((part) => [...row, ...part]));
  }
  // A member of bitmap:ip,mac may lack its hardware address, which then is not asked for.
  if (rows.some((row) => row.length !== 2 * reading.key.length)) return undefined;
  return rows.map((bounds) => ({
    bounds,
    ...(name === undefined ? {} : { interface: { name, prefix: member.wildcard === true } }),
    value: !member.except,
    origin: member.origin,
    lengths,
  }));
}

/** The bounds of one dimension, more than one way where it stands for several protocols. */
function boundsOf(element: Element, reading: MemberReading, isFirst: boolean): readonly Bounds[] | undefined {
  switch (element.kind) {
    case 'AddressElement':
      return networkBounds(element.address, isFirst ? Number(reading.options.get('netmask') ?? 128) : 128, reading);
    case 'NetElement':
      return networkBounds(element.address, element.prefixLength, reading);
    case 'AddressRangeElement': {
      const low = toAddress(element.first);
      const high = toAddress(element.last);
      return low === undefined || high === undefined ? undefined : [[low, high]];
    }
    case 'PortElement':
      return portBounds(element, reading);
    case 'IcmpElement': {
      const protocol = parseProtocol(element.protocol)?.number;
      const type = element.type * 256 + element.code;
      return protocol === undefined ? undefined : [[protocol, protocol, ...ANY_PORT, type, type]];
    }
    case 'MarkElement':
      return [[element.mark, element.mark]];
    default:
      return undefined;
  }
}

function networkBounds(text: string, length: number, { family, options }: MemberReading): readonly Bounds[] | undefined {
  const address = toAddress(text);
  if (address === undefined || options.has('bitmask') || typeof address !== typeof ADDRESS_MAX[family]) return undefined;
  return [prefixBounds(address, length)];
}

function portBounds(
  { protocol, port, last = port }: Extract<Element, { kind: 'PortElement' }>,
  { key, method }: MemberReading,
): readonly Bounds[] | undefined {
  const wanted = protocol === undefined ? undefined : parseProtocol(protocol)?.number;
  if (protocol !== undefined && wanted === undefined) return undefined;
  const rest: Bounds = key.includes('icmpType') ? ANY_PORT : [];
  // `bitmap:port` has ports without a protocol; the hash types take such a port for one of TCP.
  const protocols = wanted !== undefined ? [wanted] : method === 'bitmap' ? [TCP, UDP] : [TCP];
  return protocols.map((number) => [number, number, ...(PORTED.has(number) ? [port, last] : ANY_PORT), ...rest]);
}
