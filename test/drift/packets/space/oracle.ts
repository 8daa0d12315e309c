/**
 * Leads one packet through the raw tree of the parser in the most simple way: the judge of the packet space, with which it shares no code.
 * Addresses are bigints of their family, everything is asked rule by rule.
 */
import {
  type AddressCondition,
  type Chain,
  type Match,
  type PortCondition,
  type PortRange,
  printIptablesMatch,
  printIptablesTarget,
  type Rule,
  type Table,
  type Target,
} from '@netdrift/iptables';
import { containsPacket, type Direction, type IpSet } from '@netdrift/ipset';

export interface OraclePacket {
  readonly entry: 'prerouting' | 'output';
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly state: 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID';
  readonly icmpType: number;
  readonly tcpFlags: number;
  /** Empty = none. */
  readonly in: string;
  readonly out: string;
  /** Where it leaves after it was translated and routed anew. */
  readonly outAnew: string;
  readonly mark: number;
  readonly connectionMark: number;
}

export interface OracleNode {
  readonly family: 'ipv4' | 'ipv6';
  readonly tables: readonly Table[];
  readonly sets?: readonly IpSet[];
  readonly isLocal: (address: string) => boolean;
  /** Destinations of the virtual service that takes a packet, with their shares; undefined where none does. */
  readonly balance?: (
    packet: OraclePacket,
    mark: number,
  ) => readonly { readonly address: string; readonly port: number; readonly share: number }[] | undefined;
  readonly ipvsConntrack?: boolean;
  /** Whether a condition holds that nobody can decide, the n-th time it is asked. */
  readonly holds: (text: string, time: number) => boolean;
}

interface State {
  readonly packet: OraclePacket;
  readonly share: number;
  readonly hook: 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING';
  readonly mark: number;
  readonly connectionMark: number;
  readonly translated: boolean;
  readonly toNode: boolean;
  readonly balanced: boolean;
  readonly untracked: boolean;
  readonly loopback: boolean;
  readonly anew: boolean;
  readonly source: string;
  readonly effects: string;
  readonly asked: ReadonlyMap<string, number>;
  /** The mark that the first packet of an established connection had in nat. */
  readonly natMark?: number;
}

type Ended = { readonly state: State; readonly how: 'on' | 'return' | 'accept' | 'drop' | string };

