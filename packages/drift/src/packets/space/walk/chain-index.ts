import { addToGroup } from '../../../common/add-to-group.ts';
import type { Value } from '../../../world/field.ts';
import { type Box, PLACE } from '../sets/box.ts';
import type { Continuation } from './continuation.ts';
import { single } from '../sets/intervals.ts';
import type { Program } from '../program.ts';

/** Chains with fewer rules are asked rule by rule. */
const LEAST_RULES = 24;

/** The rules of a long chain by the address that they ask for: first steps, ascending. */
interface ChainIndex {
  /** Those that ask for one destination. */
  readonly destinations: Asking;
  /** Of the others, those that ask for one source. */
  readonly sources: Asking;
  readonly others: readonly number[];
}

/** Rules that ask for one address of an end. */
interface Asking {
  readonly by: ReadonlyMap<Value, readonly number[]>;
  readonly all: readonly number[];
}

const indexes = new WeakMap<Program, ChainIndex>();

/** The next step from a place on that packets of a box can meet; the number of steps where there is none. */
export function nextCandidate(program: Program, at: number, box: Box, { to }: Continuation): number {
  const { starts, steps } = program;
  const step = steps[at];
  if (starts.length < LEAST_RULES || step === undefined || starts[step.rule] !== at) return at;
  const destination =
    to?.node === true ? undefined : to?.addresses === undefined ? single(box.fields[PLACE.destination]) : single(to.addresses);
  const source = single(box.fields[PLACE.source]);
  if (destination === undefined && source === undefined) return at;
  const index = indexes.get(program) ?? indexOf(program);
  indexes.set(program, index);
  const { destinations, sources, others } = index;
  return Math.min(
    firstFrom(askingFor(destinations, destination), at),
    firstFrom(askingFor(sources, source), at),
    firstFrom(others, at),
    steps.length,
  );
}

function askingFor({ by, all }: Asking, address: Value | undefined): readonly number[] | undefined {
  return address === undefined ? all : by.get(address);
}

function indexOf({ starts, steps }: Program): ChainIndex {
  const asking = (place: number) => ({ place, by: new Map<Value, number[]>(), all: [] as number[] });
  const ends = [asking(PLACE.destination), asking(PLACE.source)] as const;
  const others: number[] = [];
  for (const start of new Set(starts)) {
    const step = steps[start];
    // Where the first step does not hold a rule with alternatives may still do.
    const decides = step !== undefined && step.miss === (starts[step.rule + 1] ?? steps.length);
    const end = decides ? ends.find(({ place }) => single(step.box.fields[place]) !== undefined) : undefined;
    const asked = decides && end !== undefined ? single(step.box.fields[end.place]) : undefined;
    if (end === undefined || asked === undefined) {
      others.push(start);
      continue;
    }
    addToGroup(end.by, asked, start);
    end.all.push(start);
  }
  return { destinations: ends[0], sources: ends[1], others };
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
