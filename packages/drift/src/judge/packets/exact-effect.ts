import type { ChainDifference, TableDifference } from '../../differences/difference.ts';
import type { Change } from '../../report.ts';
import type { RuleEntry } from '../../state/model.ts';
import { changeAlone } from '../../packets/space/counterfactual.ts';
import type { RuleChange } from '../../packets/space/taken-back.ts';
import type { FoundRegion } from '../../packets/space/walk/explore.ts';
import { type Fates, fatesOf } from '../../packets/space/point.ts';
import { type Box, PLACE, withField, withoutField } from '../../packets/space/sets/box.ts';
import { type Intervals, STATES } from '../../world/field.ts';
import { type Answer, answerTo, bothAnswers, trailsOf } from '../../packets/space/compare-worlds.ts';
import type { HopTrail } from '../../packets/space/walk/continuation.ts';
import type { Program } from '../../packets/space/program.ts';
import { type RulePlace, seedOfRules, seedsOfPolicies } from '../../packets/space/seeds.ts';
import type { Space } from '../../packets/space/space.ts';
import type { Flow } from '../../packets/flow.ts';
import type { EffectOnPackets, Comparison, RuleQuestion } from '../comparison.ts';
import { type FlowDifference, meetsRule, metBy } from './flow-differences.ts';
import { flowsOf, leaveOut, ordinary, pointsOf, type RuleEntries, someOf } from './exact-points.ts';
import { isWorkOfOthers } from './source-alone.ts';
import { packetSetsOf } from './packet-sets.ts';

/**
 * Says what the change of a rule does to all packets: the world after with this change taken back is compared with the world after. Where
 * nothing differs no packet can tell; where something does, packets of it are led through both snapshots.
 */
export function exactEffect(question: RuleQuestion, comparison: Comparison): EffectOnPackets {
  const forth = effectAlone(question, comparison);
  if (forth.effect.kind === 'different') return forth.effect;
  // A chain that nothing leads to any more lets no packet notice: what its rules did is asked of the world before.
  if (
    forth.effect.kind === 'equal' &&
    forth.boxes.length > 0 &&
    answerTo({ boxes: forth.boxes }, comparison.space(question.table.after.family)).kind === 'equal'
  )
    return forth.effect;
  // Where another change does the same, taking this one back restores nothing: it is asked what it does to the world before.
  const { effect: back } = effectAlone(mirrored(question), mirroredSides(comparison));
  if (back.kind === 'different') return mirroredEffect(back);
  const effect = forth.effect.kind === 'undecided' ? forth.effect : back;
  return effect.kind === 'undecided' && matchesNothing(question, comparison) ? { kind: 'equal' } : effect;
}

/** Whether the rules before it take all packets of the rule, on each side that has it: what other changes do about them is theirs alone. */
function matchesNothing({ table, chain, before, after }: RuleQuestion, comparison: Comparison): boolean {
  const isDead = (side: 'before' | 'after', rule: RuleEntry | undefined): boolean =>
    rule === undefined || comparison[side].deadRules(table[side].family).has(`${table[side].name} ${chain[side].name} ${rule.number}`);
  return isDead('before', before) && isDead('after', after);
}

/**
 * Nothing is because of a rule that the packet does not meet. A jump to a chain where nothing happens is in no path, but the packet meets
 * it.
 */
function isMetBy(flow: FlowDifference, { table, chain, before, after }: RuleQuestion): boolean {
  if ([before, after].some((rule) => rule?.target.kind === 'jump')) return true;
  const at = (side: Flow, name: string, rule: RuleEntry | undefined): boolean =>
    metBy(side).some((met) => met.table === table.after.name && met.chain === name && met.number === rule?.number);
  if (at(flow.before, chain.before.name, before) || at(flow.after, chain.after.name, after)) return true;
  return meetsRule(flow.before, table.after.name, before ?? after) || meetsRule(flow.after, table.after.name, after ?? before);
}

/** The comparison in the other direction. */
export function mirroredSides(comparison: Comparison): Comparison {
  const { before, after, space, mirroredSpace } = comparison;
  return { ...comparison, before: after, after: before, space: mirroredSpace, mirroredSpace: space };
}

/** What was found in the other direction, as it is told in this one. */
export function mirroredEffect(effect: EffectOnPackets): EffectOnPackets {
  if (effect.kind !== 'different') return effect;
  return { ...effect, flows: effect.flows.map((flow) => ({ ...flow, before: flow.after, after: flow.before })) };
}

