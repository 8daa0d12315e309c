import { holds } from '../world/intervals.ts';
import { addressOf, toAddress } from '../world/values.ts';
import { addressFamily, addressNumber, addressText } from '../model/address-range.ts';
import { SOME_NODE_ADDRESS } from '../kubernetes/node-world.ts';
import type { ChainDifference, TableDifference } from '../compare/difference.ts';
import type { RuleEntry } from '../model/model.ts';
import { changeAlone, type RuleChange } from '../packets/space/counterfactual.ts';
import type { FoundRegion } from '../packets/space/explore.ts';
import { type Fates, fatesOf, type Point, pointOf, type Preferences } from '../packets/space/point.ts';
import { type Box, PLACE, withField } from '../packets/space/box.ts';
import { type Intervals, STATES, type Value } from '../world/field.ts';
import { single } from '../packets/space/intervals.ts';
import { answerTo, trailsOf } from '../packets/space/compare-worlds.ts';
import type { HopTrail } from '../packets/space/continuation.ts';
import type { Program } from '../packets/space/program.ts';
import { bothWays, type RulePlace, seedOfRules, seedsOfPolicies } from '../packets/space/seeds.ts';
import type { Space } from '../packets/space/space.ts';
import { flowBetween } from './exact-flows.ts';
import { type Flow, flowSignature, type Supposition } from '../packets/flow.ts';
import { type FlowDifference, isRefusal } from './flow-differences.ts';
import type { Judgement } from './judgement.ts';
import type { EffectOnPackets, RuleQuestion } from './packet-engine.ts';
import type { Sender } from './probes.ts';
import { narrowing, sourcesOf } from './set-words.ts';
import { EVERY_SENDER } from './words.ts';

/** Regions that are led through both sides with a packet of each sender: of those that come in, and of the node's own. */
const MAX_REGIONS = 24;

/** Those of one sender alone come last: most are of an endpoint that meets itself. */
function someOf(regions: readonly FoundRegion[]): FoundRegion[] {
  const isOfOne = ({ set }: FoundRegion): number => (single(set.box.fields[PLACE.source]) === undefined ? 0 : 1);
  const sorted = regions.toSorted((one, other) => isOfOne(one) - isOfOne(other));
  return (['prerouting', 'output'] as const).flatMap((entry) => sorted.filter((region) => region.entry === entry).slice(0, MAX_REGIONS));
}

/**
 * Says what the change of a rule does to all packets: the world after with this change taken back is compared with the world after. Where nothing
 * differs no packet can tell; where something does, packets of it are led through both snapshots.
 */
export function exactEffect(question: RuleQuestion, judgement: Judgement): EffectOnPackets {
  const space = judgement.space(question.table.after.family);
  const alone = changeAlone(space, changeOf(question));
  if (alone === undefined) return notListed(question.chain);
  const places = [...alone.before.rules.map((rule) => ({ side: 0 as const, program: alone.before.program, rule })), ...alone.after.rules.map((rule) => ({ side: 1 as const, program: alone.after.program, rule }))];
  const seed = seedOfRules(places, bothWays(alone.space));
  return effectOf({ space, alone: alone.space, boxes: seed.boxes, rules: [question.before, question.after] }, judgement, () => (isMet(places, seed.boxes, alone.space) ? unreadMark(question, space) : undefined));
}

/** Says what a changed policy does to all packets. */
export function exactPolicyEffect(table: TableDifference, chain: ChainDifference, judgement: Judgement): EffectOnPackets {
  const space = judgement.space(table.after.family);
  const policy = chain.before.policy === 'DROP' ? 'drop' : 'accept';
  const alone = changeAlone(space, { table: table.after.name, chainBefore: chain.before.name, chainAfter: chain.after.name, gone: [], come: [], policy });
  if (alone === undefined) return notListed(chain);
  const boxes = seedsOfPolicies(alone.space, bothWays(alone.space)).flatMap((seed) => seed.boxes);
  return effectOf({ space, alone: alone.space, boxes, rules: [] }, judgement);
}

function notListed({ after }: ChainDifference): EffectOnPackets {
  return { kind: 'undecided', reason: `chain ${after.name} is not listed on both sides` };
}

