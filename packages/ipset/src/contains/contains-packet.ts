import type { IpSet, Member, UnknownMember } from '../ast.ts';
import { findSetType, type SetType } from '../set-types.ts';
import { maskOfSet } from './addresses.ts';
import { elementHolds, type ElementPlace } from './element.ts';
import { decide, type Candidate } from './longest-prefix.ts';
import { and, type Membership } from './membership.ts';
import { type Packet, type PacketFields, toPacket } from './packet.ts';

/** What {@link containsPacket} may look at beside the set. */
export interface ContainsPacketOptions {
  /** The sets that a `list:set` can name. One that is missing here makes the answer `unknown` where it would decide. */
  readonly sets?: readonly IpSet[];
}

/**
 * Whether the kernel finds a packet in a set, as `-m set --match-set NAME src,dst` asks.
 *
 * In sets of networks the longest prefix decides, and `nomatch` takes its network out. Members that are shown by name or
 * were not understood, members that are not listed (terse listings, cut ones) and fields that are not given make the answer
 * `unknown` wherever they could change it. Follows Linux 6.12 net/netfilter/ipset; `--return-nomatch` and matches on
 * counters are not looked at.
 *
 * @example
 * const [nodePorts] = parseIpset('create n bitmap:port range 0-65535\nadd n 30080\n').value.sets;
 * containsPacket(nodePorts, { directions: ['dst'], protocol: 'tcp', destinationPort: 30080 }) // => 'yes'
 * containsPacket(nodePorts, { directions: ['dst'], protocol: 'sctp', destinationPort: 30080 }) // => 'no'
 * containsPacket(nodePorts, { directions: ['dst'], protocol: 'tcp' }) // => 'unknown'
 */
export function containsPacket(set: IpSet, fields: PacketFields, options: ContainsPacketOptions = {}): Membership {
  const packet = toPacket(fields);
  const type = findSetType(set.type);
  if (type?.name === 'list:set') return listContains(set, fields, packet, options.sets ?? []);
  return contains(set, type, packet);
}

function contains(set: IpSet, type: SetType | undefined, packet: Packet): Membership {
  if (type === undefined) return 'unknown';
  // ip_set_core.c `ip_set_test`: too few directions, or another family, and no type is asked.
  if (packet.fields.directions.length < type.dimensions.length) return 'no';
  const family = familyOfSet(set, type);
  if (family !== undefined && packet.family !== undefined && family !== packet.family) return 'no';
  if (set.members === undefined) return set.entries === 0 ? 'no' : 'unknown';
  const hasNets = type.dimensions.includes('net');
  const candidates = set.members.map((member) => candidate(member, set, type, packet));
  const hidden = set.entries !== undefined && set.entries > set.members.length;
  return decide(hidden ? [...candidates, ...HIDDEN[hasNets ? 'nets' : 'hosts']] : candidates);
}

/** What members that are not shown may be. */
const HIDDEN: Readonly<Record<'nets' | 'hosts', readonly Candidate[]>> = {
  hosts: [{ fits: 'unknown', lengths: undefined, nomatch: false }],
  nets: [
    { fits: 'unknown', lengths: undefined, nomatch: false },
    { fits: 'unknown', lengths: undefined, nomatch: true },
  ],
};

/** `undefined` for the types of no family: ports and hardware addresses. */
function familyOfSet({ options }: IpSet, { name }: SetType): 'ipv4' | 'ipv6' | undefined {
  if (options?.family !== undefined) return options.family === 'inet' ? 'ipv4' : 'ipv6';
  return name === 'bitmap:ip' || name === 'bitmap:ip,mac' ? 'ipv4' : undefined;
}

function candidate(member: Member | UnknownMember, set: IpSet, type: SetType, packet: Packet): Candidate {
  if (member.kind === 'UnknownMember') return { fits: 'unknown', lengths: undefined, nomatch: / nomatch(?: |$)/.test(member.text) };
  let fits: Membership = 'yes';
  for (const [index, element] of member.elements.entries()) {
    fits = and(fits, elementHolds(element, packet, placeOf(set, type, packet, index, member.wildcard === true)));
    if (fits === 'no') break;
  }
  return { fits, lengths: prefixLengths(member, type), nomatch: member.nomatch === true };
}

function placeOf(
  { options = {} }: IpSet,
  { name, dimensions }: SetType,
  { fields }: Packet,
  index: number,
  wildcard: boolean,
): ElementPlace {
  const masked = index === 0 || (name === 'hash:net,net' && dimensions[index] === 'net');
  return {
    direction: fields.directions[index] ?? 'src',
    method: name.startsWith('bitmap:') ? 'bitmap' : 'hash',
    mask: masked ? maskOfSet(options) : undefined,
    markmask: options.markmask ?? 0xffff_ffff,
    wildcard,
  };
}

/** The lengths by which a set of networks is searched; `undefined` where they are not known. */
function prefixLengths({ elements }: Member, { dimensions }: SetType): readonly number[] | undefined {
  const lengths: number[] = [];
  for (const [index, element] of elements.entries()) {
    if (dimensions[index] !== 'net') continue;
    if (element.kind !== 'NetElement') return undefined;
    lengths.push(element.prefixLength);
  }
  return lengths;
}

/** ip_set_list_set.c: the sets are asked one after another, and the first that has the packet decides. */
function listContains({ members, entries }: IpSet, fields: PacketFields, packet: Packet, sets: readonly IpSet[]): Membership {
  if (members === undefined) return entries === 0 ? 'no' : 'unknown';
  if (fields.directions.length === 0) return 'no';
  let found: Membership = entries !== undefined && entries > members.length ? 'unknown' : 'no';
  for (const member of members) {
    const [element] = member.kind === 'Member' ? member.elements : [];
    const set = element?.kind === 'SetElement' ? sets.find(({ name }) => name === element.name) : undefined;
    // The kernel takes no list:set into a list:set: one here is not the set that was meant.
    const held = set === undefined || set.type === 'list:set' ? 'unknown' : contains(set, findSetType(set.type), packet);
    if (held === 'yes') return 'yes';
    if (held === 'unknown') found = 'unknown';
  }
  return found;
}
