import { type Match, printIptablesMatch } from '@netdrift/iptables';
import type { Condition, PortRange } from './condition.ts';
import { bang, hexadecimal, other, portNumber, portText } from './rule-words.ts';

type AstPorts = { readonly not: boolean; readonly low: number | string; readonly high: number | string };

/** Adds what a match asks, one condition for each part of it that can be asked alone. */
export function addMatch(match: Match, conditions: Condition[]): void {
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
  if (match.kind !== 'RecentMatch') return condition;
  const { name, seconds } = match;
  return { ...condition, ...(seconds === undefined ? {} : { seconds }), list: { name, asked: printIptablesMatch({ ...match, name: '' }) } };
}
