import { addToGroup } from '../../common/add-to-group.ts';
import { once } from '../../common/once.ts';
import { type Box, DIMENSIONS, excesses, meetBoxes } from '../../packets/space/sets/box.ts';
import { solve } from '../../packets/space/sets/solve.ts';
import { ADDRESS_MAX, FIELD_MAX, type Intervals } from '../../world/field.ts';
import type { Chain, Rule, RuleSet, Verdict } from '../../world/ir.ts';
import { isTableOfNft } from '../../world/rule-ref.ts';
import { isProxyChain } from '../../proxy/names/chain-roles.ts';
import { type Bound, MOST_BEFORE, MOST_TOGETHER, type OnBound } from './bounds.ts';
import { chainEnds, mayEnd, type Taken } from './chain-ends.ts';
import { ruleBoxes } from './rule-box.ts';
import { type RulesMeeting, rulesMeeting } from './rules-meeting.ts';

/** A rule that no packet can meet. */
export interface DeadRule {
  readonly chain: Chain;
  readonly rule: Rule;
  /**
   * Rules before it that together take all its packets: of its chain, or, where one rule alone leads to that, of the chain this rule is in,
   * and so on. None: its own conditions exclude one another.
   */
  readonly takenBy: readonly Rule[];
}

/** Trials to find a packet that a rule still meets. */
const MAX_TRIALS = 200;
/** Chains one inside another that are looked back through. */
const MAX_DEPTH = 16;

/** A place in a chain: what comes before the rule there. */
interface Before {
  readonly past: ChainPast;
  readonly place: number;
}

/** What the rules of a chain take from those behind them, and which of them may take packets of a box. */
interface ChainPast {
  /** By the place of a rule. */
  readonly taken: (place: number) => readonly Taken[];
  /** The place of the first rule that takes any; the last one, where none before it does. */
  readonly first: number;
  readonly rules: () => RulesMeeting;
}

/**
 * The rules that can never match, because rules that a packet meets before them take all their packets, or because their own conditions
 * exclude one another. Only what is certain is told: conditions that nobody can decide are taken to be able to hold and not to hold.
 * `onBound`: takes note of a rule for which not all rules before it were looked at.
 */