/** A change by itself: the packets that can notice it, and the rules that it is about. */
interface Alone {
  readonly space: Space;
  readonly alone: Space;
  readonly boxes: readonly Box[];
  readonly rules: RuleEntries;
}

const NEW: Intervals = [STATES.indexOf('NEW'), STATES.indexOf('NEW')];

function effectOf({ space, alone, boxes, rules }: Alone, judgement: Judgement, unseen: () => EffectOnPackets | undefined = () => undefined): EffectOnPackets {
  // Packets that begin a connection come first: where many differ, they are told.
  const answer = answerTo({ boxes: [...boxes.flatMap((box) => withField(box, PLACE.state, NEW) ?? []), ...boxes] }, alone);
  if (answer.kind === 'undecided') return { kind: 'undecided', reason: 'the rules divide the packets that match it too often' };
  if (answer.kind === 'equal') return unseen() ?? { kind: 'equal' };
  const regions = answer.regions.filter(({ net }) => net.every(({ outcome }) => outcome.end !== 'unknown'));
  if (regions.length === 0) return { kind: 'undecided', reason: notModelled(answer.regions) };
  const told = regions.filter(isMoreThanEffects);
  if (told.length === 0) return { kind: 'undecided', reason: effectsOf(regions) };
  const flows = flowsOf(someOf(told), rules, space, judgement, alone);
  if (flows.length > 0) return { kind: 'different', flows };
  const opaque = told.flatMap((region) => pointsOf(region, space, judgement).slice(0, 1).flatMap(({ point }) => unknownIn(fatesOf(point, space))));
  if (opaque.length > 0) return { kind: 'undecided', reason: notModelled(opaque) };
  const jointly = answerTo({ boxes }, space);
  if (jointly.kind === 'equal') return { kind: 'equal' };
  const more = jointly.kind === 'different' ? flowsOf(someOf(jointly.regions), rules, space, judgement) : [];
  return more.length > 0 ? { kind: 'different', flows: more } : { kind: 'undecided', reason: 'other changes decide about the same packets' };
}

function changeOf({ table, chain, before, after, copies }: RuleQuestion): RuleChange {
  const places = (rules: readonly (RuleEntry | undefined)[]): number[] => rules.flatMap((rule) => (rule === undefined ? [] : [rule.number - 1]));
  return {
    table: table.after.name,
    chainBefore: chain.before.name,
    chainAfter: chain.after.name,
    gone: places(copies?.before ?? [before]),
    come: places(copies?.after ?? [after]),
    ...(table.interfacesIgnored ? { withoutInterfaces: true } : {}),
  };
}

/** A mark that no rule asks for may still be asked for by routing. */
function unreadMark({ table, before, after }: RuleQuestion, space: Space): EffectOnPackets | undefined {
  if (table.after.name !== 'mangle') return undefined;
  const bits = [before, after].reduce((all, rule) => all | changedBits(rule), 0) >>> 0;
  const left = (bits & ~readBits(space)) >>> 0;
  if (left === 0) return undefined;
  return { kind: 'undecided', reason: `no rule reads the mark 0x${left.toString(16)}, and whether routing does (ip rule) was not given` };
}

function changedBits(rule: RuleEntry | undefined): number {
  if (rule?.target.kind !== 'mark') return 0;
  return (rule.target.xorValue === 0 ? ~rule.target.andMask : rule.target.xorValue) >>> 0;
}

function readBits({ sides }: Space): number {
  let bits = 0;
  for (const { world } of sides) {
    for (const { chains } of world.rules.tables.values()) {
      for (const { rules } of chains.values()) for (const { body } of rules) for (const part of body) if (part.kind === 'mark' && 'mask' in part) bits |= part.mask;
    }
  }
  return bits;
}

/** Whether a packet meets one of the rules at all. */
function isMet(places: readonly RulePlace[], boxes: readonly Box[], space: Space): boolean {
  return ([0, 1] as const).some((side) => {
    const own = places.filter((place) => place.side === side);
    if (own.length === 0) return false;
    const trails = trailsOf(boxes, space, side);
    return trails === 'open' || trails.some((trail) => own.some(({ program, rule }) => meets(trail, program, rule)));
  });
}

function meets(trail: HopTrail | undefined, program: Program, rule: number): boolean {
  for (let hop = trail; hop !== undefined; hop = hop.before) if (hop.program === program && hop.rule === rule) return true;
  return false;
}

