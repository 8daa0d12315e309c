import { parseIptables, type Rule, type Table } from '@netdrift/iptables';
import type { IpSet } from '@netdrift/ipset';
import { type Box, DIMENSIONS, PLACE } from '../../../../packages/drift/src/packets/space/sets/box.ts';
import type { PacketSet } from '../../../../packages/drift/src/packets/space/sets/packet-set.ts';
import type { FoundRegion } from '../../../../packages/drift/src/packets/space/walk/explore.ts';
import { intersect } from '../../../../packages/drift/src/packets/space/sets/intervals.ts';
import { HOLDS, otherValues, type Unseen } from '../../../../packages/drift/src/packets/space/sets/unseen.ts';
import type { Space } from '../../../../packages/drift/src/packets/space/space.ts';
import { saidBy } from '../../../../packages/drift/src/packets/space/vocabulary.ts';
import { addressNumber, type OracleNode, type OraclePacket, outcomesOf } from './oracle.ts';
import { hashOf, type Random } from './random.ts';

const STATES = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID'] as const;

/** What packets are made of: what the rules of both sides name, and what stands next to it. */
export interface Material {
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
  readonly protocols: readonly number[];
  readonly interfaces: readonly string[];
  readonly rules: readonly Rule[];
}

export function materialOf(tables: readonly Table[], family: 'ipv4' | 'ipv6', extra: readonly string[]): Material {
  const rules = tables.flatMap(({ chains }) => chains.flatMap((chain) => chain.rules));
  const addresses = new Set<string>(
    family === 'ipv4'
      ? ['192.168.10.11', '203.0.113.9', '10.244.0.9', '127.0.0.1', ...extra]
      : ['fd00::11', '2001:db8::9', '::1', ...extra],
  );
  const ports = new Set<number>([80, 443, 40_000, 0, 65_535]);
  const protocols = new Set<number>([6, 17, family === 'ipv4' ? 1 : 58]);
  const interfaces = new Set<string>(['zz9']);
  for (const rule of rules) {
    if (rule.protocol.number !== undefined && rule.protocol.number !== 0) protocols.add(rule.protocol.number);
    for (const one of [rule.in, rule.out])
      if (one !== undefined && one.name !== '*') interfaces.add(one.name.endsWith('+') ? `${one.name.slice(0, -1)}~x` : one.name);
    for (const condition of [rule.source, rule.destination]) {
      if (!('address' in condition)) continue;
      for (const address of around(condition.address, 'prefixLength' in condition ? condition.prefixLength : 128)) addresses.add(address);
    }
    for (const [, key] of JSON.stringify([rule.matches, rule.target]).matchAll(/"(?:low|high|port)":(\d+)/g))
      for (const port of [Number(key) - 1, Number(key), Number(key) + 1]) if (port >= 0 && port <= 65_535) ports.add(port);
    if (rule.target?.kind === 'DnatTarget' && rule.target.to.address !== undefined) addresses.add(rule.target.to.address);
  }
  const own = (address: string): boolean => address.includes(':') === (family === 'ipv6');
  return {
    addresses: [...addresses].filter(own),
    ports: [...ports],
    protocols: [...protocols],
    interfaces: [...interfaces].filter((name) => name !== 'lo'),
    rules,
  };
}

function around(address: string, length: number): string[] {
  const version6 = address.includes(':');
  const bits = version6 ? 128n : 32n;
  const size = 1n << (bits - BigInt(Math.min(Number(bits), length)));
  const low = (addressNumber(address) / size) * size;
  return [low - 1n, low, low + size - 1n, low + size, low + size / 2n]
    .filter((one) => one >= 0n && one < 1n << bits)
    .map((one) => addressText(one, version6));
}

function addressText(value: bigint, version6: boolean): string {
  if (!version6) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  return Array.from({ length: 8 }, (_, group) => ((value >> BigInt(112 - 16 * group)) & 0xffffn).toString(16)).join(':');
}