/** What becomes of a packet, as text, and the part of connections that meets each. */
export function outcomesOf(node: OracleNode, packet: OraclePacket): Map<string, number> {
  const fates = new Map<string, number>();
  const start: State = {
    packet,
    share: 1,
    hook: 'PREROUTING',
    mark: packet.mark,
    connectionMark: packet.connectionMark,
    translated: false,
    toNode: false,
    balanced: false,
    untracked: false,
    loopback: false,
    anew: false,
    source: '',
    effects: '',
    asked: new Map(),
  };
  const finish = (state: State, how: string): void => {
    const goes = how === 'here' || how === 'sent';
    const to =
      goes && (state.translated || state.balanced)
        ? `${state.toNode ? 'node' : state.packet.destination}:${state.packet.destinationPort}`
        : '';
    const fate = `${how} ${to} ${goes ? state.source : ''} ${state.effects}`;
    fates.set(fate, (fates.get(fate) ?? 0) + state.share);
  };
  const through = (states: readonly State[], hook: State['hook'], tables: readonly string[]): State[] =>
    tables.reduce(
      (open: readonly State[], table) => open.flatMap((state) => pass(node, { ...state, hook }, table, finish)),
      states,
    ) as State[];
  const ipvs = (state: State, local: (one: State) => void, remote: (one: State) => void, none: (one: State) => void): void => {
    const places = !state.balanced ? node.balance?.(state.packet, state.mark) : undefined;
    if (places === undefined) return none(state);
    if (places.length === 0) return finish(state, 'refused by ipvs');
    for (const { address, port, share } of places) {
      const sent: State = {
        ...state,
        share: state.share * share,
        packet: { ...state.packet, destination: address, destinationPort: port },
        balanced: true,
        translated: true,
        toNode: false,
        untracked: state.untracked || node.ipvsConntrack === false,
      };
      if (node.isLocal(address)) local(sent);
      else remote(sent);
    }
  };
  const forwarded = (state: State): void =>
    through(through([state], 'FORWARD', ['mangle', 'filter', 'security']), 'POSTROUTING', ['mangle', 'nat']).forEach((one) =>
      finish(one, 'sent'),
    );
  const afterIpvs = (state: State): void =>
    through(through([{ ...state, anew: true }], 'OUTPUT', ['raw', 'mangle', 'filter', 'security']), 'POSTROUTING', [
      'mangle',
      'nat',
    ]).forEach((one) => finish(one, 'sent'));
  const delivered = (state: State): void => {
    for (const one of through([state], 'INPUT', ['mangle', 'filter', 'security'])) {
      const on = (next: State): void => through([next], 'INPUT', ['nat']).forEach((last) => finish(last, 'here'));
      ipvs(one, on, afterIpvs, on);
    }
  };
  const leaving = (state: State): void => {
    for (const one of through([{ ...state, anew: state.translated }], 'POSTROUTING', ['mangle', 'nat'])) {
      if (!isHere(node, one)) finish(one, 'sent');
      else
        through(through([{ ...one, loopback: true }], 'PREROUTING', ['raw', 'mangle']), 'INPUT', ['mangle', 'filter', 'security']).forEach(
          (last) => finish(last, 'here'),
        );
    }
  };
  if (packet.entry === 'prerouting') {
    for (const state of through([start], 'PREROUTING', ['raw', 'mangle', 'nat'])) (isHere(node, state) ? delivered : forwarded)(state);
    return fates;
  }
  for (const state of through([start], 'OUTPUT', ['raw', 'mangle', 'nat'])) {
    const on = (next: State): void => through([next], 'OUTPUT', ['filter', 'security']).forEach(leaving);
    ipvs(state, on, afterIpvs, on);
  }
  return fates;
}

function isHere(node: OracleNode, state: State): boolean {
  return (
    state.toNode ||
    (state.translated
      ? node.isLocal(state.packet.destination)
      : node.isLocal(state.packet.destination) || unknownLocal(node, state.packet.destination, 'destination'))
  );
}

function unknownLocal(node: OracleNode, address: string, side: string): boolean {
  return !isElsewhere(address) && node.holds(`the ${side} is an address of this node`, 1);
}

/** Nobody has the address of many. */
function isElsewhere(address: string): boolean {
  return address.includes(':') ? address.startsWith('ff') : Number(address.split('.')[0]) >> 4 === 14;
}

function pass(node: OracleNode, state: State, tableName: string, finish: (state: State, how: string) => void): State[] {
  const table = node.tables.find(({ name }) => name === tableName);
  const chain = table?.chains.find(({ name }) => name === state.hook);
  const nat = tableName === 'nat';
  if (table === undefined || chain === undefined) return [state];
  if (nat && (state.untracked || state.loopback || state.packet.state === 'INVALID')) return [state];
  // What nat decided for the first packet holds for the later ones, which keep their own mark.
  const later = nat && state.packet.state === 'ESTABLISHED';
  const entering = later ? { ...state, mark: state.natMark ?? state.mark } : state;
  const leaving = (left: State): State => (later ? { ...left, mark: state.mark, natMark: left.mark } : left);
  return inChain(node, table, chain, entering, 0).flatMap(({ state: inside, how }) => {
    const left = leaving(inside);
    if (how === 'accept') return [left];
    if (how === 'on' || how === 'return') {
      if (chain.policy !== 'DROP') return [left];
      finish(left, 'dropped');
      return [];
    }
    finish(left, how);
    return [];
  });
}

function inChain(node: OracleNode, table: Table, chain: Chain, state: State, depth: number): Ended[] {
  const done: Ended[] = [];
  let open: State[] = [state];
  for (const rule of chain.rules) {
    const next: State[] = [];
    for (const one of open) {
      const { share, state: asked } = meets(node, rule, one);
      if (share < 1) next.push({ ...asked, share: one.share * (1 - share) });
      if (share <= 0) continue;
      for (const { state: left, how } of act(node, table, rule, { ...asked, share: one.share * share }, depth)) {
        if (how === 'on') next.push(left);
        else done.push({ state: left, how });
      }
    }
    open = next;
  }
  return [...done, ...open.map((left): Ended => ({ state: left, how: 'on' }))];
}

