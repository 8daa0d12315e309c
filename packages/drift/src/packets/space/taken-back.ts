import { addToGroup } from '../../common/add-to-group.ts';
import { align } from '../../common/align.ts';
import type { Rule } from '../../world/ir.ts';
import { ruleKeys } from './aligned-rules.ts';
import type { Program } from './program.ts';
import type { Space } from './space.ts';
import { type CompiledRule, compileRule } from './walk/compiled-rule.ts';

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

/** The rules of a chain that was made of another one, all by place. */
export interface PlacedRules {
  readonly rules: readonly Rule[];
  readonly compiled: readonly CompiledRule[];
  readonly places: readonly number[];
  /** Which rule of that one each is; -1: it came back. */
  readonly origins: readonly number[];
}

/** The rules of a chain with no interface asked for, but those of a change. */
export function interfacesHidden(is: Program, { come }: RuleChange, space: Space): PlacedRules {
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
export function takenBack(was: Program, is: Program, { gone, come, withoutInterfaces: hidden }: RuleChange, space: Space): PlacedRules {
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

/**
 * Per rule before the rule after that belongs to it; -1: none. Those of the change are left out: they must not count as kept in place of
 * others.
 */
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
  return (rule) => {
    if (!rule.body.some(({ kind }) => kind === 'member')) return rule;
    return {
      ...rule,
      body: rule.body.map((part) =>
        part.kind === 'member' ? { ...part, of: sides[1].lookups().get(`${part.of.name} ${part.of.key.join()}`)?.of ?? part.of } : part,
      ),
    };
  };
}
