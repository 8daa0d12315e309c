import type { Intervals } from '../../world/field.ts';
import type { BaseChain, Chain } from '../../world/ir.ts';
import { EVERYTHING } from './sets/box.ts';
import type { CompiledRule } from './walk/compiled-rule.ts';
import type { Step } from './walk/step.ts';

/** A chain of one side, compiled, with what tells it apart from chains of the other side. */
export interface Program {
  readonly name: string;
  readonly table: string;
  readonly rules: readonly CompiledRule[];
  /** The steps of all rules, one behind the other. */
  readonly steps: readonly Step[];
  /** The step at which each rule begins. */
  readonly starts: Int32Array;
  /** The rule of each step. */
  readonly ruleAt: Int32Array;
  /** What happens behind the last step; missing: the calling chain goes on. */
  readonly policy?: BaseChain['policy'];
  /** Place of each rule among those of both sides: rules that stand on both have the same. */
  places: readonly number[];
  readonly chain?: Chain;
  /** There once all chains that it jumps to are known. */
  content?: Content;
  /** Where it was made of another one for one question: that one, and which of its rules each rule is; -1: none. */
  readonly made?: { readonly of: Program; readonly origins: Int32Array };
}

/** What is to be known of the rest of a chain from each step on. */
export interface Content {
  /** Equal where packets are treated alike from this step on, whatever the names of chains and sets; one more than there are steps. */
  readonly rest: readonly number[];
  /** Protocols whose packets do not come back to the calling chain from this step on. */
  readonly kept: readonly Intervals[];
}

/** The chains of a table, by name. */
export type Chains = Pick<ReadonlyMap<string, Program>, 'get' | 'has' | 'values'>;

/** A program from the rules of a chain. */
export function programOf(
  name: string,
  table: string,
  rules: readonly CompiledRule[],
  more: Partial<Pick<Program, 'chain' | 'policy' | 'places' | 'made'>>,
): Program {
  const steps: Step[] = [];
  const starts = new Int32Array(rules.length);
  for (let rule = 0; rule < rules.length; rule++) {
    starts[rule] = steps.length;
    for (const step of (rules[rule] as CompiledRule).steps) steps.push(step);
  }
  const ruleAt = new Int32Array(steps.length);
  for (let rule = 0; rule < rules.length; rule++) ruleAt.fill(rule, starts[rule], starts[rule + 1] ?? steps.length);
  return { name, table, rules, steps, starts, ruleAt, ...more, places: more.places ?? Array.from(starts, (_, place) => place) };
}

/** A chain that no listing has: a part of the kernel's path, in the same form. */
export function partOfPath(name: string, steps: readonly Step[]): Program {
  const rules = steps.map((step) => ({ steps: [step], cover: EVERYTHING }));
  return programOf(name, '', rules, {});
}