export function randomPacket(
  { addresses, ports, protocols, interfaces, rules }: Material,
  random: Random,
  local: ReadonlySet<string>,
): OraclePacket {
  const entry = random.below(3) === 0 ? 'output' : 'prerouting';
  let protocol = random.pick(protocols);
  let source = random.pick(addresses);
  let destination = random.pick(addresses);
  let destinationPort = random.pick(ports);
  let sourcePort = random.below(3) === 0 ? random.pick(ports) : 40_000;
  let through = random.pick(interfaces);
  // Half of them are close to one rule.
  const rule = random.below(2) === 0 && rules.length > 0 ? random.pick(rules) : undefined;
  if (rule !== undefined) {
    if (rule.protocol.number !== undefined && rule.protocol.number !== 0 && !rule.protocol.not) protocol = rule.protocol.number;
    const inside = (condition: Rule['source'], known: string): string =>
      'address' in condition && !condition.not && 'prefixLength' in condition && condition.prefixLength > 0
        ? random.pick(around(condition.address, condition.prefixLength).slice(1, 3))
        : known;
    source = inside(rule.source, source);
    destination = inside(rule.destination, destination);
    if (rule.in !== undefined && rule.in.name !== '*' && rule.in.name !== 'lo')
      through = rule.in.name.endsWith('+') ? `${rule.in.name.slice(0, -1)}~x` : rule.in.name;
    for (const match of rule.matches) {
      const asked = 'destinationPorts' in match ? match.destinationPorts : undefined;
      if (asked !== undefined) destinationPort = Number(asked.low);
      const from = 'sourcePorts' in match ? match.sourcePorts : undefined;
      if (from !== undefined) sourcePort = Number(from.low);
      if (match.kind === 'MultiportMatch') destinationPort = Number(random.pick(match.ports).low);
    }
  }
  // A martian does not arrive.
  if (entry === 'prerouting' && (source.startsWith('127.') || addressNumber(source) === 1n))
    source = addresses.find((address) => !address.startsWith('127.') && addressNumber(address) !== 1n) ?? source;
  return {
    entry,
    protocol,
    source,
    destination,
    sourcePort,
    destinationPort,
    state: random.below(4) === 0 ? random.pick(STATES) : 'NEW',
    icmpType: random.below(9) * 256 + random.below(2),
    tcpFlags: random.below(2) === 0 ? 2 : random.below(64),
    in: entry === 'output' ? '' : through,
    out: entry === 'output' && isOwn(destination, local) ? 'lo' : random.pick(interfaces),
    outAnew: random.pick(interfaces),
    mark: 0,
    connectionMark: 0,
  };
}

function isOwn(address: string, local: ReadonlySet<string>): boolean {
  return (
    address.startsWith('127.') ||
    addressNumber(address) === 1n ||
    [...local].some((one) => one === address || (one.includes(':') && addressNumber(one) === addressNumber(address)))
  );
}

/** Conditions that nobody decides, as a number decides them. */
export function holdsBy(seed: number, given: ReadonlyMap<string, boolean> = new Map()): OracleNode['holds'] {
  return (text, time) => given.get(`${text}#${time}`) ?? (hashOf(`${seed} ${text}#${time}`) & 1) === 1;
}

export function tablesOf(text: string, family: 'ipv4' | 'ipv6'): readonly Table[] {
  const { value } = parseIptables(text, { family });
  return 'tables' in value ? value.tables : [];
}

export function nodeOf(
  tables: readonly Table[],
  family: 'ipv4' | 'ipv6',
  sets: readonly IpSet[] | undefined,
  local: ReadonlySet<string>,
  holds: OracleNode['holds'],
): OracleNode {
  return { family, tables, ...(sets === undefined ? {} : { sets }), isLocal: (address) => isOwn(address, local), holds };
}

export function differ(before: OracleNode, after: OracleNode, packet: OraclePacket): boolean {
  const [one, other] = [outcomesOf(before, packet), outcomesOf(after, packet)];
  return [...new Set([...one.keys(), ...other.keys()])].some((fate) => Math.abs((one.get(fate) ?? 0) - (other.get(fate) ?? 0)) > 1e-6);
}

function classOf(name: string, { vocabulary: { interfaces } }: Space): number {
  if (name === '') return 0;
  const exact = interfaces.indexOf(name);
  if (exact > 0) return exact;
  const prefixes = interfaces.flatMap((one, place) =>
    one.endsWith('*') && name.startsWith(one.slice(0, -1)) ? [[one.length, place] as const] : [],
  );
  return prefixes.length === 0
    ? interfaces.length - 1
    : (prefixes.sort(([one], [other]) => other - one)[0] as readonly [number, number])[1];
}

const UNDECIDED = 'what a test cannot decide';

/** Whether a set of the space holds a packet of the oracle. */
export function holdsPacket({ box, nots }: PacketSet, packet: OraclePacket, space: Space, holds: OracleNode['holds']): boolean {
  return inBox(box, packet, space, holds) && !nots.some((not) => inBox(not, packet, space, holds));
}

function inBox(box: Box, packet: OraclePacket, space: Space, holds: OracleNode['holds']): boolean {
  const version6 = space.vocabulary.family === 'ipv6';
  const address = (text: string): number | bigint => (version6 ? addressNumber(text) : Number(addressNumber(text)));
  const values: Record<(typeof DIMENSIONS)[number], number | bigint> = {
    protocol: packet.protocol,
    source: address(packet.source),
    destination: address(packet.destination),
    sourcePort: packet.sourcePort,
    destinationPort: packet.destinationPort,
    state: STATES.indexOf(packet.state),
    icmpType: packet.icmpType,
    tcpFlags: packet.tcpFlags,
    in: classOf(packet.in, space),
    out: classOf(packet.out, space),
  };
  values.state = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID'].indexOf(packet.state);
  for (const name of DIMENSIONS) if (!contains(box.fields[PLACE[name]], values[name])) return false;
  if (
    ((packet.mark ^ box.mark.value) & box.mark.mask) !== 0 ||
    ((packet.connectionMark ^ box.connectionMark.value) & box.connectionMark.mask) !== 0
  )
    return false;
  return box.unseen.every((unseen) => isSo(unseen, packet, space, holds));
}

