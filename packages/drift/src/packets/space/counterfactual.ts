import { once } from '../../common/once.ts';
import { addContents, type Callee, contentBeside } from './sets/content.ts';
import { type Leading, leadingTo } from './leading-chains.ts';
import { type Chains, type Program, programOf } from './program.ts';
import { callersIn, type SidePrograms } from './side-programs.ts';
import type { Space } from './space.ts';
import { interfacesHidden, type PlacedRules, type RuleChange, takenBack } from './taken-back.ts';
import { pathOf } from './walk/path-of.ts';
import { bothWays } from './ways.ts';

/** A space whose sides differ in one change alone, and where its rules stand there. */
export interface OneChange {
  readonly space: Space;
  readonly before: { readonly program: Program; readonly rules: readonly number[] };
  readonly after: { readonly program: Program; readonly rules: readonly number[] };
}

/** The world after with one change taken back, against the world after: what differs there is the work of this change. */
export function changeAlone(space: Space, change: RuleChange): OneChange | undefined {
  const { sides } = space;
  const [shownBefore, shownAfter] = [
    sides[0].programs.get(change.table)?.get(change.chainBefore),
    sides[1].programs.get(change.table)?.get(change.chainAfter),
  ];
  const [was, is] = [shownBefore ?? emptyBaseChain(shownAfter), shownAfter ?? emptyBaseChain(shownBefore)];
  if (was?.chain === undefined || is?.chain === undefined) return undefined;
  const rules = takenBack(was, is, change, space);
  const before = edited(change.policy === undefined ? is : { ...is, policy: change.policy }, rules);
  const after = change.withoutInterfaces === true ? edited(is, interfacesHidden(is, change, space)) : is;
  const back = rules.origins.flatMap((origin, place) => (origin < 0 ? [place] : []));
  const leading = leadingTo(is.name, change.table, sides);
  // Where more than the rules of the chain is another, or packets come to it by other base chains, nothing of the side after can be taken.
  const isBeside =
    shownAfter !== undefined && after === is && change.policy === undefined && leading.inOrder && hasBaseChains(sides[1], sides[0]);
  return {
    space: isBeside ? spaceBeside(space, before, is, leading) : spaceAnew(space, before, after, leading, change.table),
    before: { program: before, rules: back },
    after: { program: after, rules: change.come },
  };
}

/** Whether a side has all base chains of another one. */
function hasBaseChains(side: SidePrograms, other: SidePrograms): boolean {
  return [...other.base.keys()].every((key) => side.base.has(key));
}

/**
 * The space of one change of a chain that the side after has: but for the chain and those that lead to it everything is as there. A packet
 * notices the change where it comes to its rules, and until then it goes the ways of the side after.
 */
function spaceBeside(space: Space, before: Program, is: Program, leading: Leading): Space {
  const { vocabulary } = space;
  const [one, other] = space.sides;
  // Grows: each chain that leads to these stands behind those that it leads to.
  const changed = new Map([[before.name, before]]);
  const chains = layered(changed, other.programs.get(is.table), one.programs.get(is.table));
  const callee: Callee = (_, name) => chains.get(name);
  const isOther = (name: string): boolean => changed.has(name);
  before.content = contentBeside(before, is, () => false, callee, vocabulary);
  for (const program of leading.programs) {
    const made: Program = { ...program };
    made.content = contentBeside(made, program, isOther, callee, vocabulary);
    changed.set(program.name, made);
  }
  const sides = [withChains(is.table, chains, space.sides), other] as const;
  const ways = once(() => [space.ways()[1], space.ways()[1]] as const);
  return { ...space, sides, ...pathOf(sides, vocabulary), ways, ruleKeys: new Map() };
}

/** The space of one change where more than its rules differs. */
function spaceAnew(space: Space, before: Program, after: Program, leading: Leading, table: string): Space {
  const { vocabulary } = space;
  const [one, other] = space.sides;
  const sideWith = (program: Program): SidePrograms => {
    const changed = new Map([[program.name, program]]);
    // Chains that lead to this one are the same, and what they lead to is not.
    for (const caller of leading.programs) if (caller.name !== program.name) changed.set(caller.name, withoutContent(caller));
    const chains = layered(changed, other.programs.get(table), one.programs.get(table));
    addContents(chains.values(), (from, name) => (from.table === table ? chains.get(name) : undefined), vocabulary);
    return withChains(table, chains, space.sides);
  };
  const isShown = other.programs.get(table)?.get(after.name) === after;
  const sides = [sideWith(before), isShown ? other : sideWith(after)] as const;
  const path = pathOf(sides, vocabulary);
  return { ...space, sides, ...path, ways: once(() => bothWays(sides, path.stages)), ruleKeys: new Map() };
}

function withoutContent({ content: _, ...program }: Program): Program {
  return program;
}

/** The side after with other chains in a table, and the base chains of both. */
function withChains(table: string, chains: Chains, [one, other]: Space['sides']): SidePrograms {
  const programs = new Map(other.programs).set(table, chains);
  return { ...other, programs, base: new Map([...one.base, ...other.base]), callers: callersIn(programs) };
}

/** Chains of which some are others; those that are gone are needed where a rule comes back that jumped there. */
function layered(changed: ReadonlyMap<string, Program>, after: Chains | undefined, before: Chains | undefined): Chains {
  const get = (name: string): Program | undefined => changed.get(name) ?? after?.get(name) ?? before?.get(name);
  return {
    get,
    has: (name) => get(name) !== undefined,
    values: () => {
      const names = new Set(changed.keys());
      for (const chains of [after, before]) for (const { name } of chains?.values() ?? []) names.add(name);
      return [...names].map((name) => get(name) as Program).values();
    },
  };
}

/** A table that is not there lets everything pass, as its chains do without rules. */
function emptyBaseChain(shown: Program | undefined): Program | undefined {
  if (shown?.chain === undefined || shown.policy === undefined) return undefined;
  return programOf(shown.name, shown.table, [], { chain: { ...shown.chain, rules: [] }, policy: 'accept' });
}

function edited(is: Program, { rules, compiled, places, origins }: PlacedRules): Program {
  return programOf(is.name, is.table, compiled, {
    chain: { ...(is.chain as NonNullable<Program['chain']>), rules },
    ...(is.policy === undefined ? {} : { policy: is.policy }),
    places,
    made: { of: is, origins: Int32Array.from(origins) },
  });
}
