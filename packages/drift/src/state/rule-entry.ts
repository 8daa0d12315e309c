import { portOfName } from '@netdrift/core';
import { type Match, printIptablesMatch, printIptablesTarget, type Rule, type Target } from '@netdrift/iptables';
import { addressNumber, prefixRange } from './address-range.ts';
import type { AddressCondition, Condition, PortRange, RuleTarget } from './condition.ts';
import type { RuleEntry, RuleTable } from './model.ts';
import type { Origin } from './origin.ts';

type AstAddress = Rule['source'];
type AstPorts = { readonly not: boolean; readonly low: number | string; readonly high: number | string };

/** Matches that remember packets: their place among the other matches decides how often they are asked. */
const STATEFUL = new Set(['recent', 'limit', 'hashlimit', 'statistic', 'connlimit', 'quota', 'probability']);

/**
 * The normal form of a rule: what it asks and what it does, without counters, and with comments apart.
 *
 * Conditions that every packet meets (`0.0.0.0/0`, interface `*`, protocol `all`, `-m tcp` alone) are left out, so that a
 * listing and a save form give the same entry. Names of ports (a listing without `-n`) are their numbers where they are standard.
 */
export function ruleEntry(rule: Rule, number: number, origin: Origin, family: RuleTable['family']): RuleEntry {
  const conditions: Condition[] = [];
  const comments: string[] = [];
  addHeader(rule, conditions, family);
  for (const match of rule.matches) {
    if (match.kind === 'CommentMatch') comments.push(match.text);
    else addMatch(match, conditions);
  }
  return entryOf(number, conditions, ruleTarget(rule.target, rule.goto === true), comments, rule, origin);
}

/** The same rule without its conditions on interfaces: for comparing with a listing that hides them. */
export function withoutInterfaces(rule: RuleEntry): RuleEntry {
  const conditions = rule.conditions.filter((condition) => condition.kind !== 'in' && condition.kind !== 'out');
  return conditions.length === rule.conditions.length ? rule : withConditions(rule, conditions);
}

/** Whether a rule asks for a host or network by name. */
export function namesHost(rule: RuleEntry): boolean {
  return rule.conditions.some((condition) => 'named' in condition);
}

/** The same rule with other conditions. */
export function withConditions(rule: RuleEntry, conditions: readonly Condition[]): RuleEntry {
  return entryOf(rule.number, conditions, rule.target, rule.comments, rule.parsed, rule.origin);
}

function entryOf(
  number: number,
  conditions: readonly Condition[],
  target: RuleTarget,
  comments: readonly string[],
  parsed: Rule,
  origin: Origin,
): RuleEntry {
  const texts = conditions.map((condition) => condition.text);
  const ordered = conditions.some((condition) => STATEFUL.has(condition.kind === 'other' ? condition.match : condition.kind));
  const conditionKey = (ordered ? texts : texts.sort()).join(' ');
  return { number, conditions, target, comments, key: `${conditionKey} ${target.text}`.trim(), conditionKey, parsed, origin };
}

function addHeader(rule: Rule, conditions: Condition[], family: RuleTable['family']): void {
  const { protocol } = rule;
  if (protocol.number === undefined) {
    conditions.push(other('protocol', protocol.not, `${bang(protocol.not)}-p ${protocol.name}`));
  } else if (protocol.number !== 0 || protocol.not) {
    const { not, number, name } = protocol;
    conditions.push({ kind: 'protocol', not, number, name, text: `${bang(not)}-p ${name}` });
  }
  addAddress('source', '-s', unnamed(rule.source, family), conditions);
  addAddress('destination', '-d', unnamed(rule.destination, family), conditions);
  addInterface('in', '-i', rule.in, conditions);
  addInterface('out', '-o', rule.out, conditions);
  if (rule.fragment !== undefined) conditions.push(other('fragment', rule.fragment.not, `${bang(rule.fragment.not)}-f`));
}

