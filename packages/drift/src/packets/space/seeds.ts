import type { LookupEntry } from '../../world/lookup.ts';
import { type AlignedChain, alignedChains } from './aligned-rules.ts';
import { type Box, boxKey, EVERYTHING, PLACE, withField } from './sets/box.ts';
import { entryBox, knownAddresses, printable } from './walk/decisions.ts';
import { subtract } from './sets/intervals.ts';
import type { Program } from './program.ts';
import type { Space } from './space.ts';
import { everyStage } from './walk/stages.ts';
import type { BothWays } from './ways.ts';

/** A rule of one side, by its chain and place. */
export interface RulePlace {
  readonly side: 0 | 1;
  readonly program: Program;
  readonly rule: number;
}

/** What differs between the sides, and the packets that can notice. */
export interface Seed {
  readonly of: SeedCause;
  readonly boxes: readonly Box[];
}

/** What differs. */
export type SeedCause =
  | { readonly kind: 'rule'; readonly places: readonly RulePlace[] }
  | { readonly kind: 'policy'; readonly program: Program }
  | { readonly kind: 'set'; readonly name: string }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'addresses' };

/** The packets that can notice a rule: those that can come to it, or met it before. */
export function seedOfRules(places: readonly RulePlace[], ways: BothWays): Seed {
  return { of: { kind: 'rule', places }, boxes: places.flatMap(({ side, program, rule }) => ways[side].toRule(program, rule)) };
}

/**
 * Everything that differs. Only packets that one of these boxes holds can be treated differently: without what differs both sides are
 * equal.
 */
export function seedsOf(space: Space, ways: BothWays): Seed[] {
  const chains = alignedChains(space.sides);
  return [
    ...chains.flatMap((chain) => ruleSeeds(chain, ways)),
    ...loneBaseChains(space, ways),
    ...seedsOfPolicies(space, ways),
    ...setSeeds(space, ways),
    ...serviceSeeds(space, ways),
    ...addressSeeds(space, ways),
  ];
}

function ruleSeeds({ programs, alignment }: AlignedChain, ways: BothWays): Seed[] {
  const [before, after] = programs;
  const on = (side: 0 | 1, rule: number): RulePlace => ({ side, program: side === 0 ? before : after, rule });
  return [
    ...alignment.removed.map((rule) => seedOfRules([on(0, rule)], ways)),
    ...alignment.added.map((rule) => seedOfRules([on(1, rule)], ways)),
    ...alignment.moved.map(([from, to]) => seedOfRules([on(0, from), on(1, to)], ways)),
  ];
}

/** A base chain that one side alone has. */
function loneBaseChains({ stages, sides }: Space, ways: BothWays): Seed[] {
  return everyStage(stages).flatMap(({ programs }) => {
    const lone = programs[0] === undefined ? 1 : programs[1] === undefined ? 0 : undefined;
    const program = lone === undefined ? undefined : programs[lone];
    if (lone === undefined || program?.chain === undefined || sides[lone].programs.get(program.table) === undefined) return [];
    return program.rules.map((_, rule) => seedOfRules([{ side: lone, program, rule }], ways));
  });
}

/** Policies that differ: everything that can come to their chains. */
export function seedsOfPolicies({ stages }: Space, ways: BothWays): Seed[] {
  return everyStage(stages).flatMap((stage) => {
    const [before, after] = stage.programs;
    const policies = [before, after].map((program) => (program === undefined ? 'accept' : (program.policy ?? 'accept')));
    const program = after ?? before;
    if (policies[0] === policies[1] || program?.chain === undefined) return [];
    return [{ of: { kind: 'policy', program }, boxes: [...ways[0].toStage(stage, EVERYTHING), ...ways[1].toStage(stage, EVERYTHING)] }];
  });
}

