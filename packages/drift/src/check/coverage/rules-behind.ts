import { addToGroup } from '../../common/add-to-group.ts';
import { type Box, PLACE } from '../../packets/space/sets/box.ts';
import { single } from '../../packets/space/sets/intervals.ts';
import type { Value } from '../../world/field.ts';
import type { Rule } from '../../world/ir.ts';
import type { RuleBox } from './rule-box.ts';

interface Placed {
  readonly rule: Rule;
  readonly place: number;
}

/** Rules by the only value of one of their fields; those that ask for several, or for none, under `undefined`. */
type ByValue = ReadonlyMap<Value | undefined, readonly Placed[]>;

/**
 * Gives the rules behind a place that may meet packets of a box, in their order. Where the box has a single source or destination, rules
 * for another one are passed over at once.
 */
export function rulesBehind(rules: readonly Rule[], boxOf: (rule: Rule) => RuleBox): (place: number, box: Box) => Iterable<Rule> {
  const indexes = (['source', 'destination'] as const).map((field) => ({ at: PLACE[field], index: byValue(rules, PLACE[field], boxOf) }));
  return (place, box) => {
    const [fewest] = indexes
      .flatMap(({ at, index }) => {
        const value = single(box.fields[at]);
        return value === undefined ? [] : [[index.get(value) ?? [], index.get(undefined) ?? []] as const];
      })
      .sort(([a, b], [c, d]) => a.length + b.length - (c.length + d.length));
    return fewest === undefined ? from(rules, place + 1) : merged(fewest, place + 1);
  };
}

function byValue(rules: readonly Rule[], field: number, boxOf: (rule: Rule) => RuleBox): ByValue {
  const index = new Map<Value | undefined, Placed[]>();
  for (const [place, rule] of rules.entries()) {
    const { box, leaves } = boxOf(rule);
    addToGroup(index, single((leaves ?? box)?.fields[field]), { rule, place });
  }
  return index;
}

function* from(rules: readonly Rule[], place: number): Generator<Rule> {
  for (let at = place; at < rules.length; at++) yield rules[at] as Rule;
}

/** Two lists of rules from a place on, in one order. */
function* merged([one, other]: readonly [readonly Placed[], readonly Placed[]], place: number): Generator<Rule> {
  let [left, right] = [firstFrom(one, place), firstFrom(other, place)];
  for (;;) {
    const [a, b] = [one[left], other[right]];
    if (a !== undefined && (b === undefined || a.place < b.place)) {
      left += 1;
      yield a.rule;
    } else if (b !== undefined) {
      right += 1;
      yield b.rule;
    } else return;
  }
}

function firstFrom(list: readonly Placed[], place: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as Placed).place < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
