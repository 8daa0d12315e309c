import { holds } from '../../world/intervals.ts';
import { isLocal, isLoopback } from '../../world/local-addresses.ts';
import { addressOf, toAddress } from '../../world/values.ts';
import { addressFamily, addressNumber, addressText } from '../../state/address-range.ts';
import { SOME_NODE_ADDRESS } from '../../proxy/facts/node-world.ts';
import { OUTSIDE_ADDRESS } from '../../proxy/facts/pod-addresses.ts';
import { SOURCE_PORT } from '../../proxy/senders.ts';
import type { RuleEntry } from '../../state/model.ts';
import type { FoundRegion } from '../../packets/space/walk/explore.ts';
import { fatesOf, type Point, pointOf, type Preferences } from '../../packets/space/point.ts';
import { PLACE } from '../../packets/space/sets/box.ts';
import type { Intervals, Value } from '../../world/field.ts';
import { single } from '../../packets/space/sets/intervals.ts';
import type { Space } from '../../packets/space/space.ts';
import type { Undecided } from '../../packets/space/vocabulary.ts';
import { type Flow, flowSignature, type Supposition } from '../../packets/flow.ts';
import type { Comparison } from '../comparison.ts';
import { narrowing, sourcesOf } from '../rules/set-words.ts';
import { EVERY_SENDER } from '../words.ts';
import { interfaceText, NO_INTERFACE } from '../../packets/space/vocabulary.ts';
import { arrivalOf, besideNodePort, flowBetween } from './exact-flows.ts';
import { type FlowDifference, isRefusal } from './flow-differences.ts';
import { isAt, neighboursAt, routingsOf, type Sender } from './probes.ts';

/** Regions that are led through both sides with a packet of each sender: of those that come in, and of the node's own. */
const MAX_REGIONS = 24;

/** Those to and from loopback and multicast come late, and of one sender alone last: most are of an endpoint that meets itself. */
export function someOf(regions: readonly FoundRegion[]): FoundRegion[] {
  const rank = (region: FoundRegion): number =>
    (isOfOneSender(region) ? 2 : 0) + ([PLACE.source, PLACE.destination].some((place) => isOddPlace(region.set.box.fields[place])) ? 1 : 0);
  const sorted = regions.toSorted((one, other) => rank(one) - rank(other));
  return (['prerouting', 'output'] as const).flatMap((entry) => sorted.filter((region) => region.entry === entry).slice(0, MAX_REGIONS));
}

function isOfOneSender({ set }: FoundRegion): boolean {
  return single(set.box.fields[PLACE.source]) !== undefined;
}

