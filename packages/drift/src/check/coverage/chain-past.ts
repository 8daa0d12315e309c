import { addToGroup } from '../../common/add-to-group.ts';
import { type Box, PLACE } from '../../packets/space/sets/box.ts';
import { single } from '../../packets/space/sets/intervals.ts';
import type { Value } from '../../world/field.ts';
import type { Chain, Rule } from '../../world/ir.ts';
import type { ChainEnds, Taken } from './chain-ends.ts';
import type { RuleBox } from './rule-box.ts';

/**
 * What the rules of a chain take from the packets that come to those behind them: packets that do not come to a place, by its number from
 * 0; of those for other single destinations than the one that is given, none.
 */
export type ChainPast = (place: number, destination: Value | undefined) => readonly Taken[];

interface TakenAt extends Taken {
  readonly place: number;
}

/** What a chain takes; what a rule for one destination takes is asked only where another rule for it follows. */
export function chainPast({ rules }: Chain, ends: ChainEnds, boxOf: (rule: Rule) => RuleBox): ChainPast {
  const wide: TakenAt[] = [];
  const byDestination = new Map<Value, TakenAt[]>();
  const waiting = new Map<Value, { readonly rule: Rule; readonly place: number }[]>();
  for (const [place, rule] of rules.entries()) {
    const { box } = boxOf(rule);
    const own = box && singleDestination(box);
    if (own !== undefined) addToGroup(waiting, own, { rule, place });
    // Behind the last rule stands none.
    else if (place < rules.length - 1)
      for (const taken of ends(rule)) {
        const destination = singleDestination(taken.box);
        if (destination === undefined) wide.push({ ...taken, place });
        else addToGroup(byDestination, destination, { ...taken, place });
      }
  }
  const takenAt = (destination: Value): readonly TakenAt[] => {
    const rest = waiting.get(destination);
    if (rest !== undefined) {
      waiting.delete(destination);
      const taken = rest.flatMap(({ rule, place }) => ends(rule).map((one) => ({ ...one, place })));
      byDestination.set(
        destination,
        [...(byDestination.get(destination) ?? []), ...taken].sort((one, other) => one.place - other.place),
      );
    }
    return byDestination.get(destination) ?? [];
  };
  return (place, destination) => [
    ...before(wide, place),
    // The first rule for a destination has none before it.
    ...(destination === undefined || (waiting.get(destination)?.[0]?.place ?? 0) >= place && !byDestination.has(destination)
      ? []
      : before(takenAt(destination), place)),
  ];
}

/** The first of a list in the order of places. */
function before(all: readonly TakenAt[], place: number): readonly TakenAt[] {
  const end = all.findIndex((taken) => taken.place >= place);
  return end < 0 ? all : all.slice(0, end);
}

/** The only destination of a box; undefined where it has several. */
export function singleDestination({ fields }: Box): Value | undefined {
  return single(fields[PLACE.destination]);
}
