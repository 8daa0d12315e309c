import { addToGroup } from '../../../common/add-to-group.ts';
import type { Intervals, Value } from '../../../world/field.ts';
import { type Box, PLACE } from '../sets/box.ts';
import { single } from '../sets/intervals.ts';
import type { Program } from '../program.ts';
import type { Continuation } from './continuation.ts';

/** Chains with fewer rules are asked rule by rule. */
const LEAST_RULES = 24;

/** The rules of a long chain by what they ask for first; rules by their place, ascending. */
interface ChainIndex {
  /** Those that ask for one destination, by it. */
  readonly destinations: ReadonlyMap<Value, readonly number[]>;
  /** Of the others, those that ask for one source, by it. */
  readonly sources: ReadonlyMap<Value, readonly number[]>;
  /** By what is known of a packet: the rules that are not found by that. */
  readonly rest: Readonly<Record<'both' | 'destination' | 'source' | 'neither', readonly number[]>>;
  /** Per rule and dimension of {@link BOUNDED} the least and the greatest value of its first step. */
  readonly bounds: Float64Array;
}

/** The dimensions by which rules are passed over. */
const BOUNDED = [PLACE.source, PLACE.destination, PLACE.protocol, PLACE.sourcePort, PLACE.destinationPort] as const;
const WIDTH = BOUNDED.length * 2;

const indexes = new WeakMap<Program['rules'], ChainIndex>();

/**
 * The next step from a place on that packets of a box can meet; the number of steps where there is none. Only what a packet has in every
 * case is looked at: a rule that is passed over cannot hold.
 */
export function nextCandidate(program: Program, at: number, box: Box, continuation: Continuation): number {
  const { starts, ruleAt, steps, made } = program;
  const rule = ruleAt[at];
  if (starts.length < LEAST_RULES || rule === undefined || starts[rule] !== at) return at;
  const fields = fieldsHere(box, continuation);
  const found =
    made === undefined
      ? firstIn(indexFor(program), rule, starts.length, fields)
      : firstAmong(made.origins, indexFor(made.of), rule, fields);
  return found === starts.length ? steps.length : (starts[found] as number);
}

/** The first of the rules that may hold: those found by the addresses and all others, together in their order. */
function firstIn({ destinations, sources, rest, bounds }: ChainIndex, from: number, end: number, fields: Box['fields']): number {
  const [destination, source] = [single(fields[PLACE.destination]), single(fields[PLACE.source])];
  const asked = boundsOf(fields);
  const known = destination === undefined ? (source === undefined ? 'neither' : 'source') : source === undefined ? 'destination' : 'both';
  const lists = [
    rest[known],
    destination === undefined ? NO_RULES : (destinations.get(destination) ?? NO_RULES),
    source === undefined ? NO_RULES : (sources.get(source) ?? NO_RULES),
  ];
  const at = lists.map((rules) => placeOf(rules, from));
  for (;;) {
    let first = end;
    let list = -1;
    for (let one = 0; one < lists.length; one++) {
      const rule = (lists[one] as readonly number[])[at[one] as number];
      if (rule === undefined || rule >= first) continue;
      first = rule;
      list = one;
    }
    if (list < 0 || !isBeside(bounds, first * WIDTH, asked)) return first;
    at[list] = (at[list] as number) + 1;
  }
}

const NO_RULES: readonly number[] = [];

/** Of a chain made of another one the rules are looked at one by one: to sort them for one question takes longer. */
function firstAmong(origins: Int32Array, { bounds }: ChainIndex, from: number, fields: Box['fields']): number {
  const asked = boundsOf(fields);
  let rule = from;
  for (; rule < origins.length; rule++) {
    const origin = origins[rule] as number;
    if (origin < 0 || !isBeside(bounds, origin * WIDTH, asked)) return rule;
  }
  return rule;
}

function indexFor(program: Program): ChainIndex {
  const index = indexes.get(program.rules) ?? indexOf(program);
  indexes.set(program.rules, index);
  return index;
}

/** The fields of a packet as it is here: undefined where it is translated to something that nobody knows. */
function fieldsHere({ fields }: Box, { to }: Continuation): Box['fields'] {
  if (to === undefined) return fields;
  const destination = to.node === true ? undefined : (to.addresses ?? fields[PLACE.destination]);
  return fields.with(PLACE.destination, destination).with(PLACE.destinationPort, to.ports ?? fields[PLACE.destinationPort]);
}

function indexOf({ rules }: Program): ChainIndex {
  const destinations = new Map<Value, number[]>();
  const sources = new Map<Value, number[]>();
  const rest = { both: [] as number[], destination: [] as number[], source: [] as number[], neither: [] as number[] };
  const bounds = new Float64Array(rules.length * WIDTH);
  for (const [rule, { steps }] of rules.entries()) {
    const [step] = steps;
    // Where the first step of a rule with alternatives does not hold the rule may still do.
    const fields = step !== undefined && step.miss === steps.length ? step.box.fields : [];
    bounds.set(boundsOf(fields), rule * WIDTH);
    if (step === undefined) continue;
    const [destination, source] = [single(fields[PLACE.destination]), single(fields[PLACE.source])];
    rest.neither.push(rule);
    if (destination !== undefined) addToGroup(destinations, destination, rule);
    else rest.destination.push(rule);
    if (destination === undefined && source !== undefined) addToGroup(sources, source, rule);
    else rest.source.push(rule);
    if (destination === undefined && source === undefined) rest.both.push(rule);
  }
  return { destinations, sources, rest, bounds };
}

/** Addresses of IPv6 are rounded, which keeps their order: only what lies clearly apart is told apart. */
function boundsOf(fields: Box['fields']): Float64Array {
  const bounds = new Float64Array(WIDTH);
  for (const [at, place] of BOUNDED.entries()) {
    const values: Intervals | undefined = fields[place];
    bounds[at * 2] = values === undefined ? 0 : Number(values[0]);
    bounds[at * 2 + 1] = values === undefined ? Number.POSITIVE_INFINITY : Number(values.at(-1));
  }
  return bounds;
}

/** The place of the first of ascending rules from one on. */
function placeOf(rules: readonly number[], from: number): number {
  let low = 0;
  let high = rules.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rules[middle] as number) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a rule asks for nothing that a packet has in some dimension. */
function isBeside(bounds: Float64Array, first: number, asked: Float64Array): boolean {
  for (let at = 0; at < WIDTH; at += 2) {
    if ((bounds[first + at + 1] as number) < (asked[at] as number) || (bounds[first + at] as number) > (asked[at + 1] as number))
      return true;
  }
  return false;
}