function mirrored({ table, chain, before, after, copies }: RuleQuestion): RuleQuestion {
  return {
    table: { ...table, before: table.after, after: table.before },
    chain: { ...chain, before: chain.after, after: chain.before },
    before: after,
    after: before,
    ...(copies === undefined ? {} : { copies: { before: copies.after, after: copies.before } }),
  };
}

/** What the change does to the world after, and the packets that can notice it. */
function effectAlone(question: RuleQuestion, comparison: Comparison): { readonly effect: EffectOnPackets; readonly boxes: readonly Box[] } {
  const space = comparison.space(question.table.after.family);
  const alone = changeAlone(space, changeOf(question));
  if (alone === undefined) return { effect: notListed(question.chain), boxes: [] };
  const places = [
    ...alone.before.rules.map((rule) => ({ side: 0 as const, program: alone.before.program, rule })),
    ...alone.after.rules.map((rule) => ({ side: 1 as const, program: alone.after.program, rule })),
  ];
  const { boxes } = seedOfRules(places, alone.space.ways());
  if (boxes.length === 0 && !showsHooks(question.table))
    return {
      effect: {
        kind: 'undecided',
        reason: `no chain that is listed leads to ${question.chain.after.name}, and not all chains of the table are`,
      },
      boxes,
    };
  const effect = effectOf(
    { space, alone: alone.space, boxes, rules: [question.before, question.after], isMine: (flow) => isMetBy(flow, question) },
    comparison,
    () => (isMet(places, boxes, alone.space) ? unreadMark(question, space) : undefined),
  );
  return { effect, boxes };
}

