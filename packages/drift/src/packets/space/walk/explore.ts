import { STATES } from '../../../world/field.ts';
import { type Box, EVERYTHING, type Excess, excesses, PLACE, withField } from '../sets/box.ts';
import { single } from '../sets/intervals.ts';
import { type PacketSet, within, without } from '../sets/packet-set.ts';
import { solve } from '../sets/solve.ts';
import type { Entry, Space } from '../space.ts';
import { afterHit, leaveChain, leaveStage, withOtherMark } from './advance.ts';
import { continuationKey, isBehind } from './continuation-order.ts';
import { CONNECTION_MARK, type Continuation, type HopTrail, type Outcome, PACKET_MARK } from './continuation.ts';
import { nextCandidate } from './chain-index.ts';
import { resolve } from './resolve.ts';
import type { Stage } from './stages.ts';

/** Packets that the sides treat differently. */
export interface FoundRegion {
  readonly entry: Entry;
  readonly set: PacketSet;
  /** A box of it that is free of all exceptions: every packet of it is one of the set. */
  readonly sample: Box;
  /** What the sides do not have in common: parts of the connections, negative of the side after. */
  readonly net: readonly { readonly weight: number; readonly outcome: Outcome; readonly trail?: HopTrail }[];
}

/** What exploring a set of packets gave. */
export interface Exploration {
  readonly regions: readonly FoundRegion[];
  /** The first of what was left when the budget was spent. */
  readonly left?: PacketSet;
  readonly states: number;
}

/** Work that may be done, in states; what is beyond is left. */
export interface Budget {
  states: number;
  /** How many more may be taken where they are spent and nothing is found. */
  readonly more?: () => number;
  /** Regions to be found before the rest is left. */
  readonly regions: number;
  /** Sides to walk: one alone tells what becomes of packets there. */
  readonly sides?: readonly (0 | 1)[];
  /** Tell the rules that are met. */
  readonly trails?: true;
}

/** Packets and all that is to happen to them: for one set, or nothing where both sides agree. */
interface State {
  readonly set: PacketSet;
  readonly continuations: readonly Continuation[];
}

const NO_SHARE = 1e-9;

/** Walks a set of packets through both sides together, dividing it where they part and dropping it where what remains is equal. */
export function explore(space: Space, entry: Entry, start: PacketSet, budget: Budget): Exploration {
  const { full } = space.vocabulary;
  const stage = space.stages.get(entry) as Stage;
  const sides = budget.sides ?? ([0, 1] as const);
  const work: State[] = [
    {
      set: start,
      continuations: sides.map((side) => started(stage, side, sides.length === 1 || side === 0 ? 1 : -1, budget.trails === true)),
    },
  ];
  const regions: FoundRegion[] = [];
  let states = 0;
  for (let state = work.pop(); state !== undefined; state = work.pop()) {
    if (budget.states <= 0 && regions.length === 0) budget.states += budget.more?.() ?? 0;
    if (budget.states <= 0 || regions.length >= budget.regions) return { regions, left: state.set, states };
    budget.states--;
    states++;
    const open = summed(state, space);
    if (open.length === 0) continue;
    const behind = furthestBehind(open);
    if (behind === undefined) {
      const sample = solve(state.set, full);
      if (sample === 'open') return { regions, left: state.set, states };
      if (sample !== undefined) regions.push({ entry, set: state.set, sample, net: open.map(netOf) });
      continue;
    }
    divide(
      state.set,
      behind,
      open.filter((one) => one !== behind),
      space,
      work,
    );
  }
  return { regions, states };
}

function netOf({ weight, outcome, trail }: Continuation): FoundRegion['net'][number] {
  return { weight, outcome: outcome as Outcome, ...(trail === undefined || trail === 'not told' ? {} : { trail }) };
}

function started(stage: Stage, side: 0 | 1, weight: number, trails: boolean): Continuation {
  return {
    weight,
    side,
    stage,
    frame: undefined,
    mark: PACKET_MARK,
    connectionMark: CONNECTION_MARK,
    effects: '',
    asked: '',
    untracked: false,
    balanced: false,
    trail: trails ? undefined : 'not told',
  };
}

/** Equal continuations added up; what makes nothing in sum is gone. */
function summed({ set, continuations }: State, space: Space): readonly Continuation[] {
  if (continuations.length === 1) return continuations;
  const sums = new Map<string, Continuation>();
  for (const one of continuations) {
    const key = continuationKey(one, set.box, space);
    const known = sums.get(key);
    sums.set(key, known === undefined ? one : { ...known, weight: known.weight + one.weight });
  }
  return [...sums.values()].filter(({ weight }) => Math.abs(weight) > NO_SHARE);
}

