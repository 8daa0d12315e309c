import { once } from '../../common/once.ts';
import type { Rule } from '../../world/ir.ts';
import { align } from '../../common/align.ts';
import { addToGroup } from '../../common/add-to-group.ts';
import { ruleKeys } from './aligned-rules.ts';
import type { Callers } from './callers.ts';
import { addContents, type Callee, contentBeside } from './sets/content.ts';
import { laterOf } from './walk/later.ts';
import { type Chains, type Program, programOf } from './program.ts';
import { lookupsOf } from './seeds.ts';
import { callersIn, type SidePrograms } from './side-programs.ts';
import type { Space } from './space.ts';
import { type CompiledRule, compileRule } from './walk/compiled-rule.ts';
import { everyStage, stagesOf } from './walk/stages.ts';
import { bothWays } from './ways.ts';

/** A change of rules of one chain: places from 0. */
export interface RuleChange {
  readonly table: string;
  readonly chainBefore: string;
  readonly chainAfter: string;
  /** In the chain before. */
  readonly gone: readonly number[];
  /** In the chain after. */
  readonly come: readonly number[];
  /** The policy that the chain had. */
  readonly policy?: 'accept' | 'drop';
  /** One of the listings does not show interfaces. */
  readonly withoutInterfaces?: true;
}

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
  const isShown = shownAfter !== undefined && after === is;
  const leading = isShown && change.policy === undefined ? leadingTo(is.name, change.table, sides) : undefined;
  return {
    space: leading === undefined ? spaceAnew(space, before, after, change) : spaceBeside(space, before, leading),
    before: { program: before, rules: back },
    after: { program: after, rules: change.come },
  };
}

/**
 * The space of one change of a chain that the side after has: but for the chain and those that lead to it everything is as there. A packet
 * notices the change where it comes to its rules, and until then it goes the ways of the side after.
 */
function spaceBeside(space: Space, before: Program, leading: Leading): Space {
  const { vocabulary } = space;
  const [one, other] = space.sides;
  const is = before.made?.of as Program;
  const changed = new Map([[before.name, before]]);
  const chains = layered(changed, other.programs.get(is.table), one.programs.get(is.table));
  const callee: Callee = (_, name) => chains.get(name);
  const isOther = (name: string): boolean => changed.has(name);
  before.content = contentBeside(before, is, () => false, callee, vocabulary);
  for (const program of leading) {
    const made: Program = { ...program };
    made.content = contentBeside(made, program, isOther, callee, vocabulary);
    changed.set(program.name, made);
  }
  const sides = [withChains(is.table, chains, space.sides), other] as const;
  const ways = once(() => [space.ways()[1], space.ways()[1]] as const);
  return { ...space, sides, ...pathOf(sides, vocabulary), ways, ruleKeys: new Map() };
}

/** The space of one change where more than its rules differs. */
function spaceAnew(space: Space, before: Program, after: Program, change: RuleChange): Space {
  const { vocabulary } = space;
  const [one, other] = space.sides;
  const sideWith = (program: Program): SidePrograms => {
    const known = layered(new Map([[program.name, program]]), other.programs.get(change.table), one.programs.get(change.table));
    const changed = new Map([[program.name, program]]);
    // Chains that lead to this one are the same, and what they lead to is not.
    for (const caller of allLeadingTo(program.name, callersIn(new Map([[change.table, known]]))(change.table)))
      if (caller !== program) changed.set(caller.name, withoutContent(caller));
    const chains = layered(changed, other.programs.get(change.table), one.programs.get(change.table));
    addContents(chains.values(), (from, name) => (from.table === change.table ? chains.get(name) : undefined), vocabulary);
    return withChains(change.table, chains, space.sides);
  };
  const isShown = other.programs.get(change.table)?.get(after.name) === after;
  const sides = [sideWith(before), isShown ? other : sideWith(after)] as const;
  const path = pathOf(sides, vocabulary);
  return { ...space, sides, ...path, ways: once(() => bothWays(sides, path.stages)), ruleKeys: new Map() };
}

function withoutContent({ content: _, ...program }: Program): Program {
  return program;
}