function act(node: OracleNode, table: Table, rule: Rule, state: State, depth: number): Ended[] {
  const { target } = rule;
  const on = (more: Partial<State> = {}): Ended[] => [{ state: { ...state, ...more }, how: 'on' }];
  const effects = recentSets(rule);
  const acted: State = { ...state, effects: state.effects + effects };
  if (target === undefined) return [{ state: acted, how: 'on' }];
  switch (target.kind) {
    case 'VerdictTarget':
      return [{ state, how: { ACCEPT: 'accept', DROP: 'dropped', RETURN: 'return', QUEUE: 'unknown -j QUEUE' }[target.name] }];
    case 'RejectTarget':
      return [{ state, how: `refused ${target.with}` }];
    case 'ChainTarget': {
      const inner = table.chains.find(({ name }) => name === target.name);
      if (inner === undefined) return opaque(state, `chain ${target.name} is not listed`);
      const ended = inChain(node, table, inner, state, depth + 1);
      return ended.map(({ state: left, how }) => ({
        state: left,
        how: how === 'on' || how === 'return' ? (rule.goto === true ? 'return' : 'on') : how,
      }));
    }
    case 'MarkTarget':
      return on({ mark: ((state.mark & ~target.mask) ^ target.value) >>> 0 });
    case 'ConnmarkTarget': {
      if (target.action === 'set') return on({ connectionMark: ((state.connectionMark & ~target.mask) ^ target.value) >>> 0 });
      const { packetMask, connectionMask } = target;
      if (target.action === 'save')
        return on({ connectionMark: ((state.connectionMark & ~connectionMask) ^ (state.mark & packetMask)) >>> 0 });
      return on({ mark: ((state.mark & ~packetMask) ^ (state.connectionMark & connectionMask)) >>> 0 });
    }
    case 'NotrackTarget':
      return on({ untracked: true });
    case 'CtTarget':
      return on(target.notrack === true ? { untracked: true } : { effects: `${state.effects}${printIptablesTarget(target)}\n` });
    case 'DnatTarget': {
      const { address, addressEnd, ports } = target.to;
      const single = addressEnd === undefined && (ports === undefined || ports.low === ports.high);
      if (!single) return [{ state, how: `unknown range ${printIptablesTarget(target)}` }];
      return [
        {
          state: {
            ...state,
            translated: true,
            toNode: false,
            packet: {
              ...state.packet,
              ...(address === undefined ? {} : { destination: address }),
              ...(ports === undefined ? {} : { destinationPort: Number(ports.low) }),
            },
          },
          how: 'accept',
        },
      ];
    }
    case 'RedirectTarget':
      return [
        {
          state: {
            ...state,
            translated: true,
            toNode: true,
            packet: { ...state.packet, ...(target.ports === undefined ? {} : { destinationPort: Number(target.ports.low) }) },
          },
          how: 'accept',
        },
      ];
    case 'MasqueradeTarget':
    case 'SnatTarget':
      return [{ state: { ...state, source: printIptablesTarget(target) }, how: 'accept' }];
    case 'LogTarget':
    case 'NflogTarget':
    case 'UlogTarget':
    case 'TraceTarget':
    case 'AuditTarget':
    case 'ChecksumTarget':
      return [{ state: acted, how: 'on' }];
    case 'NetmapTarget':
    case 'TproxyTarget':
      throw new Error(`not for the oracle: ${target.kind}`);
    default:
      return other(target, acted);
  }
}

const GOES_ON = new Set([
  'ClassifyTarget',
  'ConnsecmarkTarget',
  'DscpTarget',
  'EcnTarget',
  'HlTarget',
  'SecmarkTarget',
  'SetTarget',
  'TcpmssTarget',
  'TcpoptstripTarget',
  'TeeTarget',
  'TosTarget',
  'TtlTarget',
]);
const SILENT = new Set(['IdletimerTarget', 'LedTarget', 'RateestTarget']);
const RETURNS = new Set(['ClusteripTarget', 'DnptTarget', 'HmarkTarget', 'SnptTarget', 'UnknownTarget']);

