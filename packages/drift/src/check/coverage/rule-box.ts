import { type Box, EVERYTHING, PLACE, withCondition, withMark } from '../../packets/space/sets/box.ts';
import { intersect } from '../../packets/space/sets/intervals.ts';
import { HOLDS, negated, type Unseen } from '../../packets/space/sets/unseen.ts';
import type { Intervals } from '../../world/field.ts';
import type { Action, Rule, Test } from '../../world/ir.ts';

/** The packets of a rule as a box, as exact as its tests allow. */
export interface RuleBox {
  /** Undefined: no packet meets the tests, which exclude one another. */
  readonly box: Box | undefined;
  /** False where the rule meets fewer packets than the box holds: a test could not be put into it. */
  readonly exact: boolean;
  /** Whether the box asks for the packet's mark, which rules on the way may change. */
  readonly asksMark: boolean;
  /**
   * Packets for which it leaves something behind that the rule was asked, or met: a mark, a count that decides, a line of a log. Missing:
   * it leaves nothing but its own counters.
   */
  readonly leaves?: Box;
}

/** Gives a rule its box, made once. */
export type BoxOf = (rule: Rule) => RuleBox;

/** Gives rules their boxes; the same undecided condition is the same literal in all of them. */
export function ruleBoxes(): BoxOf {
  const numbers = new Map<string, number>();
  const known = new Map<Rule, RuleBox>();
  const condition: Conditions = (identity, not, values = HOLDS) => {
    const number = numbers.get(identity) ?? numbers.size;
    numbers.set(identity, number);
    const unseen = { number, in: values };
    return not ? negated(unseen) : unseen;
  };
  return (rule) => {
    const found = known.get(rule) ?? boxOf(rule, condition);
    known.set(rule, found);
    return found;
  };
}

type Conditions = (identity: string, not: boolean, values?: Intervals) => Unseen;

function boxOf({ body }: Rule, condition: Conditions): RuleBox {
  let box: Box | undefined = EVERYTHING;
  // Those of the box, as long as nobody else has them: most rules ask for several fields.
  let fields: (Intervals | undefined)[] | undefined;
  let exact = true;
  let asksMark = false;
  let leaves: Box | undefined;
  for (const test of body) {
    if (box === undefined) break;
    // Tests are asked in their order: what does not hold before this one keeps it from being asked.
    if (leavesSomething(test)) {
      leaves ??= box;
      fields = undefined;
    }
    if (test.kind === 'field') {
      const place = PLACE[test.field];
      const known = box.fields[place];
      const both = known === undefined ? test.in : intersect(known, test.in);
      if (fields === undefined) box = { ...box, fields: (fields = [...box.fields]) };
      fields[place] = both;
      if (both.length === 0) box = undefined;
      continue;
    }
    if ('and' in test || test.kind === 'copyMark' || test.kind === 'notrack' || test.kind === 'effect') continue;
    if (test.kind === 'mark') asksMark = true;
    const next = narrowed(box, test, condition);
    if (next === 'inexact') exact = false;
    else box = next;
  }
  return { box, exact, asksMark, ...(leaves === undefined ? {} : { leaves }) };
}

function leavesSomething(part: Test | Action): boolean {
  if (part.kind === 'unknown') return part.counts || part.remembers === true;
  if (part.kind === 'chance') return part.by === 'counter';
  return 'and' in part || part.kind === 'copyMark' || part.kind === 'notrack' || part.kind === 'effect';
}

function narrowed(box: Box, test: Exclude<Test, { kind: 'field' }>, condition: Conditions): Box | 'inexact' | undefined {
  switch (test.kind) {
    case 'mark':
      return test.not
        ? withoutMark(box, test)
        : withMark(box, test.register === 'packet' ? 'mark' : 'connectionMark', { mask: test.mask, value: test.value });
    case 'interface':
      return withCondition(box, condition(`${test.side} ${test.name.name}${test.name.prefix ? '+' : ''}`, test.not));
    case 'local':
      return withCondition(box, condition(`local ${test.field}`, test.not));
    case 'member':
      return withCondition(box, condition(`set ${test.of.name} ${test.of.asked ?? ''}`, test.not));
    case 'translated':
      return withCondition(box, condition(`translated ${test.side}`, test.not));
    case 'unknown':
      return test.counts ? 'inexact' : withCondition(box, condition(test.quantity?.name ?? test.identity, test.not, test.quantity?.in));
    default:
      return 'inexact';
  }
}

/** One bit that is not set is a box; a value that is not there is many. */
function withoutMark(box: Box, { register, mask, value }: Extract<Test, { kind: 'mark' }>): Box | 'inexact' | undefined {
  if ((mask & (mask - 1)) !== 0) return 'inexact';
  return withMark(box, register === 'packet' ? 'mark' : 'connectionMark', { mask, value: (value ^ mask) >>> 0 });
}