function furthestBehind(continuations: readonly Continuation[]): Continuation | undefined {
  let found: Continuation | undefined;
  for (const one of continuations) if (one.outcome === undefined && (found === undefined || isBehind(one, found))) found = one;
  return found;
}

/** Leads one continuation on until it parts the set, ends, or is not behind any more. */
function divide(set: PacketSet, behind: Continuation, others: readonly Continuation[], space: Space, work: State[]): void {
  const { full } = space.vocabulary;
  let current = behind;
  const push = (part: PacketSet | undefined, continuations: readonly Continuation[]): void => {
    if (part !== undefined) work.push({ set: part, continuations: [...continuations, ...others] });
  };
  for (;;) {
    if (current.frame === undefined) {
      const entered = enterStage(current, set);
      if (entered.kind === 'divided') {
        push(without(set, entered.by, full), [current]);
        push(within(set, entered.by, full), [current]);
        return;
      }
      current = entered.continuation;
      if (current.frame === undefined) return push(set, [current]);
      continue;
    }
    const { frame } = current;
    const at = nextCandidate(frame.program, frame.at, set.box, current);
    const step = frame.program.steps[at];
    if (step === undefined) {
      const left = leaveChain(current);
      return push(set, [left]);
    }
    const { box, share, asked } = resolve(step, current, set.box, space.vocabulary);
    const missed: Continuation = { ...current, frame: { ...frame, at: at + step.miss } };
    const beyond = box === undefined ? undefined : excesses(set.box, box);
    if (box === undefined || beyond === undefined) {
      current = missed;
      if (others.some((other) => other.outcome === undefined && isBehind(other, current))) return push(set, [current]);
      continue;
    }
    const hit: Continuation = { ...current, asked, frame: { ...frame, at } };
    const held =
      share === 1
        ? afterHit(hit, step, space)
        : [
            ...(share > 0 ? afterHit({ ...hit, weight: hit.weight * share }, step, space) : []),
            ...(share < 1 ? [{ ...missed, asked, weight: missed.weight * (1 - share) }] : []),
          ];
    if (beyond.length === 0) return push(set, held);
    const parts = [() => push(without(set, box, full), [missed]), () => push(within(set, box, full), held)];
    for (const part of isSeldom(box, beyond) ? parts.reverse() : parts) part();
    return;
  }
}

/**
 * Whether what meets a box is the exception: one sender, or a condition that nobody decides. The rule is told first, and is walked first
 * therefore.
 */
function isSeldom({ fields }: Box, beyond: readonly Excess[]): boolean {
  return beyond.some(
    (excess) =>
      excess.kind === 'unseen' || (excess.kind === 'field' && excess.place === PLACE.source && single(fields[PLACE.source]) !== undefined),
  );
}

const inStates = (first: (typeof STATES)[number], last = first): Box =>
  withField(EVERYTHING, PLACE.state, [STATES.indexOf(first), STATES.indexOf(last)]) as Box;
const ESTABLISHED = inStates('ESTABLISHED');
const TRACKED = inStates('NEW', 'RELATED');

type Entered = { readonly kind: 'entered'; readonly continuation: Continuation } | { readonly kind: 'divided'; readonly by: Box };

/**
 * Nat sees packets that begin a connection; those of a connection that is there follow what was decided for it, and no other is touched.
 */
function enterStage(continuation: Continuation, { box }: PacketSet): Entered {
  const { stage, side, untracked, balanced } = continuation;
  const program = stage.programs[side];
  const isIpvs = program?.name === 'ipvs';
  if (program === undefined || (stage.nat && untracked) || (isIpvs && balanced))
    return { kind: 'entered', continuation: leaveStage(continuation) };
  const inside: Continuation = { ...continuation, frame: { program, at: 0, from: 0, depth: 0, caller: undefined } };
  if (!stage.nat) return { kind: 'entered', continuation: inside };
  for (const [states, entered] of [
    [ESTABLISHED, withOtherMark(inside)],
    [TRACKED, inside],
  ] as const) {
    const beyond = excesses(box, states);
    if (beyond !== undefined) return beyond.length === 0 ? { kind: 'entered', continuation: entered } : { kind: 'divided', by: states };
  }
  return { kind: 'entered', continuation: leaveStage(continuation) };
}