function other(target: Target, state: State): Ended[] {
  const text = printIptablesTarget(target);
  if (SILENT.has(target.kind)) return [{ state, how: 'on' }];
  if (GOES_ON.has(target.kind)) return [{ state: { ...state, effects: `${state.effects}${text}\n` }, how: 'on' }];
  return RETURNS.has(target.kind) ? opaque(state, text) : [{ state, how: `unknown ${text}` }];
}

function opaque(state: State, text: string): Ended[] {
  return [
    { state: { ...state, share: state.share * 0.41 }, how: `unknown ${text}` },
    { state: { ...state, share: state.share * 0.59 }, how: 'on' },
  ];
}

function recentSets(rule: Rule): string {
  return rule.matches
    .map((match) => (match.kind === 'RecentMatch' && match.action === 'set' && !match.not ? `${printIptablesMatch(match)}\n` : ''))
    .join('');
}

/** The part of the connections that meets a rule: 0, 1, or what chance leaves. */
function meets(node: OracleNode, rule: Rule, state: State): { share: number; state: State } {
  const { packet } = state;
  const no = { share: 0, state };
  if (rule.protocol.number === undefined) {
    if (node.holds(`-p ${rule.protocol.name}`, 1) === rule.protocol.not) return no;
  } else if (rule.protocol.number !== 0 && (packet.protocol === rule.protocol.number) === rule.protocol.not) return no;
  if (
    !meetsAddress(node, rule.source, packet.source, '-s') ||
    !meetsAddress(node, rule.destination, state.toNode ? '127.0.0.1' : packet.destination, '-d')
  )
    return no;
  if (rule.in !== undefined && !meetsInterface(rule.in, interfaceIn(state))) return no;
  if (rule.out !== undefined && !meetsInterface(rule.out, interfaceOut(state))) return no;
  if (rule.fragment !== undefined && node.holds('-f', 1) === rule.fragment.not) return no;
  let share = 1;
  let current = state;
  for (const match of rule.matches) {
    if (match.kind === 'StatisticMatch') {
      const part = match.mode === 'random' ? match.probability : 1 / Math.max(1, match.every);
      share *= match.not ? 1 - part : part;
      continue;
    }
    const decided = meetsMatch(node, match, current);
    if (typeof decided !== 'boolean') {
      current = decided.state;
      if (!decided.holds) return { share: 0, state: current };
    } else if (!decided) return { share: 0, state: current };
  }
  return { share, state: current };
}

function interfaceIn({ packet, hook, loopback }: State): string {
  return loopback ? 'lo' : hook === 'OUTPUT' || hook === 'POSTROUTING' ? '' : packet.in;
}

function interfaceOut({ packet, hook, anew }: State): string {
  return hook === 'PREROUTING' || hook === 'INPUT' ? '' : anew ? packet.outAnew : packet.out;
}

function meetsInterface({ not, name }: { not: boolean; name: string }, known: string): boolean {
  const meets =
    name === '*' || name === 'any' || (name.endsWith('+') ? known !== '' && known.startsWith(name.slice(0, -1)) : known === name);
  return meets !== not;
}

const numbers = new Map<string, bigint>();

/** The number of an address of either family. */
export function addressNumber(text: string): bigint {
  const known = numbers.get(text) ?? readAddress(text);
  numbers.set(text, known);
  return known;
}

