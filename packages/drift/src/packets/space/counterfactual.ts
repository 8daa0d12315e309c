import type { Chain, Rule } from '../../world/ir.ts';
import { addToGroup } from '../../common/add-to-group.ts';
import { align } from '../../common/align.ts';
import { ruleKeys } from './aligned-rules.ts';
import { callersOf } from './callers.ts';
import { contentsOf } from './sets/content.ts';
import { laterOf } from './walk/later.ts';
import { type Program, programOf, type SidePrograms } from './program.ts';
import { lookupsOf } from './seeds.ts';
import type { Space } from './space.ts';
import { everyStage, stagesOf } from './walk/stages.ts';
import { stepsOfChain } from './walk/steps-of-chain.ts';

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
  const { vocabulary, sides } = space;
  const [shownBefore, shownAfter] = [
    sides[0].programs.get(change.table)?.get(change.chainBefore),
    sides[1].programs.get(change.table)?.get(change.chainAfter),
  ];
  const [was, is] = [shownBefore ?? emptyBaseChain(shownAfter), shownAfter ?? emptyBaseChain(shownBefore)];
  if (was?.chain === undefined || is?.chain === undefined) return undefined;
  const rules = takenBack(was, is, change, space);
  const before = edited(change.policy === undefined ? is : { ...is, policy: change.policy }, rules, space);
  const after =
    change.withoutInterfaces === true
      ? edited(
          is,
          is.chain.rules.map((rule, at) => ({
            rule: change.come.includes(at) ? rule : withoutInterfaces(rule),
            place: is.places[at] as number,
            isBack: false,
          })),
          space,
        )
      : is;
  const both = [
    replaced(before, change, sides),
    after === is && sides[1].programs.get(change.table)?.get(is.name) === is ? sides[1] : replaced(after, change, sides),
  ] as const;
  const contents = new Map(space.contents);
  for (const side of both) {
    const chains = side.programs.get(change.table);
    contentsOf(chains?.values() ?? [], (from, name) => (from.table === change.table ? chains?.get(name) : undefined), vocabulary, contents);
  }
  const stages = stagesOf(both, vocabulary);
  for (const stage of everyStage(stages))
    contentsOf(
      stage.programs.filter((each) => each !== undefined),
      () => undefined,
      vocabulary,
      contents,
    );
  const later = [laterOf(stages, 0, contents, vocabulary), laterOf(stages, 1, contents, vocabulary)] as const;
  const back = rules.flatMap(({ isBack }, place) => (isBack ? [place] : []));
  return {
    space: { ...space, sides: both, stages, contents, later, ruleKeys: new Map() },
    before: { program: before, rules: back },
    after: { program: after, rules: change.come },
  };
}

/** A table that is not there lets everything pass, as its chains do without rules. */
function emptyBaseChain(shown: Program | undefined): Program | undefined {
  if (shown?.chain === undefined || shown.policy === undefined) return undefined;
  return programOf(
    shown.name,
    shown.table,
    { steps: [], starts: [], covers: [] },
    { chain: { ...shown.chain, rules: [] }, policy: 'accept' },
  );
}

function edited(is: Program, rules: readonly PlacedRule[], { vocabulary, sides }: Space): Program {
  const chain: Chain = { ...(is.chain as Chain), rules: rules.map(({ rule }) => rule) };
  const compiled = stepsOfChain(chain, { vocabulary, addresses: sides[1].world.addresses });
  return {
    ...programOf(is.name, is.table, compiled, { chain, ...(is.policy === undefined ? {} : { policy: is.policy }) }),
    places: rules.map(({ place }) => place),
  };
}

/** The side after with another program for a chain. */
function replaced(program: Program, { table }: RuleChange, [one, other]: Space['sides']): SidePrograms {
  const chains = new Map(other.programs.get(table));
  // Chains that are gone are needed where a rule comes back that jumped there.
  for (const [name, gone] of one.programs.get(table) ?? []) if (!chains.has(name)) chains.set(name, gone);
  chains.set(program.name, program);
  // Chains that lead to this one are the same, and what they lead to is not.
  for (const caller of leadingTo(program.name, chains)) if (caller !== program) chains.set(caller.name, { ...caller });
  return { ...other, programs: new Map(other.programs).set(table, chains), base: new Map([...one.base, ...other.base]) };
}

function withoutInterfaces(rule: Rule): Rule {
  return { ...rule, body: rule.body.filter(({ kind }) => kind !== 'interface') };
}

interface PlacedRule {
  readonly rule: Rule;
  readonly place: number;
  readonly isBack: boolean;
}

/** The rules of a chain without what is new, and with what is gone before the first rule that stood behind it. */
function takenBack(was: Program, is: Program, { gone, come, withoutInterfaces: hidden }: RuleChange, space: Space): PlacedRule[] {
  const size = is.chain?.rules.length ?? 0;
  const news = new Set(come);
  const successorOf = gone.length === 0 ? () => size : successors(was.starts.length, keptBeside(was, is, gone, news, space), come, size);
  const rebound = sets(space);
  const back = new Map<number, Rule[]>();
  for (const place of gone) {
    const rule = was.chain?.rules[place];
    if (rule !== undefined) addToGroup(back, successorOf(place), rebound(rule));
  }
  const placed: PlacedRule[] = [];
  for (let at = 0; at <= size; at++) {
    const place = is.places[at] ?? Number.MAX_SAFE_INTEGER / 8192;
    for (const rule of back.get(at) ?? []) placed.push({ rule, place: place - 0.5, isBack: true });
    const rule = is.chain?.rules[at];
    if (rule !== undefined && !news.has(at)) placed.push({ rule: hidden === true ? withoutInterfaces(rule) : rule, place, isBack: false });
  }
  return placed;
}

/** The rules that belong together, by place, with those of the change left out: they must not count as kept in place of others. */
function keptBeside(was: Program, is: Program, gone: readonly number[], come: ReadonlySet<number>, space: Space): Map<number, number> {
  const [one, other] = [keysOf(was, 0, space), keysOf(is, 1, space)];
  const old = new Set(gone);
  const left = [...one.keys()].filter((place) => !old.has(place));
  const right = [...other.keys()].filter((place) => !come.has(place));
  const { kept } = align(
    left.map((place) => one[place] as string),
    right.map((place) => other[place] as string),
  );
  return new Map(kept.map(([from, to]) => [left[from] as number, right[to] as number]));
}

function keysOf(program: Program, side: 0 | 1, space: Space): readonly string[] {
  const keys = space.ruleKeys.get(program) ?? ruleKeys(program, side, space);
  space.ruleKeys.set(program, keys);
  return keys;
}

/** Before which rule of the chain after one that is gone stood: a rule that took the place of another one gives it back. */
function successors(count: number, kept: ReadonlyMap<number, number>, come: readonly number[], size: number): (place: number) => number {
  const next = new Array<number>(count).fill(size);
  for (let place = count - 2; place >= 0; place--) next[place] = kept.get(place + 1) ?? (next[place + 1] as number);
  const before = new Array<number>(count).fill(-1);
  for (let place = 1; place < count; place++) before[place] = kept.get(place - 1) ?? (before[place - 1] as number);
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

/** The chains that lead to a chain, directly or not. */
function leadingTo(name: string, chains: ReadonlyMap<string, Program>): Set<Program> {
  const callers = callersOf(chains);
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
