import { SOME_NODE_ADDRESS } from '../kubernetes/node-world.ts';
import { addressFamily, addressNumber, inRange } from '../model/address-range.ts';
import type { AddressRange, Condition } from '../model/condition.ts';
import type { RuleEntry, RuleTable } from '../model/model.ts';
import type { Packet } from '../packets/packet.ts';
import { compareFlows, type FlowDifference, meetsRule } from './flow-differences.ts';
import type { Judgement } from './judgement.ts';
import type { Sender } from './probes.ts';
import { walkCost } from './walk-cost.ts';

/** Destinations to try where a rule does not name one: somewhere outside (RFC 5737, RFC 3849), and the node itself. */
const DESTINATIONS = {
  ipv4: ['203.0.113.9', SOME_NODE_ADDRESS.ipv4].map((text) => addressNumber(text) as bigint),
  ipv6: ['2001:db8:fffe::9', SOME_NODE_ADDRESS.ipv6].map((text) => addressNumber(text) as bigint),
} as const;
const PORT = 443;
const TCP = 6;

/** What came of trying packets. */
export interface Probes {
  /** Packets that meet the rule on one side and are treated differently. */
  readonly found: readonly FlowDifference[];
  readonly tried: number;
  /** No packet was tried: all the changed rules together would take too long. */
  readonly tooLong?: true;
}

/**
 * Packets made to meet one rule, led through both snapshots.
 *
 * Where the rule stands for another one or another one for it, they ask for what that one does not. A rule may be met by packets that none
 * of these stands for, so finding nothing proves nothing.
 */
export function probeRule(judgement: Judgement, { name: table, family }: RuleTable, rule: RuleEntry, other?: RuleEntry): Probes {
  const found: FlowDifference[] = [];
  let tried = 0;
  const cost = walkCost(judgement) * judgement.flows.senders.length * 2;
  if (judgement.budget.rules < cost) return { found, tried, tooLong: true };
  judgement.budget.rules -= cost;
  for (const sender of judgement.flows.senders) {
    if (addressFamily(sender.address) !== family) continue;
    for (const destination of destinationsFor(rule, other, family)) {
      const packet = packetFor(rule, other, sender, destination);
      if (packet === undefined) continue;
      tried++;
      const difference = compareFlows(judgement.before, judgement.after, packet, sender);
      if (difference !== undefined && (meetsRule(difference.before, table, rule) || meetsRule(difference.after, table, rule))) found.push(difference);
    }
  }
  return { found, tried };
}

function destinationsFor(rule: RuleEntry, other: RuleEntry | undefined, family: RuleTable['family']): readonly bigint[] {
  const asked = rule.conditions.find((condition) => condition.kind === 'destination');
  if (asked?.kind === 'destination' && !asked.not && asked.range !== undefined) return [insideOf(asked.range, rangeOf(other, 'destination'))];
  return DESTINATIONS[family];
}

function rangeOf(rule: RuleEntry | undefined, kind: 'source' | 'destination'): AddressRange | undefined {
  const asked = rule?.conditions.find((condition) => condition.kind === kind && !condition.not);
  return asked?.kind === kind ? asked.range : undefined;
}

/** An address of the range, one that the other rule does not ask for where there is one. */
function insideOf(range: AddressRange, other: AddressRange | undefined): bigint {
  const [usual, far] = range.high - range.low > 8n ? [range.low + 9n, range.high - 1n] : [range.low, range.high];
  return other !== undefined && inRange(other, usual) && !inRange(other, far) ? far : usual;
}

function packetFor(rule: RuleEntry, other: RuleEntry | undefined, sender: Sender, destination: bigint): Packet | undefined {
  let source = sender.address;
  let protocolNumber = TCP;
  let sourcePort = 40_000;
  let destinationPort = PORT;
  for (const condition of rule.conditions) {
    if (condition.not) continue;
    if (condition.kind === 'source' && condition.range !== undefined && !inRange(condition.range, source)) {
      if (sender.kind === 'pod') return undefined;
      source = insideOf(condition.range, rangeOf(other, 'source'));
    }
    if (condition.kind === 'protocol') protocolNumber = condition.number;
    if (condition.kind === 'source-port') sourcePort = portFor(condition, other);
    if (condition.kind === 'destination-port' || condition.kind === 'either-port') destinationPort = portFor(condition, other);
  }
  const protocol = PROTOCOLS.get(protocolNumber);
  return protocol === undefined ? undefined : { protocol, protocolNumber, source, sourcePort, destination, destinationPort };
}

type PortCondition = Extract<Condition, { kind: 'source-port' | 'destination-port' | 'either-port' }>;

/** A port that the condition asks for, one that the other rule does not where there is one. */
function portFor({ kind, ranges }: PortCondition, other: RuleEntry | undefined): number {
  const rival = other?.conditions.find((condition): condition is PortCondition => condition.kind === kind && !condition.not);
  const ports = ranges.flat();
  return ports.find((port) => rival?.ranges.some(([low, high]) => low <= port && port <= high) !== true) ?? ports[0] ?? PORT;
}

const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'icmpv6'],
  [132, 'sctp'],
]);