function readAddress(text: string): bigint {
  if (!text.includes(':')) return text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = '', tail] = text.split('::');
  const groups = (part: string): string[] =>
    part
      .split(':')
      .filter((one) => one !== '')
      .flatMap((one) =>
        one.includes('.') ? [(addressNumber(one) >> 16n).toString(16), (addressNumber(one) & 0xffffn).toString(16)] : [one],
      );
  const [first, last] = [groups(head), groups(tail ?? '')];
  const all = [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last];
  return all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function meetsAddress(node: OracleNode, condition: AddressCondition, address: string, option: string): boolean {
  if ('name' in condition) return condition.name === 'anywhere' ? true : node.holds(`${option} ${condition.name}`, 1) !== condition.not;
  // A mask with many holes is a question to the engine.
  if ('mask' in condition && node.family === 'ipv6')
    return node.holds(`${option} ${condition.address}/${condition.mask}`, 1) !== condition.not;
  if ('prefixLength' in condition && condition.prefixLength === 0) return !condition.not;
  const mask = masks.get(condition) ?? maskOf(condition);
  masks.set(condition, mask);
  return ((addressNumber(address) & mask) === (addressNumber(condition.address) & mask)) !== condition.not;
}

const masks = new WeakMap<object, bigint>();

function maskOf(condition: Extract<AddressCondition, { readonly address: string }>): bigint {
  const width = condition.address.includes(':') ? 128n : 32n;
  return 'mask' in condition
    ? addressNumber(condition.mask)
    : ((1n << width) - 1n) ^ ((1n << (width - BigInt(condition.prefixLength))) - 1n);
}

const texts = new WeakMap<object, string>();

/** A match without its sign, as a save form prints it. */
function textOf(match: Match, family: OracleNode['family']): string {
  const known =
    texts.get(match) ?? printIptablesMatch('not' in match && match.not === true ? ({ ...match, not: false } as Match) : match, family);
  texts.set(match, known);
  return known;
}

function inPorts(ranges: readonly PortRange[], port: number): boolean {
  return ranges.some(({ low, high }) => Number(low) <= port && port <= Number(high));
}

function meetsPorts(match: { sourcePorts?: PortCondition; destinationPorts?: PortCondition }, packet: OraclePacket): boolean {
  const asked = (condition: PortCondition | undefined, port: number): boolean =>
    condition === undefined || inPorts([condition], port) !== condition.not;
  return asked(match.sourcePorts, packet.sourcePort) && asked(match.destinationPorts, packet.destinationPort);
}

const COUNTS = new Set(['ConnlimitMatch', 'HashlimitMatch', 'LimitMatch', 'QuotaMatch']);

