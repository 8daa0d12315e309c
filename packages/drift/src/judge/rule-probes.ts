import { addressNumber } from '../model/address-range.ts';
import type { Condition } from '../model/condition.ts';
import type { RuleEntry } from '../model/model.ts';
import type { Packet } from '../packets/packet.ts';
import { compareFlows, type FlowDifference, metBy } from './flow-differences.ts';
import type { Judgement } from './judgement.ts';
import type { Sender } from './probes.ts';
import { SOME_NODE_ADDRESS } from './side.ts';
import { walkCost } from './walk-cost.ts';

/** Destinations to try where a rule does not name one: somewhere outside (RFC 5737), and the node itself. */
const DESTINATIONS = ['203.0.113.9', SOME_NODE_ADDRESS].map((text) => addressNumber(text) as bigint);
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
 * A rule may be met by packets that none of these stands for, so finding nothing proves nothing.
 */
export function probeRule(judgement: Judgement, table: string, rule: RuleEntry): Probes {
  const found: FlowDifference[] = [];
  let tried = 0;
  const cost = walkCost(judgement) * judgement.flows.senders.length * 2;
  if (judgement.budget.rules < cost) return { found, tried, tooLong: true };
  judgement.budget.rules -= cost;
  for (const sender of judgement.flows.senders) {
    for (const destination of destinationsFor(rule)) {
      const packet = packetFor(rule, sender, destination);
      if (packet === undefined) continue;
      tried++;
      const difference = compareFlows(judgement.before, judgement.after, packet, sender);
      if (difference !== undefined && meets(difference, table, rule)) found.push(difference);
    }
  }
  return { found, tried };
}

function meets({ before, after }: FlowDifference, table: string, rule: RuleEntry): boolean {
  return [...metBy(before), ...metBy(after)].some((met) => met.table === table && met.rule !== undefined && met.rule.key === rule.key);
}

function destinationsFor(rule: RuleEntry): bigint[] {
  const asked = rule.conditions.find((condition) => condition.kind === 'destination');
  if (asked?.kind === 'destination' && !asked.not && asked.range !== undefined) return [insideOf(asked.range)];
  return DESTINATIONS;
}

function insideOf(range: { readonly low: bigint; readonly high: bigint }): bigint {
  return range.high - range.low > 8n ? range.low + 9n : range.low;
}

function packetFor(rule: RuleEntry, sender: Sender, destination: bigint): Packet | undefined {
  let source = sender.address;
  let protocolNumber = TCP;
  let sourcePort = 40_000;
  let destinationPort = PORT;
  for (const condition of rule.conditions) {
    if (condition.not) continue;
    if (condition.kind === 'source' && condition.range !== undefined && !(condition.range.low <= source && source <= condition.range.high)) {
      if (sender.kind === 'pod') return undefined;
      source = insideOf(condition.range);
    }
    if (condition.kind === 'protocol') protocolNumber = condition.number;
    if (condition.kind === 'source-port') sourcePort = firstPort(condition);
    if (condition.kind === 'destination-port' || condition.kind === 'either-port') destinationPort = firstPort(condition);
  }
  const protocol = PROTOCOLS.get(protocolNumber);
  return protocol === undefined ? undefined : { protocol, protocolNumber, source, sourcePort, destination, destinationPort };
}

function firstPort(condition: Extract<Condition, { kind: 'source-port' | 'destination-port' | 'either-port' }>): number {
  return condition.ranges[0]?.[0] ?? PORT;
}

const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [132, 'sctp'],
]);
