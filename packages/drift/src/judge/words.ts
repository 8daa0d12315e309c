import { endpointText } from '../state/ipvs-table.ts';
import type { Condition } from '../state/condition.ts';
import type { RuleEntry } from '../state/model.ts';
import type { Frontend } from '../services/frontends.ts';
import type { Flow } from '../packets/flow.ts';
import type { Met } from '../packets/flow-tables.ts';
import type { FlowEndpoint } from '../packets/flow-ways.ts';
import type { Packet } from '../packets/packet.ts';
import { hasPorts, placeText, witnessOutcome, witnessPacket } from '../services/witness.ts';
import type { Detail, Witness } from '../report.ts';
import { counted, listed } from '../common/listed.ts';
import type { FlowDifference } from './packets/flow-differences.ts';
import type { SenderKind } from './packets/probes.ts';

export { counted, listed };

/** `once`, `twice`, `3 times`. */
export function times(count: number): string {
  if (count === 1) return 'once';
  return count === 2 ? 'twice' : `${count} times`;
}

/** `33 %`, `0.5 %`. */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0) return '0 %';
  if (value >= 1) return `${Math.round(value)} %`;
  return `${value.toPrecision(1)} %`;
}

/** `10.244.0.2:53 and 10.244.0.3:53 (50 % each)`. */
export function endpointsText(shares: readonly FlowEndpoint[]): string {
  const [first] = shares;
  if (first === undefined) return 'no endpoint';
  const even = shares.every(({ share, masqueraded }) => Math.abs(share - first.share) < 1e-4 && masqueraded === first.masqueraded);
  if (shares.length === 1) return first.share > 0.9999 ? first.address : `${first.address} (${percent(first.share)})`;
  if (even) return `${listed(shares.map(({ address }) => address))} (${percent(first.share)} each)`;
  return listed(
    shares.map(({ address, share, masqueraded }) => `${address} (${percent(share)}${masqueraded === true ? ', masqueraded' : ''})`),
  );
}

const SENDERS: { readonly [Kind in SenderKind]: string } = {
  pod: 'pods',
  outside: 'outside',
  node: 'this node itself',
  endpoint: 'an endpoint of the service',
};

/** What {@link FlowDifference.sources} says where a difference is one for every sender of a kind. */
export const EVERY_SENDER = 'every sender';

/**
 * `pods, from outside and from this node itself`: who a difference holds for, to be read after "from". Packets to no service are told with
 * their sources.
 */
export function sendersText(differences: readonly FlowDifference[]): string {
  const kinds = (['pod', 'outside', 'node', 'endpoint'] as const).filter((kind) =>
    differences.some((difference) => difference.sender.kind === kind),
  );
  // Of services, packets to none say nothing, nor does an endpoint that meets itself of others.
  const hasNamed = differences.some(({ frontend }) => frontend !== undefined);
  const told = differences.filter(({ frontend }) => !hasNamed || frontend !== undefined);
  const ofMany = told.filter(({ ofOneSender }) => ofOneSender !== true);
  const [first = '', ...others] = kinds.map((kind) => {
    const own = [ofMany, told].map((list) => list.filter(({ sender }) => sender.kind === kind)).find(({ length }) => length > 0) ?? [];
    const sources = new Set(
      own.flatMap((one) => (one.sources === undefined ? [] : [one.frontend === undefined ? EVERY_SENDER : one.sources])),
    );
    const [only = EVERY_SENDER] = sources;
    if ((kind !== 'pod' && kind !== 'outside') || sources.size === 0 || sources.has(EVERY_SENDER)) return SENDERS[kind];
    return sources.size === 1 ? `${SENDERS[kind]} (${only})` : `some ${kind === 'pod' ? 'pods' : 'addresses outside'}`;
  });
  // Packets to no service are told with their rule.
  const arrival = differences.every(({ frontend }) => frontend !== undefined) ? arrivalText(differences) : '';
  return `${listed([first, ...others.map((name) => `from ${name}`)])}${arrival}`;
}

/** ` that arrive by docker0`, where all have to by one of three at most; nothing where one may by an interface that no rule names. */
export function arrivalText(differences: readonly FlowDifference[]): string {
  const interfaces = [...new Set(differences.map(({ arrivesBy }) => arrivesBy))];
  const known = interfaces.filter((name) => name !== undefined);
  if (known.length === 0) return notArriving(differences.filter(({ sender }) => sender.hook === 'PREROUTING'));
  return known.length === 0 || known.length > 3 || known.length < interfaces.length ? '' : ` that arrive by ${known.join(' or ')}`;
}