/** The chains in which the kernel enters each table. */
const ENTERED: Readonly<Record<string, readonly string[]>> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'OUTPUT', 'POSTROUTING'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  raw: ['PREROUTING', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** Whether both sides list every chain in which packets come into a table: what is not led to from there is never met. */
function showsHooks({ before, after }: TableDifference): boolean {
  return [before, after].every(({ name, chains }) => (ENTERED[name] ?? []).every((chain) => chains.has(chain)));
}

/** Says what a changed policy does to all packets. */
export function exactPolicyEffect(table: TableDifference, chain: ChainDifference, comparison: Comparison): EffectOnPackets {
  const space = comparison.space(table.after.family);
  const policy = chain.before.policy === 'DROP' ? 'drop' : 'accept';
  const alone = changeAlone(space, {
    table: table.after.name,
    chainBefore: chain.before.name,
    chainAfter: chain.after.name,
    gone: [],
    come: [],
    policy,
  });
  if (alone === undefined) return notListed(chain);
  const boxes = seedsOfPolicies(alone.space, alone.space.ways()).flatMap((seed) => seed.boxes);
  return effectOf({ space, alone: alone.space, boxes, rules: [], isMine: () => true }, comparison);
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
  /** Whether a packet meets what changed, and what all changes do to it may be told of this one; missing: what it does alone is told. */
  readonly isMine?: (flow: FlowDifference) => boolean;
}

const NEW: Intervals = [STATES.indexOf('NEW'), STATES.indexOf('NEW')];
const NOT_NEW: Intervals = [STATES.indexOf('NEW') + 1, STATES.length - 1];

/** What a change by itself does to packets; `unseen`: what to say where none of them is treated otherwise. */
export function effectOf(
  change: Alone,
  comparison: Comparison,
  unseen: () => EffectOnPackets | undefined = () => undefined,
): EffectOnPackets {
  const { space, alone, boxes, rules, isMine } = change;
  const isItsOwn = (flow: FlowDifference): boolean => isMine === undefined || isMine(flow) || isDivided(flow);
  // Packets that begin a connection come first: what they show is told, and only where they show nothing all others are asked.
  const beginning = boxes.flatMap((box) => withField(box, PLACE.state, NEW) ?? []);
  const first = answerTo({ boxes: beginning }, alone);
  if (first.kind === 'different') {
    const own = flowsFrom(first, change, comparison).filter(isItsOwn);
    if (own.length > 0) return { kind: 'different', flows: ordinary(own, space, comparison), packets: packetsIn(first, own, alone) };
  }
  const others = boxes.flatMap((box) => withField(box, PLACE.state, NOT_NEW) ?? []);
  const answer = bothAnswers(first, answerTo({ boxes: others }, alone));
  if (answer.kind === 'undecided') return { kind: 'undecided', reason: 'the rules divide the packets that match it too often' };
  if (answer.kind === 'equal') return unseen() ?? { kind: 'equal' };
  const regions = modelled(answer);
  if (regions.length === 0) return { kind: 'undecided', reason: notModelled(answer.regions) };
  const told = regions.filter(isMoreThanEffects);
  if (told.length === 0) return { kind: 'undecided', reason: effectsOf(regions) };
  const flows = flowsFrom(answer, change, comparison);
  const own = flows.filter(isItsOwn);
  if (own.length > 0) return { kind: 'different', flows: ordinary(own, space, comparison), packets: packetsIn(answer, own, alone) };
  // Rules before it take these packets in both snapshots.
  if (flows.length > 0) return { kind: 'equal' };
  const opaque = told.flatMap((region) =>
    pointsOf(region, space, comparison)
      .slice(0, 1)
      .flatMap(({ point }) => unknownIn(fatesOf(point, space))),
  );
  if (opaque.length > 0) return { kind: 'undecided', reason: notModelled(opaque) };
  // What it does to these packets another change may undo: whether the snapshots treat them alike is asked of them alone.
  const jointly = answerTo({ boxes: answer.more ? boxes : answer.regions.map(({ set }) => shownPart(set.box)) }, space);
  if (jointly.kind === 'equal') return { kind: 'equal' };
  const joint =
    jointly.kind === 'different' && isMine !== undefined
      ? flowsOf(someOf(jointly.regions), rules, space, comparison).filter((flow) => isMine(flow) && !isWorkOfOthers(flow, rules))
      : [];
  return joint.length > 0
    ? { kind: 'different', flows: joint }
    : { kind: 'undecided', reason: 'other changes decide about the same packets' };
}

/** A box and more: interfaces, and what nobody sees, have other numbers in another comparison. */
function shownPart(box: Box): Box {
  return { ...withoutField(withoutField(box, PLACE.in), PLACE.out), unseen: [] };
}

/** Of connections that are divided the way of one part alone is told: what the change does by itself to another part is its work too. */
function isDivided({ before, after }: FlowDifference): boolean {
  return [before, after].some(({ endpoints, rest }) => endpoints.length > 1 || rest !== undefined);
}

type Different = Extract<Answer, { readonly kind: 'different' }>;

function modelled({ regions }: Different): FoundRegion[] {
  return regions.filter(({ net }) => net.every(({ outcome }) => outcome.end !== 'unknown'));
}

/** The packets of an answer whose regions some flows stand for. */
function packetsIn(answer: Different, flows: readonly FlowDifference[], space: Space): Change['packets'] {
  const regions = [...new Set(flows.flatMap(({ region }) => region ?? []))];
  const { sets, all } = packetSetsOf(regions, space);
  return { sets, all: all && !answer.more && regions.length === answer.regions.length };
}

/** Packets that the change alone makes fare differently, led through both snapshots. */
function flowsFrom(answer: Different, { space, alone, rules }: Alone, comparison: Comparison): FlowDifference[] {
  const told = modelled(answer).filter(isMoreThanEffects);
  const some = someOf(told);
  const more = answer.more || leaveOut(some, told);
  return flowsOf(some, rules, space, comparison, alone).map((flow) => (more ? { ...flow, amongMore: true as const } : flow));
}

function changeOf({ table, chain, before, after, copies }: RuleQuestion): RuleChange {
  const places = (rules: readonly (RuleEntry | undefined)[]): number[] =>
    rules.flatMap((rule) => (rule === undefined ? [] : [rule.number - 1])).toSorted((one, other) => one - other);
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
      for (const { rules } of chains.values())
        for (const { body } of rules) for (const part of body) if (part.kind === 'mark' && 'mask' in part) bits |= part.mask;
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
  return fates === undefined
    ? []
    : [fates.before, fates.after].filter((net) => net.some(({ outcome }) => outcome.end === 'unknown')).map((net) => ({ net }));
}

function notModelled(regions: readonly Pick<FoundRegion, 'net'>[]): string {
  const targets = new Set(
    regions.flatMap(({ net }) => net.flatMap(({ outcome }) => (outcome.end === 'unknown' ? [outcome.text ?? ''] : []))),
  );
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

/** What one side does to packets of a region on their way, and the other does not. */
function effectsOf(regions: readonly FoundRegion[]): string {
  const effects = new Set(
    regions.flatMap(({ net }) => {
      const [before, after] = [1, -1].map(
        (sign) =>
          new Set(net.filter(({ weight }) => weight * sign > 0).flatMap(({ outcome }) => outcome.effects.split('\n').filter(Boolean))),
      ) as [Set<string>, Set<string>];
      return [...before, ...after].filter((line) => before.has(line) !== after.has(line));
    }),
  );
  return `what ${[...effects].sort().join(' and ') || 'the order of the targets'} does to a packet is not modelled`;
}