function unknownIn(fates: Fates | undefined): Pick<FoundRegion, 'net'>[] {
  return fates === undefined ? [] : [fates.before, fates.after].filter((net) => net.some(({ outcome }) => outcome.end === 'unknown')).map((net) => ({ net }));
}

function notModelled(regions: readonly Pick<FoundRegion, 'net'>[]): string {
  const targets = new Set(regions.flatMap(({ net }) => net.flatMap(({ outcome }) => (outcome.end === 'unknown' ? [outcome.text ?? ''] : []))));
  return `what becomes of packets behind ${[...targets].sort().join(' and ')} is not modelled`;
}

/** Whether more differs than what is done to packets on the way. */
function isMoreThanEffects({ net }: FoundRegion): boolean {
  const sums = new Map<string, number>();
  for (const { weight, outcome } of net) {
    const key = `${outcome.end} ${outcome.text ?? ''} ${outcome.to?.text ?? ''} ${outcome.source ?? ''}`;
    sums.set(key, (sums.get(key) ?? 0) + weight);
  }
  return [...sums.values()].some((sum) => Math.abs(sum) > 1e-6);
}

function effectsOf(regions: readonly FoundRegion[]): string {
  const lines = regions.flatMap(({ net }) => net.map(({ outcome }) => outcome.effects.split('\n').filter(Boolean)));
  const always = lines.reduce((one, other) => one.filter((line) => other.includes(line)), lines[0] ?? []);
  const effects = new Set(lines.flat().filter((line) => !always.includes(line)));
  return `what ${[...effects].sort().join(' and ') || 'the order of the targets'} does to a packet is not modelled`;
}

type RuleEntries = readonly (RuleEntry | undefined)[];

/** A packet of each sender that a region has a packet of. */
function flowsOf(regions: readonly FoundRegion[], rules: RuleEntries, space: Space, judgement: Judgement, alone?: Space): FlowDifference[] {
  const all: { readonly flow: FlowDifference; readonly hangsOnWayOut: boolean }[] = [];
  for (const region of regions) {
    const asksForWayOut = asksFor(region, space);
    const narrowed = narrowing(region, rules, space);
    const sources = sourcesOf(region, space) ?? EVERY_SENDER;
    for (const { point, sender } of pointsOf(region, space, judgement)) {
      for (const flow of flowAt(point, sender, region, space, judgement)) {
        if (alone !== undefined && !isItsWork(flow, flowAt(point, sender, region, alone, judgement)[0])) continue;
        all.push({ flow: { ...flow, sources, ...(narrowed.length === 0 ? {} : { narrowed }) }, hangsOnWayOut: asksForWayOut && [flow.before, flow.after].some(isStopped) });
      }
    }
  }
  // A translated packet that only the way out, which nobody shows, keeps from its endpoint is told as it gets there.
  const arriving = all.filter(({ hangsOnWayOut }) => !hangsOnWayOut);
  const told = (arriving.length > 0 ? arriving : all).map(({ flow }) => flow);
  const beginning = told.filter(({ state }) => state === undefined);
  const flows = beginning.length > 0 ? beginning : told;
  const senders = new Set<unknown>(judgement.flows.senders);
  // Of a service, what its usual clients see is told; an endpoint that meets itself there is not one of them.
  const usual = new Set(flows.filter(({ sender, frontend }) => frontend !== undefined && senders.has(sender)).map(({ frontend }) => frontend?.key));
  const clients = flows.filter(({ sender, frontend }) => frontend === undefined || senders.has(sender) || !usual.has(frontend.key));
  const rank = (flow: FlowDifference): number => flow.onlyIf.length * 8 + (flow.state === undefined ? 0 : 4) + (senders.has(flow.sender) ? 0 : 2) + (isUsual(flow) ? 0 : 1);
  return clients.sort((one, other) => rank(one) - rank(other));
}

function flowAt(point: Point, sender: Sender, region: FoundRegion, space: Space, judgement: Judgement): FlowDifference[] {
  const fates = fatesOf(point, space);
  const flow = fates && flowBetween(point, fates, sender, region.sample.literals, space, judgement, asksFor(region, space) ? wayOut(point, space) : []);
  return flow === undefined ? [] : [flow];
}