function pathOf(sides: Space['sides'], vocabulary: Space['vocabulary']): Pick<Space, 'stages' | 'later'> {
  const stages = stagesOf(sides);
  for (const stage of everyStage(stages))
    addContents(
      stage.programs.filter((each) => each !== undefined),
      () => undefined,
      vocabulary,
    );
  return { stages, later: [laterOf(stages, 0, vocabulary), laterOf(stages, 1, vocabulary)] };
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

/** The rules of a chain that was made of another one, all by place. */
interface PlacedRules {
  readonly rules: readonly Rule[];
  readonly compiled: readonly CompiledRule[];
  readonly places: readonly number[];
  /** Which rule of that one each is; -1: it came back. */
  readonly origins: readonly number[];
}

function edited(is: Program, { rules, compiled, places, origins }: PlacedRules): Program {
  return programOf(is.name, is.table, compiled, {
    chain: { ...(is.chain as NonNullable<Program['chain']>), rules },
    ...(is.policy === undefined ? {} : { policy: is.policy }),
    places,
    made: { of: is, origins: Int32Array.from(origins) },
  });
}

/** The rules of a chain with no interface asked for, but those of a change. */
function interfacesHidden(is: Program, { come }: RuleChange, space: Space): PlacedRules {
  const news = new Set(come);
  const rules = is.chain?.rules.map((rule, at) => (news.has(at) ? rule : withoutInterfaces(rule))) ?? [];
  const compiled = rules.map((rule, at) => (rule === is.chain?.rules[at] ? (is.rules[at] as CompiledRule) : compile(rule, space)));
  return { rules, compiled, places: is.places, origins: rules.map((_, at) => at) };
}

/** As a rule of the side after. */
function compile(rule: Rule, { vocabulary, sides }: Space): CompiledRule {
  return compileRule(rule, { vocabulary, addresses: sides[1].world.addresses });
}

function withoutInterfaces(rule: Rule): Rule {
  const body = rule.body.filter(({ kind }) => kind !== 'interface');
  return body.length === rule.body.length ? rule : { ...rule, body };
}

/** The rules of a chain without what is new, and with what is gone before the first rule that stood behind it. */
function takenBack(was: Program, is: Program, { gone, come, withoutInterfaces: hidden }: RuleChange, space: Space): PlacedRules {
  const size = is.rules.length;
  const news = new Set(come);
  const successorOf = gone.length === 0 ? () => size : successors(was.rules.length, keptBeside(was, is, gone, news, space), come, size);
  const rebound = sets(space);
  const back = new Map<number, Rule[]>();
  for (const place of gone) {
    const rule = was.chain?.rules[place];
    if (rule !== undefined) addToGroup(back, successorOf(place), rebound(rule));
  }
  const rules: Rule[] = [];
  const compiled: CompiledRule[] = [];
  const places: number[] = [];
  const origins: number[] = [];
  const add = (rule: Rule, made: CompiledRule, place: number, origin: number): void => {
    rules.push(rule);
    compiled.push(made);
    places.push(place);
    origins.push(origin);
  };
  for (let at = 0; at <= size; at++) {
    const place = is.places[at] ?? Number.MAX_SAFE_INTEGER / 8192;
    for (const rule of back.get(at) ?? []) add(rule, compile(rule, space), place - 0.5, -1);
    const rule = is.chain?.rules[at];
    if (rule === undefined || news.has(at)) continue;
    const shown = hidden === true ? withoutInterfaces(rule) : rule;
    add(shown, shown === rule ? (is.rules[at] as CompiledRule) : compile(shown, space), place, at);
  }
  return { rules, compiled, places, origins };
}

/** Per rule before the rule after that belongs to it; -1: none. Those of the change are left out: they must not count as kept in place of others. */
function keptBeside(was: Program, is: Program, gone: readonly number[], come: ReadonlySet<number>, space: Space): Int32Array {
  const kept = keptTogether(was, is);
  const old = new Set(gone);
  if (was.name === is.name && gone.every((place) => kept[place] === -1) && !kept.some((place) => come.has(place))) return kept;
  const [one, other] = [keysOf(was, 0, space), keysOf(is, 1, space)];
  const left = [...one.keys()].filter((place) => !old.has(place));
  const right = [...other.keys()].filter((place) => !come.has(place));
  kept.fill(-1);
  const pairs = align(
    left.map((place) => one[place] as string),
    right.map((place) => other[place] as string),
  ).kept;
  for (const [from, to] of pairs) kept[left[from] as number] = right[to] as number;
  return kept;
}

/** Rules that stand on both sides have the same place. */
function keptTogether(was: Program, is: Program): Int32Array {
  const kept = new Int32Array(was.places.length).fill(-1);
  for (let one = 0, other = 0; one < was.places.length && other < is.places.length;) {
    const [place, rival] = [was.places[one] as number, is.places[other] as number];
    if (place === rival) kept[one] = other;
    if (place <= rival) one++;
    if (place >= rival) other++;
  }
  return kept;
}

function keysOf(program: Program, side: 0 | 1, space: Space): readonly string[] {
  const keys = space.ruleKeys.get(program) ?? ruleKeys(program, side, space.sides);
  space.ruleKeys.set(program, keys);
  return keys;
}

/** Before which rule of the chain after one that is gone stood: a rule that took the place of another one gives it back. */
function successors(count: number, kept: Int32Array, come: readonly number[], size: number): (place: number) => number {
  const next = new Int32Array(count).fill(size);
  for (let place = count - 2; place >= 0; place--) {
    const own = kept[place + 1] as number;
    next[place] = own >= 0 ? own : (next[place + 1] as number);
  }
  const before = new Int32Array(count).fill(-1);
  for (let place = 1; place < count; place++) {
    const own = kept[place - 1] as number;
    before[place] = own >= 0 ? own : (before[place - 1] as number);
  }
  let at = 0;
  return (place) => {
    // Places are asked ascending, and so are those that are kept.
    while (at < come.length && (come[at] as number) <= (before[place] as number)) at++;
    const first = come[at];
    return first !== undefined && first < (next[place] as number) ? first : (next[place] as number);
  };
}

/** A rule of the other side asks the sets of this one. */
function sets({ sides }: Space): (rule: Rule) => Rule {
  let known: ReturnType<typeof lookupsOf> | undefined;
  return (rule) => {
    if (!rule.body.some(({ kind }) => kind === 'member')) return rule;
    known ??= lookupsOf(sides[1].programs.values());
    return {
      ...rule,
      body: rule.body.map((part) =>
        part.kind === 'member' ? { ...part, of: known?.get(`${part.of.name} ${part.of.key.join()}`)?.of ?? part.of } : part,
      ),
    };
  };
}

/** Chains that lead to another one, each behind those that it leads to. */
type Leading = readonly Program[];

/** The chains that lead to a chain, directly or not; undefined where some lead to each other. */
function leadingTo(name: string, table: string, [one, other]: Space['sides']): Leading | undefined {
  const [gone, shown] = [one.callers(table), other.callers(table)];
  const isShown = (program: Program): boolean => other.programs.get(table)?.has(program.name) === true;
  const callersFor = (chain: string): Set<Program> =>
    new Set([
      ...(shown.get(chain) ?? []).map(({ program }) => program),
      ...(gone.get(chain) ?? []).map(({ program }) => program).filter((program) => !isShown(program)),
    ]);
  // How many of the chains that lead there each of them jumps to.
  const open = new Map<Program, number>();
  const callers = new Map<string, Set<Program>>();
  for (const work = [name]; work.length > 0;) {
    const chain = work.pop() as string;
    if (callers.has(chain)) continue;
    const found = callersFor(chain);
    callers.set(chain, found);
    for (const program of found) {
      open.set(program, (open.get(program) ?? 0) + 1);
      work.push(program.name);
    }
  }
  const ordered: Program[] = [];
  const close = (chain: string): void => {
    for (const program of callers.get(chain) ?? []) {
      const left = (open.get(program) as number) - 1;
      open.set(program, left);
      if (left === 0) ordered.push(program);
    }
  };
  close(name);
  for (const { name: next } of ordered) close(next);
  return ordered.length === open.size && !ordered.some((program) => program.name === name) ? ordered : undefined;
}

/** The same, in no order. */
function allLeadingTo(name: string, callers: Callers): Set<Program> {
  const found = new Set<Program>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { program } of callers.get(next) ?? []) {
      if (found.has(program)) continue;
      found.add(program);
      open.push(program.name);
    }
  }
  return found;
}
