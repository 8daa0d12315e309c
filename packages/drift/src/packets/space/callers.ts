import { addToGroup } from '../../common/add-to-group.ts';
import type { Chains, Program } from './program.ts';
import { jumpsOf } from './sets/content.ts';

/** A rule that leads to another chain. */
export interface Caller {
  readonly program: Program;
  readonly rule: number;
}

/** The rules of a table that lead to each of its chains, by the name of that. */
export type Callers = ReadonlyMap<string, readonly Caller[]>;

/** Finds the rules of a table that lead to each of its chains. */
export function callersOf(chains: Chains | undefined): Callers {
  const callers = new Map<string, Caller[]>();
  for (const program of chains?.values() ?? []) {
    for (const [at, { verdict }] of program.steps.entries())
      for (const chain of jumpsOf(verdict)) addToGroup(callers, chain, { program, rule: program.ruleAt[at] as number });
  }
  return callers;
}