/** Whether the change alone does to a packet what all of them do together. */
function isItsWork(flow: FlowDifference, byItself: FlowDifference | undefined): boolean {
  return byItself !== undefined && flowSignature(flow.before) === flowSignature(byItself.before) && flowSignature(flow.after) === flowSignature(byItself.after);
}

/** Whether a region holds packets that leave by certain interfaces alone. */
function asksFor({ entry, set }: FoundRegion, { entries, vocabulary }: Space): boolean {
  const out = set.box.fields[PLACE.out];
  if (set.box.literals.some((literal) => vocabulary.conditions[literal >> 1]?.text.startsWith('it leaves by') === true)) return true;
  return out !== undefined && (entries.get(entry) ?? []).every(({ fields }) => fields[PLACE.out]?.join() !== out.join());
}

/** By which interface a packet leaves is known to the routing table alone. */
function wayOut({ values }: Point, { vocabulary: { interfaces } }: Space): Supposition[] {
  const name = interfaces[Number(values.out)];
  return name === undefined || Number(values.out) === interfaces.length - 1 ? [] : [{ condition: `-o ${name.replace(/\*$/, '+')}`, holds: true }];
}

/** Translated, and then kept from its endpoint by a rule. */
function isStopped(flow: Flow): boolean {
  return isRefusal(flow) && flow.path.some(({ rule }) => rule?.target.kind === 'dnat');
}

/** A packet that a reader would think of: no multicast, and from no loopback address. */
function isUsual({ packet, frontend }: FlowDifference): boolean {
  const [source, destination] = [addressText(packet.source), addressText(packet.destination)];
  const odd = (text: string): boolean => /^(?:22[4-9]|23\d|127|0)\.|^ff|^::/.test(text);
  return frontend !== undefined || (!odd(source) && !odd(destination));
}

const HOOKS = { prerouting: 'PREROUTING', output: 'OUTPUT' } as const;

function pointsOf(region: FoundRegion, space: Space, judgement: Judgement): { point: Point; sender: Sender }[] {
  const { family } = space.vocabulary;
  const found: { point: Point; sender: Sender }[] = [];
  const senders = judgement.flows.senders.filter(({ hook, address }) => hook === HOOKS[region.entry] && addressFamily(address) === family);
  for (const sender of senders) {
    const source = toAddress(addressText(sender.address)) as Value;
    const point = pointOf(region.entry, region.set, preferences(space, [source]), space);
    if (point !== undefined && point.values.source === source) found.push({ point, sender });
  }
  if (found.length > 0) return found;
  const point = pointOf(region.entry, region.set, preferences(space, []), space);
  return point === undefined ? [] : [{ point, sender: senderAt(point, space) }];
}

/** Who sends from an address that no sender stands for. */
function senderAt({ entry, values }: Point, { sides }: Space): Sender {
  const address = addressNumberOf(values.source);
  if (entry === 'output') return { kind: 'node', address, hook: 'OUTPUT' };
  return { kind: sides.some(({ world }) => holds(world.addresses.pods, values.source)) ? 'pod' : 'outside', address, hook: 'PREROUTING' };
}

function addressNumberOf(value: Value): bigint {
  return addressNumber(addressOf(value)) as bigint;
}

/** A first packet as they are: TCP to a port in use, from a port that clients take; addresses for documentation stand for others. */
function preferences({ vocabulary: { family, interfaces } }: Space, sources: readonly Value[]): Preferences {
  const addresses = (...texts: readonly string[]): Value[] => texts.map((text) => toAddress(text) as Value);
  return {
    state: [0, 2],
    protocol: [6, 17, 1, 58],
    source: [...sources, ...addresses(family === 'ipv4' ? '198.51.100.7' : '2001:db8:ffff::7')],
    destination: addresses(...(family === 'ipv4' ? ['203.0.113.9', SOME_NODE_ADDRESS.ipv4] : ['2001:db8:fffe::9', SOME_NODE_ADDRESS.ipv6])),
    sourcePort: [40_000],
    destinationPort: [80, 443],
    icmpType: [8 * 256, 128 * 256],
    tcpFlags: [2],
    in: [interfaces.length - 1],
    out: [interfaces.length - 1],
  };
}
