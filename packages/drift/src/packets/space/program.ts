import type { BaseChain, Chain } from '../../world/ir.ts';
import type { World } from '../../world/world.ts';
import { type Box, EVERYTHING } from './sets/box.ts';
import { type ChainSteps, stepsOfChain } from './walk/steps-of-chain.ts';
import type { Step } from './walk/step.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A chain of one side, compiled, with what tells it apart from chains of the other side. */
export interface Program {
  readonly name: string;
  readonly table: string;
  readonly steps: readonly Step[];
  readonly starts: readonly number[];
  readonly covers: readonly (Box | undefined)[];
  /** What happens behind the last step; missing: the calling chain goes on. */
  readonly policy?: BaseChain['policy'];
  /** Place of each rule among those of both sides: rules that stand on both have the same. */
  places: readonly number[];
  readonly chain?: Chain;
}

/** The chains of one side, by table and name. */
export interface SidePrograms {
  readonly world: World;
  readonly programs: ReadonlyMap<string, ReadonlyMap<string, Program>>;
  /** By `hook table chain`. */
  readonly base: ReadonlyMap<string, BaseChain>;
}

/** Compiles the chains of a world. */
export function sidePrograms(world: World, vocabulary: Vocabulary): SidePrograms {
  const base = new Map<string, BaseChain>();
  const policies = new Map<Chain, BaseChain['policy']>();
  for (const one of world.rules.base) {
    base.set(baseKey(one), one);
    policies.set(one.chain, one.policy);
  }
  const context = { vocabulary, addresses: world.addresses };
  const programs = new Map<string, Map<string, Program>>();
  for (const { name: table, chains } of world.rules.tables.values()) {
    const compiled = new Map<string, Program>();
    for (const chain of chains.values()) {
      const policy = policies.get(chain);
      compiled.set(
        chain.name,
        programOf(chain.name, table, stepsOfChain(chain, context), { chain, ...(policy === undefined ? {} : { policy }) }),
      );
    }
    programs.set(table, compiled);
  }
  return { world, programs, base };
}

/** Names a base chain the same on both sides. */
export function baseKey({ hook, table, chain }: BaseChain): string {
  return `${hook} ${table} ${chain.name}`;
}

/** A chain that no listing has: a part of the kernel's path, in the same form. */
export function partOfPath(name: string, steps: readonly Step[]): Program {
  return programOf(name, '', { steps, starts: steps.map((_, at) => at), covers: steps.map(() => EVERYTHING) }, {});
}

/** A program from the steps of a chain. */
export function programOf(
  name: string,
  table: string,
  { steps, starts, covers }: ChainSteps,
  more: Pick<Program, 'chain' | 'policy'>,
): Program {
  return { name, table, steps, starts, covers, places: starts.map((_, place) => place), ...more };
}
