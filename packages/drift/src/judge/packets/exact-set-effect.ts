import { once } from '../../common/once.ts';
import { openSpace } from '../../packets/space/sets/open-space.ts';
import { packetsAskedFor, withSets } from '../../packets/space/set-taken-back.ts';
import type { Space } from '../../packets/space/space.ts';
import type { IpSetEntry, SetTable } from '../../state/model.ts';
import type { Comparison, EffectOnPackets } from '../comparison.ts';
import { effectOf, mirroredEffect, mirroredSides } from './exact-effect.ts';
import type { RuleEntries } from './exact-points.ts';

/** One set that differs between the snapshots. */
export interface SetQuestion {
  readonly before: IpSetEntry;
  readonly after: IpSetEntry;
}

/** Says what a difference of a set does to all packets; what it needs is made when something is asked first. */
export interface SetEngine {
  /** Members that came or went. */
  readonly ofMembers: (members: ReadonlySet<string>) => EffectOnPackets;
  /** Everything about the set. */
  readonly ofAll: () => EffectOnPackets;
}

/**
 * What the difference of a set does to packets: the world after with the set as it was is compared with the world after. Where nothing
 * differs, for another change does the same, the world before with the set as it is now is compared with the world before. `rules`: those
 * that ask for it.
 */
export function setEngine(question: SetQuestion, rules: RuleEntries, comparison: Comparison): SetEngine {
  const families = (['ipv4', 'ipv6'] as const).filter((family) => isOfFamily(question, family));
  const directions = families.flatMap((family) => [
    { family, isBack: false, alone: once(() => setAlone(question, comparison, family)) },
    { family, isBack: true, alone: once(() => setAlone(mirrored(question), mirroredSides(comparison), family)) },
  ]);
  const names = askedNames(question.after.name, comparison);
  const ask = (asked: SetTable | undefined): EffectOnPackets => {
    let left: EffectOnPackets = { kind: 'equal' };
    for (const { family, isBack, alone } of directions) {
      const sides = isBack ? mirroredSides(comparison) : comparison;
      const space = alone();
      const { boxes, parts } = packetsAskedFor(space, names, asked);
      if (boxes.length === 0) continue;
      if (parts > MAX_PARTS) return TOO_MANY;
      const effect = effectOf({ space: sides.space(family), alone: space, boxes, rules }, sides);
      if (effect.kind === 'different') return isBack ? mirroredEffect(effect) : effect;
      if (effect.kind === 'undecided') left = effect;
    }
    return left;
  };
  return {
    ofMembers: (members) => ask(tableOf(question, comparison, members)),
    ofAll: () => ask(undefined),
  };
}

/** Parts of a set that are asked about together: a question takes longer the more they are. */
const MAX_PARTS = 1000;
const TOO_MANY: EffectOnPackets = { kind: 'undecided', reason: 'too many members changed' };

/** Whether packets of a family are asked for in a set: one of unknown family, or a list, may be of either. */
function isOfFamily({ before, after }: SetQuestion, family: 'ipv4' | 'ipv6'): boolean {
  return [before, after].some((set) => set.family === undefined || (set.family === 'inet6') === (family === 'ipv6'));
}

function mirrored({ before, after }: SetQuestion): SetQuestion {
  return { before: after, after: before };
}

/** The world after with the set as it was, against the world after. */
function setAlone({ before }: SetQuestion, comparison: Comparison, family: 'ipv4' | 'ipv6'): Space {
  const { world } = comparison.after.flowTables(family).tracer;
  const { sets = NO_SETS } = comparison.after.model;
  const asItWas = { ...sets, sets: new Map(sets.sets).set(before.name, before) };
  return openSpace(withSets(world, asItWas, askedNames(before.name, comparison)), world);
}

const NO_SETS: SetTable = { sets: new Map(), complete: true, origins: [] };

/** A set by its name, and the lists that have it as a member: rules may ask for either. */
export function askedNames(name: string, { before, after }: Pick<Comparison, 'before' | 'after'>): Set<string> {
  const names = new Set([name]);
  for (const { model } of [before, after])
    for (const set of model.sets?.sets.values() ?? []) if (set.type === 'list:set' && set.members?.has(name) === true) names.add(set.name);
  return names;
}

/** The set with some of its members alone, and the lists that have it. */
function tableOf({ before, after: set }: SetQuestion, sides: Comparison, asked: ReadonlySet<string>): SetTable {
  const members = new Map([before, set].flatMap((one) => [...(one.members ?? [])].filter(([member]) => asked.has(member))));
  const lists = [...askedNames(set.name, sides)].flatMap((name) =>
    name === set.name ? [] : [sides.after.model.sets?.sets.get(name) ?? sides.before.model.sets?.sets.get(name)],
  );
  const sets = new Map([{ ...set, members }, ...lists.filter((list) => list !== undefined)].map((one) => [one.name, one]));
  return { sets, complete: false, origins: [] };
}