/** Loopback, multicast, what is reserved and addresses of no machine: few clients send there, and from there. */
const ODD_PLACES = [
  ['0.0.0.0', '0.255.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['224.0.0.0', '255.255.255.255'],
  ['::', '::ffff:ffff:ffff'],
  ['ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
].map((ends) => ends.map(toAddress) as [Value, Value]);

function isOddPlace(destination: Intervals | undefined): boolean {
  if (destination === undefined) return false;
  const [low, high] = [destination[0], destination.at(-1)];
  return low !== undefined && high !== undefined && isOdd(low, high);
}

function isOdd(low: Value, high: Value): boolean {
  return ODD_PLACES.some(([from, to]) => typeof from === typeof low && low >= from && high <= to);
}

function isOddAddress(number: bigint): boolean {
  const address = toAddress(addressText(number));
  return address !== undefined && isOdd(address, address);
}

/** Whether some regions leave out an address and port that others of them all are to. */
export function leaveOut(some: readonly FoundRegion[], all: readonly FoundRegion[]): boolean {
  const destinations = new Set(some.map(destinationOf));
  return all.some((region) => {
    const destination = destinationOf(region);
    return destination !== undefined && !destinations.has(destination);
  });
}

function destinationOf({ set: { box } }: FoundRegion): string | undefined {
  const [address, port] = [single(box.fields[PLACE.destination]), single(box.fields[PLACE.destinationPort])];
  return address === undefined || port === undefined ? undefined : `${String(address)} ${String(port)}`;
}

export type RuleEntries = readonly (RuleEntry | undefined)[];

/** A packet of each sender that a region has a packet of. */
export function flowsOf(
  regions: readonly FoundRegion[],
  rules: RuleEntries,
  space: Space,
  comparison: Comparison,
  alone?: Space,
): FlowDifference[] {
  const all: { readonly flow: FlowDifference; readonly hangsOnWayOut: boolean }[] = [];
  for (const region of regions) {
    const asksForWayOut = asksFor(region, space);
    const narrowed = narrowing(region, rules, space);
    const sources = sourcesOf(region, space) ?? EVERY_SENDER;
    const isOfOne = isOfOneSender(region);
    for (const { point, sender } of pointsOf(region, space, comparison)) {
      for (const flow of flowAt(point, sender, region, space, comparison)) {
        if (alone !== undefined && !isItsWork(flow, flowAt(point, sender, region, alone, comparison)[0])) continue;
        all.push({
          flow: {
            ...flow,
            region,
            sources,
            ...withNotBy(flow, notArrivingBy(point, sender, region, space, comparison)),
            ...(isOfOne ? { ofOneSender: true as const } : {}),
            ...(narrowed.length === 0 ? {} : { narrowed }),
          },
          hangsOnWayOut: asksForWayOut && [flow.before, flow.after].some(isStopped),
        });
      }
    }
  }
  // A translated packet that only the way out, which nobody shows, keeps from its endpoint is told as it gets there.
  const arriving = all.filter(({ hangsOnWayOut }) => !hangsOnWayOut);
  const told = (arriving.length > 0 ? arriving : all).map(({ flow }) => flow);
  const beginning = told.filter(({ state }) => state === undefined);
  const flows = beginning.length > 0 ? beginning : told;
  const senders = new Set<unknown>(comparison.flows.senders);
  // Of a service, what its usual clients see is told; an endpoint that meets itself there is not one of them.
  const usual = new Set(
    flows.filter(({ sender, frontend }) => frontend !== undefined && senders.has(sender)).map(({ frontend }) => frontend?.key),
  );
  const clients = flows.filter(({ sender, frontend }) => frontend === undefined || senders.has(sender) || !usual.has(frontend.key));
  const rank = (flow: FlowDifference): number =>
    flow.onlyIf.length * 8 + (flow.state === undefined ? 0 : 4) + (senders.has(flow.sender) ? 0 : 2) + (isUsual(flow) ? 0 : 1);
  return clients.sort((one, other) => rank(one) - rank(other));
}

/**
 * What goes to a loopback address from any other one is told where nothing else is, and so is what the node sends from an address that
 * another one has, or to a node port of IPVS where it does not answer.
 */
export function ordinary(flows: readonly FlowDifference[], space: Space, comparison: Comparison): readonly FlowDifference[] {
  const found = flows.filter(({ packet: { source, destination } }) => !isOddAddress(destination) || isOddAddress(source));
  const some = found.length > 0 ? found : flows;
  const sent = some.filter((flow) => !isForged(flow, space) && !besideNodePort(flow.packet, space, comparison));
  return sent.length > 0 ? sent : some;
}

function flowAt(point: Point, sender: Sender, region: FoundRegion, space: Space, comparison: Comparison): FlowDifference[] {
  const fates = fatesOf(point, space);
  const flow =
    fates && flowBetween(point, fates, sender, region.sample.unseen, space, comparison, asksFor(region, space) ? wayOut(point, space) : []);
  return flow === undefined ? [] : [flow];
}

/** The node sends hardly anything from an address that another one has. */
function isForged({ sender, packet }: FlowDifference, { sides }: Space): boolean {
  const source = toAddress(addressText(packet.source)) as Value;
  return sender.kind === 'node' && sides.every(({ world }) => isLocal(world.addresses, source) === false);
}

/** The interfaces that a region leaves out, and by which its packet is treated as before. */
function notArrivingBy(point: Point, sender: Sender, region: FoundRegion, space: Space, comparison: Comparison): string[] {
  const { interfaces } = space.vocabulary;
  const values = region.set.box.fields[PLACE.in];
  if (values === undefined || region.entry === 'output' || Number(point.values.in) !== interfaces.length - 1) return [];
  const routings = routingsOf(space.vocabulary.family, comparison.before, comparison.after);
  return interfaces.flatMap((name, number) => {
    const isNamed = number !== NO_INTERFACE && name !== 'lo';
    if (!isNamed || holds(values, number) || !isAt(sender, name, routings)) return [];
    const fields = point.box.fields.map((field, place) => (place === PLACE.in ? [number, number] : field));
    const there = { ...point, values: { ...point.values, in: number }, box: { ...point.box, fields } };
    return flowAt(there, sender, region, space, comparison).length === 0 ? [interfaceText(name)] : [];
  });
}

function withNotBy({ suppositions }: FlowDifference, names: readonly string[]): Partial<FlowDifference> {
  const taken = names.map((name): Supposition => ({
    condition: `-i ${name}`,
    asks: { kind: 'interface', side: 'in', name },
    holds: false,
  }));
  return names.length === 0 ? {} : { notBy: names, suppositions: [...suppositions, ...taken] };
}

/** Whether the change alone does to a packet what all of them do together. */
function isItsWork(flow: FlowDifference, byItself: FlowDifference | undefined): boolean {
  return (
    byItself !== undefined &&
    flowSignature(flow.before) === flowSignature(byItself.before) &&
    flowSignature(flow.after) === flowSignature(byItself.after)
  );
}

/** Whether a region holds packets that leave by certain interfaces alone. */
function asksFor({ entry, set }: FoundRegion, { entries, vocabulary }: Space): boolean {
  const out = set.box.fields[PLACE.out];
  if (set.box.unseen.some(({ number }) => vocabulary.conditions[number]?.some(isWayOut))) return true;
  return out !== undefined && (entries.get(entry) ?? []).every(({ fields }) => fields[PLACE.out]?.join() !== out.join());
}

function isWayOut({ asks }: Undecided): boolean {
  return asks?.kind === 'translated' && asks.what === 'way out';
}

/** By which interface a packet leaves is known to the routing table alone. */
function wayOut({ values }: Point, { vocabulary: { interfaces } }: Space): Supposition[] {
  const found = interfaces[Number(values.out)];
  if (found === undefined || Number(values.out) === interfaces.length - 1) return [];
  const name = interfaceText(found);
  return [{ condition: `-o ${name}`, asks: { kind: 'interface', side: 'out', name }, holds: true }];
}

/** Translated, and then kept from its endpoint by a rule. */
function isStopped(flow: Flow): boolean {
  return isRefusal(flow) && flow.path.some(({ rule }) => rule?.target.kind === 'dnat');
}

/** A packet that a reader would think of. */
function isUsual({ packet, frontend }: FlowDifference): boolean {
  if (frontend !== undefined) return true;
  return ![packet.source, packet.destination].some(isOddAddress);
}

/** The hook at which packets enter. */
export const HOOKS = { prerouting: 'PREROUTING', output: 'OUTPUT' } as const;

/** Packets of a region: one of each sender that has some, else one of another sender. */
export function pointsOf(region: FoundRegion, space: Space, comparison: Comparison): { point: Point; sender: Sender }[] {
  const { family } = space.vocabulary;
  const found: { point: Point; sender: Sender }[] = [];
  const senders = comparison.flows.senders.filter(({ hook, address }) => hook === HOOKS[region.entry] && addressFamily(address) === family);
  const routings = routingsOf(family, comparison.before, comparison.after);
  for (const sender of senders) {
    const source = toAddress(addressText(sender.address)) as Value;
    const point = pointOf(region.entry, region.set, preferences(space, [source]), space);
    if (point !== undefined && point.values.source === source && isAt(sender, arrivalOf(point, space), routings))
      found.push({ point, sender });
  }
  if (found.length > 0) return found;
  const point = pointOf(region.entry, region.set, preferences(space, []), space);
  if (point === undefined) return [];
  const arrival = arrivalOf(point, space);
  const sender = senderAt(point, space);
  if (arrival === undefined || isAt(sender, arrival, routings)) return [{ point, sender }];
  // Nobody who is asked for comes by it: somebody to whom the node answers by it does.
  const other = pointOf(region.entry, region.set, preferences(space, neighboursAt(arrival, routings)), space);
  const neighbour = other === undefined ? undefined : senderAt(other, space);
  return other !== undefined && neighbour !== undefined && isAt(neighbour, arrivalOf(other, space), routings)
    ? [{ point: other, sender: neighbour }]
    : [{ point, sender }];
}

/** Who sends from an address that no sender stands for. */
function senderAt(point: Point, space: Space): Sender {
  const { entry, values } = point;
  const address = addressNumberOf(values.source);
  if (entry === 'output') return { kind: 'node', address, hook: 'OUTPUT' };
  const pod: Sender = { kind: 'pod', address, hook: 'PREROUTING' };
  const isPod = space.sides.some(({ world }) => holds(world.addresses.pods, values.source)) && isAt(pod, arrivalOf(point, space), []);
  return isPod ? pod : { ...pod, kind: 'outside' };
}

function addressNumberOf(value: Value): bigint {
  return addressNumber(addressOf(value)) as bigint;
}

/**
 * The addresses of a node of which all are known; undefined where they are not, or where it does not matter which one a packet is to: IPVS
 * has virtual services at each of them.
 */
function knownNode(sides: Space['sides']): Value[] | undefined {
  if (sides.every(({ world }) => world.ipvs === undefined) || !sides.every(({ world }) => world.addresses.whole)) return undefined;
  const standIns = Object.values(SOME_NODE_ADDRESS).map(toAddress);
  return [...sides[1].world.addresses.local].filter((address) => !standIns.includes(address) && !isLoopback(address));
}

/** A first packet as they are: TCP to a port in use, from a port that clients take; addresses for documentation stand for others. */
function preferences({ vocabulary: { family, interfaces }, sides }: Space, sources: readonly Value[]): Preferences {
  const addresses = (...texts: readonly string[]): Value[] => texts.map((text) => toAddress(text) as Value);
  return {
    state: [0, 2],
    protocol: [6, 17, 1, 58],
    source: [...sources, ...addresses(OUTSIDE_ADDRESS[family])],
    destination: [
      ...addresses(family === 'ipv4' ? '203.0.113.9' : '2001:db8:fffe::9'),
      ...(knownNode(sides) ?? addresses(SOME_NODE_ADDRESS[family])),
    ],
    sourcePort: [SOURCE_PORT],
    destinationPort: [80, 443],
    icmpType: [8 * 256, 128 * 256],
    tcpFlags: [2],
    in: [interfaces.length - 1],
    out: [interfaces.length - 1],
  };
}