export function deadRules(rules: RuleSet, boxOf = ruleBoxes(), onBound: OnBound = () => undefined): DeadRule[] {
  const ends = chainEnds(rules, boxOf);
  const full = fullDimensions(rules.family);
  return [...rules.tables.values()].flatMap(({ name, chains }) => {
    // What rules of nft take is not told.
    if (isTableOfNft(name)) return [];
    const callers = once(() => callersOf(chains));
    const pasts = new Map<Chain, ChainPast>();
    const pastOf = (chain: Chain): ChainPast => {
      const found = pasts.get(chain) ?? chainPast(chain);
      pasts.set(chain, found);
      return found;
    };
    return [...chains.values()].flatMap((chain) => (chain.assumed === undefined ? deadIn(chain) : []));

    /** The rule that alone leads to a chain, the one that alone leads to its chain, and so on. */
    function waysInto(chain: Chain): { readonly rule: Rule; readonly at: Before }[] {
      const ways: { rule: Rule; at: Before }[] = [];
      for (let inner = chain; ways.length < MAX_DEPTH;) {
        const [caller, ...others] = callers().get(inner.name) ?? [];
        const rule = caller?.chain.rules[caller.place];
        if (caller === undefined || rule === undefined || others.length > 0) break;
        ways.push({ rule, at: { past: pastOf(caller.chain), place: caller.place } });
        inner = caller.chain;
      }
      return ways;
    }

    function deadIn(chain: Chain): DeadRule[] {
      // kube-proxy writes its chains whole, with rules for packets that this node has no way for: that is no fault.
      const ways = isProxyChain(chain.name) ? [] : waysInto(chain);
      const before = ways.map(({ at }) => at);
      const past = pastOf(chain);
      const isTakenFrom = before.some(takesBefore);
      // Of a chain that no packet gets into, the rule that leads there is told.
      const isCutOff = once(() =>
        ways.some(({ rule: jump }, depth) => {
          const entering = boxOf(jump).box;
          return entering === undefined || takersOf(entering, before.slice(depth), ways.slice(depth + 1), new Set()) !== undefined;
        }),
      );
      return chain.rules.flatMap((rule, place): DeadRule[] => {
        const { box } = boxOf(rule);
        if (box === undefined) return [{ chain, rule, takenBy: [] }];
        if (!isTakenFrom && place <= past.first) return [];
        const bounds = new Set<Bound>();
        const takenBy = takersOf(box, [{ past, place }, ...before], ways, bounds);
        if (takenBy === undefined) for (const bound of bounds) onBound(bound, chain, rule);
        return takenBy === undefined || isCutOff() ? [] : [{ chain, rule, takenBy }];
      });
    }
  });

  function chainPast({ rules: inOrder }: Chain): ChainPast {
    const known = new Map<number, readonly Taken[]>();
    const taken = (place: number): readonly Taken[] => {
      const rule = inOrder[place];
      const found = known.get(place) ?? (rule === undefined ? [] : ends(rule));
      known.set(place, found);
      return found;
    };
    // What the last rule takes no other one of the chain misses.
    const last = Math.max(0, inOrder.length - 1);
    let first = 0;
    while (first < last && taken(first).length === 0) first++;
    return {
      first,
      taken,
      rules: once(() => rulesMeeting(inOrder.map((rule) => (mayEnd(boxOf(rule), rule.verdict) ? boxOf(rule).box : undefined)))),
    };
  }

  /**
   * The rules that take all packets of a box that come this way: those of the places before it, of what the jumps on the way let through.
   */
  function takersOf(
    box: Box,
    before: readonly Before[],
    ways: readonly { readonly rule: Rule }[],
    bounds: Set<Bound>,
  ): readonly Rule[] | undefined {
    if (!before.some(takesBefore)) return undefined;
    const entering = ways.reduce((both: Box | undefined, { rule }) => {
      const limit = boxOf(rule).box;
      return both && limit && meetBoxes(both, limit);
    }, box);
    // What a jump does not let in at all is another matter.
    return coverOf(entering ?? box, before, bounds);
  }

  /** The rules that take all packets of a box: one alone where one does, else as few as are found by leaving out one after another. */
  function coverOf(box: Box, before: readonly Before[], bounds: Set<Bound>): readonly Rule[] | undefined {
    let alone: Taken | undefined;
    for (const taken of takenNearest(box, before, 'holding', bounds)) if (excesses(box, taken.box)?.length === 0) alone = taken;
    if (alone !== undefined) return [alone.by];
    const near: Taken[] = [];
    for (const taken of takenNearest(box, before, 'meeting', bounds)) {
      if (excesses(box, taken.box) === undefined) continue;
      if (near.length === MOST_TOGETHER) {
        bounds.add('together');
        break;
      }
      near.push(taken);
    }
    if (near.length === 0) return undefined;
    near.reverse();
    const isCovered = (by: readonly Taken[]): boolean => solve({ box, nots: by.map((taken) => taken.box) }, full, MAX_TRIALS) === undefined;
    if (!isCovered(near)) return undefined;
    let needed = near;
    for (const taken of near) {
      const fewer = needed.filter((one) => one.by !== taken.by);
      if (isCovered(fewer)) needed = fewer;
    }
    return [...new Set(needed.map(({ by }) => by))];
  }
}

/** Whether any rule before a place takes packets. */
function takesBefore({ past, place }: Before): boolean {
  return place > past.first;
}

/** What may take packets of a box, or all of them, on its way to a place: the nearest first. */
function* takenNearest(box: Box, before: readonly Before[], which: keyof RulesMeeting, bounds: Set<Bound>): Generator<Taken> {
  for (const { past, place } of before) {
    if (place <= past.first) continue;
    const found = past.rules()[which](box, 'before', place, MOST_BEFORE + 1);
    if (found.length > MOST_BEFORE) bounds.add('before');
    for (const at of found.slice(0, MOST_BEFORE)) yield* past.taken(at).toReversed();
  }
}

/** The rules that lead to each chain of a table. */
function callersOf(chains: ReadonlyMap<string, Chain>): Map<string, { readonly chain: Chain; readonly place: number }[]> {
  const callers = new Map<string, { chain: Chain; place: number }[]>();
  for (const chain of chains.values())
    for (const [place, { verdict }] of chain.rules.entries())
      for (const name of chainsIn(verdict)) addToGroup(callers, name, { chain, place });
  return callers;
}

function chainsIn(verdict: Verdict): string[] {
  if (verdict.kind === 'jump' || verdict.kind === 'goto') return [verdict.chain];
  if (verdict.kind === 'draw') return verdict.among.flatMap((one) => chainsIn(one.verdict));
  if (verdict.kind !== 'map') return [];
  const { entries, otherwise } = verdict.in;
  return [...entries.map(({ value }) => value), ...(otherwise === undefined ? [] : [otherwise])].flatMap(chainsIn);
}

function fullDimensions(family: 'ipv4' | 'ipv6'): Intervals[] {
  return DIMENSIONS.map((name): Intervals => {
    if (name === 'source' || name === 'destination') return [family === 'ipv6' ? 0n : 0, ADDRESS_MAX[family]];
    return name === 'in' || name === 'out' ? [0, 0] : [0, FIELD_MAX[name]];
  });
}