function meetsMatch(node: OracleNode, match: Match, state: State): boolean | { holds: boolean; state: State } {
  const { packet } = state;
  const current = state.untracked ? 'UNTRACKED' : packet.state;
  switch (match.kind) {
    case 'CommentMatch':
    case 'NfacctMatch':
      return true;
    case 'TcpMatch':
      if (!meetsPorts(match, packet)) return false;
      if (match.flags !== undefined && ((packet.tcpFlags & match.flags.mask) === match.flags.set) === match.flags.not) return false;
      return (
        match.option === undefined || node.holds(printIptablesMatch({ kind: 'TcpMatch', option: { ...match.option } }, node.family), 1)
      );
    case 'UdpMatch':
      return meetsPorts(match, packet);
    case 'SctpMatch':
    case 'DccpMatch': {
      const { sourcePorts: _s, destinationPorts: _d, ...rest } = match;
      return meetsPorts(match, packet) && (Object.keys(rest).length === 1 || node.holds(printIptablesMatch(rest, node.family), 1));
    }
    case 'MultiportMatch': {
      const ports =
        match.direction === 'either'
          ? [packet.sourcePort, packet.destinationPort]
          : [match.direction === 'source' ? packet.sourcePort : packet.destinationPort];
      return ports.some((port) => inPorts(match.ports, port)) !== match.not;
    }
    case 'MarkMatch':
      return ((state.mark & match.mask) >>> 0 === match.value) !== match.not;
    case 'ConnmarkMatch':
      return ((state.connectionMark & match.mask) >>> 0 === match.value) !== match.not;
    case 'StateMatch':
      return match.states.includes(current) !== match.not;
    case 'IcmpMatch':
    case 'Icmp6Match':
      if (typeof match.type === 'string') return holds(node, match);
      if (match.type === 255 && match.kind === 'IcmpMatch') return !match.not;
      return (packet.icmpType >> 8 === match.type && (match.code === undefined || (packet.icmpType & 255) === match.code)) !== match.not;
    case 'IprangeMatch':
      return (['source', 'destination'] as const).every((side) => {
        const range = match[side];
        if (range === undefined) return true;
        const address = addressNumber(side === 'destination' && state.toNode ? '127.0.0.1' : packet[side]);
        return (addressNumber(range.low) <= address && address <= addressNumber(range.high)) !== range.not;
      });
    case 'SetMatch': {
      const set = node.sets?.find(({ name }) => name === match.set);
      if (set === undefined || match.returnNomatch === true || match.packets !== undefined || match.bytes !== undefined)
        throw new Error(`not for the oracle: ${JSON.stringify(match)}`);
      const { source, destination, sourcePort, destinationPort } = packet;
      const fields = {
        directions: match.directions as Direction[],
        source,
        destination,
        protocol: String(packet.protocol),
        sourcePort,
        destinationPort,
        icmpType: packet.icmpType >> 8,
        icmpCode: packet.icmpType & 255,
      };
      return (
        (containsPacket(
          set,
          { ...fields, inInterface: interfaceIn(state) || null, outInterface: interfaceOut(state) || null, mark: state.mark },
          { sets: node.sets ?? [] },
        ) ===
          'yes') !==
        match.not
      );
    }
    case 'AddrtypeMatch': {
      return (['source', 'destination'] as const).every((side) => {
        const asked = match[side];
        if (asked === undefined) return true;
        if (asked.types.join() !== 'LOCAL' || match.limitInterface !== undefined) {
          const limit = match.limitInterface === undefined ? {} : { limitInterface: match.limitInterface };
          return (
            node.holds(
              printIptablesMatch({ kind: 'AddrtypeMatch', [side]: { not: false, types: asked.types.toSorted() }, ...limit }, node.family),
              1,
            ) !== asked.not
          );
        }
        const local =
          side === 'destination' && state.translated
            ? isHere(node, state)
            : node.isLocal(packet[side]) || unknownLocal(node, packet[side], side);
        return local !== asked.not;
      });
    }
    case 'ConntrackMatch': {
      const { kind: _, state: asked, ...rest } = match;
      if (Object.keys(rest).length > 0) throw new Error(`not for the oracle: ${JSON.stringify(match)}`);
      if (asked === undefined) return true;
      if (asked.values.includes('SNAT')) throw new Error(`not for the oracle: ${JSON.stringify(match)}`);
      if (asked.values.includes('DNAT')) {
        if (!asked.not) return node.holds(printIptablesMatch({ kind: 'ConntrackMatch', state: asked }, node.family), 1);
        const translated = state.translated || (current === 'INVALID' && node.holds("the connection's destination was translated", 1));
        return !asked.values.includes(current) && !translated;
      }
      return asked.values.includes(current) !== asked.not;
    }
    case 'RecentMatch':
      if (match.action === 'set' && !match.not) return true;
      return counted(node, match, state, match.hitCount !== undefined || match.action === 'remove' || match.action === 'set');
    case 'HashlimitMatch': {
      const { name: _, ...rest } = match;
      return counted(node, rest, state, true);
    }
    case 'RpfilterMatch': {
      const { invert, ...rest } = match;
      return node.holds(printIptablesMatch(rest, node.family), 1) !== (invert === true);
    }
    case 'PhysdevMatch':
    case 'IpvsMatch':
    case 'StatisticMatch':
      throw new Error(`not for the oracle: ${match.kind}`);
    case 'UnknownMatch':
      return node.holds(match.text, 1);
    default:
      return counted(node, match, state, COUNTS.has(match.kind));
  }
}

function holds(node: OracleNode, match: Match): boolean {
  const not = 'not' in match && match.not === true;
  return node.holds(textOf(match, node.family), 1) !== not;
}

function counted(node: OracleNode, match: Match, state: State, counts: boolean): boolean | { holds: boolean; state: State } {
  if (!counts) return holds(node, match);
  const not = 'not' in match && match.not === true;
  const text = textOf(match, node.family);
  const time = (state.asked.get(text) ?? 0) + 1;
  return { holds: node.holds(text, time) !== not, state: { ...state, asked: new Map([...state.asked, [text, time]]) } };
}