/** The address behind a name that means the same on every host; another name as it is. */
function unnamed(address: AstAddress, family: RuleTable['family']): AstAddress {
  if (!('name' in address)) return address;
  const { not, name, prefixLength } = address;
  const known = STANDARD_NAMES[family].get(prefixLength === undefined ? name : `${name}/${prefixLength}`);
  return known === undefined ? address : { not, ...known };
}

/** `anywhere` is iptables' own word, the others stand in /etc/hosts and /etc/networks. */
const STANDARD_NAMES: {
  readonly [Family in RuleTable['family']]: ReadonlyMap<string, { readonly address: string; readonly prefixLength: number }>;
} = {
  ipv4: new Map([
    ['anywhere/0', { address: '0.0.0.0', prefixLength: 0 }],
    ['localhost', { address: '127.0.0.1', prefixLength: 32 }],
    ['loopback/8', { address: '127.0.0.0', prefixLength: 8 }],
    ['link-local/16', { address: '169.254.0.0', prefixLength: 16 }],
  ]),
  ipv6: new Map([
    ['anywhere/0', { address: '::', prefixLength: 0 }],
    ['localhost', { address: '::1', prefixLength: 128 }],
    ['ip6-localhost', { address: '::1', prefixLength: 128 }],
  ]),
};

function addAddress(kind: 'source' | 'destination', option: string, address: AstAddress, conditions: Condition[]): void {
  if ('name' in address) {
    const mask = address.prefixLength ?? address.mask;
    const block = mask === undefined ? address.name : `${address.name}/${mask}`;
    conditions.push({ kind, not: address.not, block, named: true, text: `${bang(address.not)}${option} ${block}` });
    return;
  }
  if ('mask' in address) {
    const block = `${address.address}/${address.mask}`;
    conditions.push({ kind, not: address.not, block, text: `${bang(address.not)}${option} ${block}` });
    return;
  }
  if (address.prefixLength === 0 && !address.not) return;
  const full = address.prefixLength === (address.address.includes(':') ? 128 : 32);
  const block = full ? address.address : `${address.address}/${address.prefixLength}`;
  const range = prefixRange(address.address, address.prefixLength);
  const condition: AddressCondition = { kind, not: address.not, block, text: `${bang(address.not)}${option} ${block}` };
  conditions.push(range === undefined ? condition : { ...condition, range });
}

function addInterface(kind: 'in' | 'out', option: string, condition: Rule['in'], conditions: Condition[]): void {
  if (condition === undefined || (!condition.not && (condition.name === '*' || condition.name === 'any'))) return;
  conditions.push({ kind, not: condition.not, name: condition.name, text: `${bang(condition.not)}${option} ${condition.name}` });
}

function addMatch(match: Match, conditions: Condition[]): void {
  switch (match.kind) {
    case 'CommentMatch':
      return;
    case 'TcpMatch':
    case 'UdpMatch':
    case 'SctpMatch': {
      const { kind, sourcePorts, destinationPorts, ...rest } = match;
      if (sourcePorts !== undefined) addPorts('source-port', '--sport', sourcePorts, conditions);
      if (destinationPorts !== undefined) addPorts('destination-port', '--dport', destinationPorts, conditions);
      if (Object.keys(rest).length > 0) conditions.push(plain({ kind, ...rest }));
      return;
    }
    case 'MultiportMatch':
      addMultiport(match, conditions);
      return;
    case 'SetMatch':
      addSet(match, conditions);
      return;
    case 'MarkMatch':
      conditions.push({
        kind: 'mark',
        not: match.not,
        value: match.value,
        mask: match.mask,
        text: `${bang(match.not)}--mark ${hexadecimal(match.value)}/${hexadecimal(match.mask)}`,
      });
      return;
    case 'StateMatch':
      conditions.push(state(match.not, match.states));
      return;
    case 'ConntrackMatch': {
      const { kind, state: states, ...rest } = match;
      if (states !== undefined) conditions.push(state(states.not, states.values));
      if (Object.keys(rest).length > 0) conditions.push(plain({ kind, ...rest }));
      return;
    }
    case 'AddrtypeMatch':
      addAddressType(match, conditions);
      return;
    case 'StatisticMatch':
      if (match.mode !== 'random') conditions.push(plain(match));
      else {
        const text = `${bang(match.not)}--probability ${match.probability.toFixed(9)}`;
        conditions.push({ kind: 'probability', not: match.not, probability: match.probability, text });
      }
      return;
    case 'UnknownMatch':
      conditions.push(other('unknown', false, `"${match.text}"`));
      return;
    case 'HashlimitMatch': {
      // A listing does not show the name of the bucket.
      const { name: _hidden, ...shown } = match;
      conditions.push(plain(shown));
      return;
    }
    default:
      conditions.push(plain(match));
  }
}

