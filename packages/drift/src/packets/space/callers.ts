import { addToGroup } from '../../common/add-to-group.ts';
import type { Program } from './program.ts';
import { jumpsOf } from './sets/content.ts';

/** A rule that leads to another chain. */
export interface Caller {
  readonly program: Program;
  readonly rule: number;
}

/** The rules of a table that lead to each of its chains, by the name of that. */
export function callersOf(chains: ReadonlyMap<string, Program>): Map<string, Caller[]> {
  const callers = new Map<string, Caller[]>();
  for (const program of chains.values())
    for (const { verdict, rule } of program.steps) for (const chain of jumpsOf(verdict)) addToGroup(callers, chain, { program, rule });
  return callers;
}