/** ` that do not arrive by eth0`, where none may. */
function notArriving(differences: readonly FlowDifference[]): string {
  const [first = [], ...others] = differences.map(({ notBy = [] }) => notBy);
  const names = first.filter((name) => others.every((list) => list.includes(name)));
  return names.length === 0 || names.length > 3 ? '' : ` that do not arrive by ${names.join(' or ')}`;
}

/** ` from outside`: of whom a difference is told; nothing where pods, the node and clients outside were asked and it holds for each. */
export function fromSenders(differences: readonly FlowDifference[]): string {
  const kinds = new Set(differences.map(({ sender }) => sender.kind));
  const isOfAll = (['pod', 'outside', 'node'] as const).every((kind) => kinds.has(kind));
  return isOfAll ? arrivalText(differences) : ` from ${sendersText(differences)}`;
}

/** What flows are of: new connections, or packets of those that are there. */
export function flowsText({ packet, state }: FlowDifference): string {
  return state === undefined ? newConnections(packet.protocol) : `packets in state ${state}`;
}

/** What a new connection is called: a UDP one is no connection, and a firewall mark (no protocol) may stand for any. */
export function newConnections(protocol: string): string {
  if (protocol === '') return 'new flows';
  return protocol === 'tcp' ? 'new connections' : `new ${protocol === 'icmpv6' ? 'ICMPv6' : protocol.toUpperCase()} flows`;
}

const PURPOSE: { readonly [Kind in SenderKind]: string } = { pod: 'pod', outside: 'outside', node: 'this node', endpoint: 'endpoint' };

/** `udp 10.244.3.9:40000 → 10.96.0.10:53 (pod → cluster IP, arriving by cni0)`. */
function packetText({ packet, sender, frontend, state, arrivesBy, notBy }: FlowDifference): string {
  const place = (address: bigint, port: number): string => (hasPorts(packet) ? endpointText(placeText(address), port) : placeText(address));
  return `${packet.protocol} ${place(packet.source, packet.sourcePort)} → ${place(packet.destination, packet.destinationPort)} (${PURPOSE[sender.kind]} → ${receiverText(packet, frontend)}${arrivesBy === undefined ? (notBy === undefined ? '' : `, not arriving by ${notBy.join(' or ')}`) : `, arriving by ${arrivesBy}`}${state === undefined ? '' : `, in state ${state}`})`;
}

function receiverText({ destination }: Packet, frontend: Frontend | undefined): string {
  if (frontend !== undefined) return frontend.purpose ?? 'service';
  return placeText(destination) === 'this node' ? 'this node' : 'elsewhere';
}

/** The rules a packet met in the tables where that matters, and what became of it. */
function flowText(flow: Flow, tables: readonly string[]): string {
  const { verdict, decidedBy } = flow;
  const decider = (verdict === 'dropped' || verdict === 'refused') && decidedBy !== 'ipvs' ? decidedBy : undefined;
  const steps = flow.path
    .filter((met) => met.number > 0 && (tables.includes(met.table) || met === decider))
    .map((met) => `${['nat', 'filter'].includes(met.table) ? '' : `${met.table} `}${met.chain}#${met.number}`);
  if (decider?.number === 0) steps.push(`policy of ${decider.chain}`);
  const path = steps.length === 0 ? 'no rule' : steps.join(' → ');
  return `${path}: ${outcomeText(flow)}`;
}

/** `to 10.0.0.1:80, masqueraded`, `refused (icmp-port-unreachable)`, `to 10.0.0.1:80 (50 %), source address kept; 50 % dropped`. */
export function outcomeText(flow: Flow): string {
  const rest = (flow.rest ?? []).map(
    ({ verdict, share }) => `; ${percent(share)} ${verdict === 'passed' ? 'keep their original destination' : verdict}`,
  );
  return `${mainOutcome(flow)}${rest.join('')}`;
}

function mainOutcome(flow: Flow): string {
  const differs = flow.endpoints.some(({ masqueraded }) => masqueraded !== undefined);
  const source = flow.masqueraded === undefined || differs ? '' : flow.masqueraded ? ', masqueraded' : ', source address kept';
  switch (flow.verdict) {
    case 'delivered':
      return `to ${flow.oneEach === true ? `one of ${listed(flow.endpoints.map(({ address }) => address))} by the address of the client` : endpointsText(flow.endpoints)}${source}`;
    case 'passed':
      return `destination kept${source}`;
    case 'refused':
      return flow.decidedBy === 'ipvs' ? 'refused, no destination takes it' : `refused${rejectWith(flow.decidedBy)}`;
    case 'dropped':
      return 'dropped';
    case 'unknown':
      return `unknown: ${flow.reason ?? 'a rule is not modelled'}`;
  }
}