function addPorts(kind: 'source-port' | 'destination-port', option: string, ports: AstPorts, conditions: Condition[]): void {
  const low = portNumber(ports.low);
  const high = portNumber(ports.high);
  const text = `${bang(ports.not)}${option} ${portText(low, high)}`;
  if (typeof low === 'number' && typeof high === 'number') {
    conditions.push({ kind, not: ports.not, ranges: [[low, high]], text });
  } else conditions.push(other('port', ports.not, text));
}

function addMultiport(match: Extract<Match, { kind: 'MultiportMatch' }>, conditions: Condition[]): void {
  const option = { source: '--sports', destination: '--dports', either: '--ports' }[match.direction];
  const kind = ({ source: 'source-port', destination: 'destination-port', either: 'either-port' } as const)[match.direction];
  const ports = match.ports.map(({ low, high }) => ({ low: portNumber(low), high: portNumber(high) }));
  const listed = ports.map(({ low, high }) => portText(low, high)).sort();
  const text = `${bang(match.not)}${option} ${listed.join(',')}`;
  const ranges: PortRange[] = [];
  for (const { low, high } of ports) {
    if (typeof low !== 'number' || typeof high !== 'number') {
      conditions.push(other('multiport', match.not, text));
      return;
    }
    ranges.push([low, high]);
  }
  conditions.push({ kind, not: match.not, ranges, text });
}

function addSet(match: Extract<Match, { kind: 'SetMatch' }>, conditions: Condition[]): void {
  const { kind: _set, not, set, directions, ...rest } = match;
  const text = `${bang(not)}--match-set ${set} ${directions.join(',')}`;
  conditions.push({ kind: 'set', not, set, dimensions: directions, text });
  if (Object.keys(rest).length > 0) conditions.push(plain(match));
}

function addAddressType(match: Extract<Match, { kind: 'AddrtypeMatch' }>, conditions: Condition[]): void {
  if (match.limitInterface !== undefined) {
    conditions.push(plain(match));
    return;
  }
  for (const side of ['source', 'destination'] as const) {
    const asked = match[side];
    if (asked === undefined) continue;
    const text = `${bang(asked.not)}--${side === 'source' ? 'src' : 'dst'}-type ${[...asked.types].sort().join(',')}`;
    const local = asked.types.length === 1 && asked.types[0] === 'LOCAL';
    conditions.push(local ? { kind: `${side}-local`, not: asked.not, text } : other('addrtype', asked.not, text));
  }
}

function state(not: boolean, states: readonly string[]): Condition {
  const sorted = [...states].sort();
  return { kind: 'state', not, states: sorted, text: `${bang(not)}--ctstate ${sorted.join(',')}` };
}

/** A condition that is compared and never decided, in the words of a save form. */
function plain(match: Match): Condition {
  const condition = {
    kind: 'other',
    not: false,
    match: match.kind.replace(/Match$/, '').toLowerCase(),
    text: printIptablesMatch(match),
  } as const;
  return match.kind === 'RecentMatch' && match.seconds !== undefined ? { ...condition, seconds: match.seconds } : condition;
}

function other(match: string, not: boolean, text: string): Condition {
  return { kind: 'other', not, match, text };
}