/** Sets whose members differ: where a rule asks for one of these members. */
function setSeeds({ sides, vocabulary }: Space, ways: BothWays): Seed[] {
  const found = new Map<string, Box[]>();
  const [one, other] = [sides[0].lookups(), sides[1].lookups()];
  for (const [side, lookups] of [one, other].entries()) {
    const rivals = side === 0 ? other : one;
    for (const [key, { of, rules }] of lookups) {
      const rival = rivals.get(key)?.of;
      if (rival === undefined || (of.content !== undefined && of.content === rival.content)) continue;
      const rest = new Set(rival.entries.map(entryKey));
      const differing =
        of.partial === rival.partial && of.missing === rival.missing && of.otherwise === rival.otherwise
          ? of.entries.filter((entry) => !rest.has(entryKey(entry))).flatMap((entry) => entryBox(of, entry, vocabulary) ?? [])
          : [EVERYTHING];
      const boxes = rules.flatMap(({ program, rule }) =>
        differing.flatMap((box) => ways[side as 0 | 1].toRule(program, rule, { ...EVERYTHING, fields: box.fields })),
      );
      found.set(of.name, [...(found.get(of.name) ?? []), ...boxes]);
    }
  }
  return [...found].filter(([, boxes]) => boxes.length > 0).map(([name, boxes]) => ({ of: { kind: 'set', name }, boxes }));
}

function entryKey({ bounds, interface: side, value }: LookupEntry<boolean>): string {
  return `${bounds.join()} ${side === undefined ? '' : `${side.name}${side.prefix}`} ${value}`;
}

/** Virtual services that differ: what they take, or with a mark everything. */
function serviceSeeds({ stages, sides }: Space, ways: BothWays): Seed[] {
  const keys = sides.map(({ world }) => world.ipvs);
  if ((keys[0] === undefined) !== (keys[1] === undefined)) return [];
  const found: Seed[] = [];
  for (const stage of everyStage(stages)) {
    const [before, after] = stage.programs;
    if (before?.name !== 'ipvs' || after?.name !== 'ipvs') continue;
    const text = (program: Program): Map<string, Box> =>
      new Map(program.steps.map((step) => [`${boxKey(step.box)} ${JSON.stringify(step.verdict, printable)}`, step.box]));
    const [one, other] = [text(before), text(after)];
    const differing = [...one].filter(([key]) => !other.has(key)).concat([...other].filter(([key]) => !one.has(key)));
    for (const [name, box] of differing) {
      const asked = box.mark.mask === 0 ? box : EVERYTHING;
      found.push({ of: { kind: 'service', name }, boxes: [...ways[0].toStage(stage, asked), ...ways[1].toStage(stage, asked)] });
    }
  }
  return found;
}

/** Addresses that are the node's on one side only, as source and as destination, at every stage. */
function addressSeeds({ sides, stages, vocabulary: { family, full } }: Space, ways: BothWays): Seed[] {
  const [one, other] = sides.map(({ world }) => ({ ...knownAddresses(world.addresses, family), whole: world.addresses.whole }));
  if (one === undefined || other === undefined) return [];
  const differing = [
    ...subtract(one.here, other.here),
    ...subtract(other.here, one.here),
    ...subtract(one.elsewhere, other.elsewhere),
    ...subtract(other.elsewhere, one.elsewhere),
  ];
  const values = one.whole === other.whole ? differing : (full[PLACE.destination] ?? []);
  const boxes: Box[] = [];
  for (let at = 0; at < values.length; at += 2) {
    const range = values.slice(at, at + 2);
    for (const place of [PLACE.source, PLACE.destination]) {
      const box = withField(EVERYTHING, place, range);
      if (box === undefined) continue;
      boxes.push(box);
      for (const stage of everyStage(stages))
        if (stage.programs.some((program) => program?.name === 'route'))
          boxes.push(...ways[0].toStage(stage, box), ...ways[1].toStage(stage, box));
    }
  }
  return boxes.length === 0 ? [] : [{ of: { kind: 'addresses' }, boxes }];
}