/** ` (icmp-port-unreachable)` of the rule that refuses, or nothing. */
export function rejectWith(met: Met | 'ipvs' | undefined): string {
  const target = met === undefined || met === 'ipvs' ? undefined : met.rule?.parsed.target;
  return target?.kind === 'RejectTarget' ? ` (${target.with})` : '';
}

/** A rule by place and content, as `KUBE-SERVICES#3 (--dst-type LOCAL -j KUBE-NODE-PORT)`. */
export function ruleText(chain: string, rule: RuleEntry): string {
  return `${chain}#${rule.number} (${ruleWords(rule)})`;
}

/** A rule as it would be written, its conditions in their order. */
export function ruleWords(rule: RuleEntry): string {
  const words = [...rule.conditions.map(({ text }) => text), rule.target.text].filter((word) => word !== '');
  return words.length === 0 ? 'no condition, no target' : words.join(' ');
}

/** `packet`, `before` and `after` of a difference, told by the tables that decide it. */
export function witnessDetails(difference: FlowDifference, tables: readonly string[]): Detail[] {
  return [
    { label: 'packet', text: packetText(difference) },
    { label: 'before', text: flowText(difference.before, tables) },
    { label: 'after', text: flowText(difference.after, tables) },
  ];
}

/** The difference as proof for programs, which know first packets of connections alone. */
export function provenBy(difference: FlowDifference | undefined): { readonly witness?: Witness } {
  return difference === undefined || difference.state !== undefined ? {} : { witness: witnessOf(difference) };
}

/** The difference as proof for programs. */
export function witnessOf(difference: FlowDifference): Witness {
  const { packet, sender, arrivesBy } = difference;
  return {
    packet: witnessPacket(packet, sender.hook, sender.kind, arrivesBy),
    before: witnessOutcome(difference.before),
    after: witnessOutcome(difference.after),
    ...(difference.suppositions.length === 0
      ? {}
      : { suppositions: difference.suppositions.map(({ condition, holds }) => ({ condition, holds })) }),
  };
}

/** Which packets meet a rule, to be read after "packets": `from 10.244.0.0/16 to addresses outside 10.244.0.0/16`. */
export function packetsOf(rule: RuleEntry): string {
  const words = rule.conditions.map(conditionWords);
  return words.length === 0 ? 'of any kind' : words.join(' ');
}

function conditionWords(condition: Condition): string {
  const not = condition.not;
  switch (condition.kind) {
    case 'protocol':
      return `${not ? 'of another protocol than' : 'of'} ${condition.name}`;
    case 'source':
      return not ? `from outside ${condition.block}` : `from ${condition.block}`;
    case 'destination':
      return not ? `to addresses outside ${condition.block}` : `to ${condition.block}`;
    case 'in':
      return `${not ? 'not ' : ''}arriving at ${condition.name}`;
    case 'out':
      return `${not ? 'not ' : ''}leaving by ${condition.name}`;
    case 'source-port':
      return `${not ? 'not ' : ''}from port ${portsText(condition.ranges)}`;
    case 'destination-port':
      return `${not ? 'not ' : ''}to port ${portsText(condition.ranges)}`;
    case 'either-port':
      return `${not ? 'not ' : ''}from or to port ${portsText(condition.ranges)}`;
    case 'set':
      return `${not ? 'not ' : ''}in set ${condition.set} (${condition.dimensions.join(',')})`;
    case 'mark':
      return `${not ? 'without' : 'with'} mark 0x${condition.value.toString(16)}/0x${condition.mask.toString(16)}`;
    case 'state':
      return `${not ? 'not ' : ''}in state ${condition.states.join(' or ')}`;
    case 'source-local':
      return not ? 'from other machines' : 'from this node';
    case 'destination-local':
      return not ? 'to other machines' : 'to addresses of this node';
    case 'probability':
      return `by chance (${percent(condition.not ? 1 - condition.probability : condition.probability)})`;
    case 'other':
      return `that match ${condition.text}`;
  }
}

function portsText(ranges: readonly (readonly [number, number])[]): string {
  return listed(ranges.map(([low, high]) => (low === high ? String(low) : `${low}-${high}`)));
}