function ruleTarget(target: Target | undefined, goto: boolean): RuleTarget {
  if (target === undefined) return { kind: 'none', text: '' };
  switch (target.kind) {
    case 'ChainTarget':
      return { kind: 'jump', chain: target.name, goto, text: `${goto ? '-g' : '-j'} ${target.name}` };
    case 'VerdictTarget':
      return { kind: 'verdict', name: target.name, text: `-j ${target.name}` };
    case 'RejectTarget':
      return { kind: 'verdict', name: 'REJECT', text: `-j REJECT --reject-with ${target.with}` };
    case 'DnatTarget': {
      const to = natRangeText(target.to);
      const address = addressNumber(target.to.address ?? '');
      return {
        kind: 'dnat',
        to,
        ...(address === undefined ? {} : { address }),
        ...firstPort(target.to.ports),
        text: `-j DNAT --to-destination ${to}${attributes(target)}`,
      };
    }
    case 'RedirectTarget': {
      const to = target.ports === undefined ? 'this node' : `this node:${natPortText(target.ports.low, target.ports.high)}`;
      return { kind: 'dnat', to, ...firstPort(target.ports), toNode: true, text: `-j REDIRECT ${to}${attributes(target)}` };
    }
    case 'MasqueradeTarget': {
      const ports = target.ports === undefined ? '' : ` --to-ports ${natPortText(target.ports.low, target.ports.high)}`;
      return { kind: 'snat', name: 'MASQUERADE', to: `MASQUERADE${ports}`, text: `-j MASQUERADE${ports}${attributes(target)}` };
    }
    case 'SnatTarget': {
      const to = `SNAT --to-source ${natRangeText(target.to)}`;
      return { kind: 'snat', name: 'SNAT', to, text: `-j ${to}${attributes(target)}` };
    }
    case 'MarkTarget':
      return {
        kind: 'mark',
        andMask: ~target.mask >>> 0,
        xorValue: target.value,
        text: `-j MARK --set-xmark ${hexadecimal(target.value)}/${hexadecimal(target.mask)}`,
      };
    case 'UnknownTarget':
      return { kind: 'other', name: target.name, continues: false, text: `-j ${target.name} ${target.text}`.trim() };
    default:
      return { kind: 'other', name: target.name, continues: true, text: printIptablesTarget(target) };
  }
}

function attributes(target: { readonly random?: true; readonly randomFully?: true; readonly persistent?: true }): string {
  return `${target.random === true ? ' --random' : ''}${target.randomFully === true ? ' --random-fully' : ''}${target.persistent === true ? ' --persistent' : ''}`;
}

function natRangeText(range: {
  readonly address?: string;
  readonly addressEnd?: string;
  readonly ports?: { readonly low: number | string; readonly high: number | string };
  readonly basePort?: number;
}): string {
  const address = range.address ?? '';
  const shown = range.ports !== undefined && address.includes(':') ? `[${address}]` : address;
  const end = range.addressEnd === undefined ? '' : `-${range.addressEnd}`;
  const ports = range.ports === undefined ? '' : `:${natPortText(range.ports.low, range.ports.high)}`;
  return `${shown}${end}${ports}${range.basePort === undefined ? '' : `/${range.basePort}`}`;
}

function firstPort(ports: { readonly low: number | string } | undefined): { readonly port?: number } {
  const port = ports === undefined ? undefined : portNumber(ports.low);
  return typeof port === 'number' ? { port } : {};
}

function portNumber(port: number | string): number | string {
  return typeof port === 'number' ? port : (portOfName(port) ?? port);
}

/** Where ports are translated a range has a dash: `8080-8089`. */
function natPortText(low: number | string, high: number | string): string {
  return low === high ? String(low) : `${low}-${high}`;
}

function portText(low: number | string, high: number | string): string {
  return low === high ? String(low) : `${low}:${high}`;
}

function hexadecimal(value: number): string {
  return `0x${value.toString(16)}`;
}

function bang(not: boolean): string {
  return not ? '! ' : '';
}