/** Whether a packet has the values of a quantity; of one that can have none the oracle makes no packet. */
function isSo(unseen: Unseen, packet: OraclePacket, space: Space, holds: OracleNode['holds']): boolean {
  let values = otherValues([]);
  for (const { text, time, quantity } of space.vocabulary.conditions[unseen.number] ?? []) {
    const asked = quantity?.in ?? HOLDS;
    values = intersect(values, conditionHolds(text, time, packet, space, holds) ? asked : otherValues(asked));
  }
  if (values.length === 0) throw new Error(UNDECIDED);
  return intersect(values, unseen.in).length > 0;
}

function conditionHolds(text: string, time: number | undefined, packet: OraclePacket, space: Space, holds: OracleNode['holds']): boolean {
  const intervals = (words: string): number[] => words.split(',').map(Number);
  const anew = /^it leaves by (.*)$/.exec(text)?.[1];
  if (anew !== undefined) return contains(intervals(anew), classOf(packet.outAnew, space));
  const node = /^the address is in (.*)$/.exec(text)?.[1];
  if (node !== undefined) return contains(intervals(node), 0x7f00_0001);
  if (text.startsWith('mark ')) throw new Error(UNDECIDED);
  return holds(text, time ?? 1);
}

function contains(intervals: readonly (number | bigint)[] | undefined, value: number | bigint): boolean {
  if (intervals === undefined) return true;
  for (let at = 0; at < intervals.length; at += 2)
    if ((intervals[at] as number) <= value && value <= (intervals[at + 1] as number)) return true;
  return false;
}

/** A packet of a region's sample, with the conditions that it needs; undefined where the oracle cannot be given them. */
export function packetOf(
  { entry, sample }: FoundRegion,
  space: Space,
  random: Random,
): { packet: OraclePacket; given: Map<string, boolean> } | undefined {
  const { vocabulary } = space;
  const version6 = vocabulary.family === 'ipv6';
  const value = (name: (typeof DIMENSIONS)[number], usual: number | bigint): number | bigint => {
    const intervals = sample.fields[PLACE[name]];
    if (intervals === undefined || contains(intervals, usual)) return usual;
    const at = 2 * random.below(intervals.length / 2);
    return intervals[at + random.below(2)] as number | bigint;
  };
  const given = new Map<string, boolean>();
  let outAnew = 'zz9';
  for (const { text, time, of, holds } of sample.unseen.flatMap((unseen) => saidBy(unseen, vocabulary))) {
    if (text.startsWith('mark ') || text.startsWith('the address is in') || text.startsWith('the port is in')) return undefined;
    const anew = /^it leaves by (.*)$/.exec(text)?.[1];
    if (anew !== undefined) {
      const classes = anew.split(',').map(Number);
      const fitting = vocabulary.interfaces
        .map((_, number) => number)
        .filter((number) => number > 1 && contains(classes, number) === holds);
      outAnew = interfaceName(fitting.at(-1) ?? 0, space);
      continue;
    }
    const key = `${text}#${time ?? 1}`;
    if (given.has(key) && given.get(key) !== holds) return undefined;
    if (
      of !== undefined &&
      sample.unseen.filter(({ number }) => vocabulary.conditions[number]?.some((other) => other.text === text)).length > 1
    )
      return undefined;
    given.set(key, holds);
  }
  const anyInterface = vocabulary.interfaces.length - 1;
  const address = (name: 'source' | 'destination', usual: string): string =>
    addressText(BigInt(value(name, version6 ? addressNumber(usual) : Number(addressNumber(usual)))), version6);
  const packet: OraclePacket = {
    entry,
    protocol: Number(value('protocol', 6)),
    source: address('source', version6 ? '2001:db8::9' : '203.0.113.9'),
    destination: address('destination', version6 ? '2001:db8::99' : '203.0.113.99'),
    sourcePort: Number(value('sourcePort', 40_000)),
    destinationPort: Number(value('destinationPort', 80)),
    state: STATES[Number(value('state', 0))] ?? 'NEW',
    icmpType: Number(value('icmpType', 8 * 256)),
    tcpFlags: Number(value('tcpFlags', 2)),
    in: interfaceName(Number(value('in', entry === 'output' ? 0 : anyInterface)), space),
    out: interfaceName(Number(value('out', anyInterface)), space),
    outAnew,
    mark: sample.mark.value,
    connectionMark: sample.connectionMark.value,
  };
  return { packet, given };
}

function interfaceName(number: number, { vocabulary: { interfaces } }: Space): string {
  const name = interfaces[number] ?? '';
  if (number === 0) return '';
  return number === interfaces.length - 1 ? 'zz9' : name.endsWith('*') ? `${name.slice(0, -1)}~x` : name;
}
