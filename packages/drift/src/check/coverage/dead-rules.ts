import { addToGroup } from '../../common/add-to-group.ts';
import { type Box, DIMENSIONS, excesses, PLACE } from '../../packets/space/sets/box.ts';
import { solve } from '../../packets/space/sets/solve.ts';
import { ADDRESS_MAX, FIELD_MAX, type Intervals, type Value } from '../../world/field.ts';
import type { Chain, Rule, RuleSet } from '../../world/ir.ts';
import { chainEnds, type Taken } from './chain-ends.ts';
import { ruleBoxes } from './rule-box.ts';

/** A rule that no packet can meet. */
export interface DeadRule {
  readonly chain: Chain;
  readonly rule: Rule;
  /** Rules before it in its chain that together take all its packets; none: its own conditions exclude one another. */
  readonly takenBy: readonly Rule[];
}

/** Earlier rules that are asked about for one rule; of more, the nearest. */
const MAX_ASKED = 64;
/** Trials to find a packet that a rule still meets. */
const MAX_TRIALS = 200;

/**
 * The rules that can never match, because rules before them in their chain take all their packets, or because their own conditions exclude
 * one another. Only what is certain is told: conditions that nobody can decide are taken to be able to hold and not to hold.
 */
export function deadRules(rules: RuleSet): DeadRule[] {
  const boxOf = ruleBoxes();
  const ends = chainEnds(rules, boxOf);
  const full = fullDimensions(rules.family);
  return [...rules.tables.values()].flatMap(({ chains }) =>
    [...chains.values()].flatMap((chain) => (chain.assumed === undefined ? deadIn(chain) : [])),
  );

  function deadIn(chain: Chain): DeadRule[] {
    const dead: DeadRule[] = [];
    const byDestination = new Map<Value, Taken[]>();
    const wide: Taken[] = [];
    // What a rule for one destination takes is asked only where another rule for it follows.
    const waiting = new Map<Value, Rule[]>();
    const takenAt = (destination: Value): readonly Taken[] => {
      for (const rule of waiting.get(destination) ?? [])
        for (const taken of ends.taken(rule)) addToGroup(byDestination, destination, taken);
      waiting.delete(destination);
      return byDestination.get(destination) ?? [];
    };
    let marked = false;
    for (const [place, rule] of chain.rules.entries()) {
      const { box } = boxOf(rule);
      if (box === undefined) dead.push({ chain, rule, takenBy: [] });
      else {
        const asked = marked ? withoutMarks(box) : box;
        const destination = single(asked);
        const before = destination === undefined ? wide : [...wide, ...takenAt(destination)];
        const takenBy = coverOf(asked, before);
        if (takenBy !== undefined) dead.push({ chain, rule, takenBy });
      }
      if (place === chain.rules.length - 1) break;
      const own = box === undefined ? undefined : single(box);
      if (own !== undefined) addToGroup(waiting, own, rule);
      else {
        for (const taken of ends.taken(rule)) {
          const destination = single(taken.box);
          if (destination === undefined) wide.push(taken);
          else {
            takenAt(destination);
            addToGroup(byDestination, destination, taken);
          }
        }
      }
      marked ||= ends.marks(rule);
    }
    return dead;
  }

  /** The rules that take all packets of a box: one alone where one does, else as few as are found by leaving out one after another. */
  function coverOf(box: Box, before: readonly Taken[]): readonly Rule[] | undefined {
    const near = before.filter((taken) => excesses(box, taken.box) !== undefined).slice(-MAX_ASKED);
    if (near.length === 0) return undefined;
    const alone = near.find((taken) => excesses(box, taken.box)?.length === 0);
    if (alone !== undefined) return [alone.by];
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

/** A mark that may have changed on the way says nothing: the rule may then meet more packets. */
function withoutMarks(box: Box): Box {
  return { ...box, mark: { mask: 0, value: 0 }, connectionMark: { mask: 0, value: 0 } };
}

function single({ fields }: Box): Value | undefined {
  const values = fields[PLACE.destination];
  return values?.length === 2 && values[0] === values[1] ? values[0] : undefined;
}

function fullDimensions(family: 'ipv4' | 'ipv6'): Intervals[] {
  return DIMENSIONS.map((name): Intervals => {
    if (name === 'source' || name === 'destination') return [family === 'ipv6' ? 0n : 0, ADDRESS_MAX[family]];
    return name === 'in' || name === 'out' ? [0, 0] : [0, FIELD_MAX[name]];
  });
}
