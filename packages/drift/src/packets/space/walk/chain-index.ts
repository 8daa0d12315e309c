import { addToGroup } from '../../../common/add-to-group.ts';
import type { Value } from '../../../world/field.ts';
import { type Box, PLACE } from '../sets/box.ts';
import type { Continuation } from './continuation.ts';
import { single } from '../sets/intervals.ts';
import type { Program } from '../program.ts';

/** Chains with fewer rules are asked rule by rule. */
const LEAST_RULES = 24;

/** The rules of a long chain by what they ask of the destination. */
interface ChainIndex {
  /** First steps of rules that ask for this one address, ascending. */
  readonly byDestination: ReadonlyMap<Value, readonly number[]>;
  /** First steps of all other rules, ascending. */
  readonly others: readonly number[];
}

const indexes = new WeakMap<Program, ChainIndex>();

/** The next step from a place on that packets of a box can meet; the number of steps where there is none. */
export function nextCandidate(program: Program, at: number, box: Box, { to }: Continuation): number {
  const { starts, steps } = program;
  const step = steps[at];
  if (starts.length < LEAST_RULES || step === undefined || starts[step.rule] !== at) return at;
  const destination =
    to?.node === true ? undefined : to?.addresses === undefined ? single(box.fields[PLACE.destination]) : single(to.addresses);
  if (destination === undefined) return at;
  const index = indexes.get(program) ?? indexOf(program);
  indexes.set(program, index);
  return Math.min(firstFrom(index.byDestination.get(destination), at), firstFrom(index.others, at), steps.length);
}

function indexOf({ starts, steps }: Program): ChainIndex {
  const byDestination = new Map<Value, number[]>();
  const others: number[] = [];
  for (const start of new Set(starts)) {
    const step = steps[start];
    // Where the first step does not hold a rule with alternatives may still do.
    const decides = step !== undefined && step.miss === (starts[step.rule + 1] ?? steps.length);
    const asked = decides ? single(step.box.fields[PLACE.destination]) : undefined;
    if (asked === undefined) others.push(start);
    else {
      addToGroup(byDestination, asked, start);
    }
  }
  return { byDestination, others };
}

/** The first of ascending places that is not before another one. */
function firstFrom(places: readonly number[] | undefined, at: number): number {
  if (places === undefined) return Number.MAX_SAFE_INTEGER;
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return places[low] ?? Number.MAX_SAFE_INTEGER;
}
