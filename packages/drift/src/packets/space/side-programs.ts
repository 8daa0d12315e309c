import { once } from '../../common/once.ts';
import type { BaseChain, Chain } from '../../world/ir.ts';
import type { World } from '../../world/world.ts';
import { type Callers, callersOf } from './callers.ts';
import { type Lookups, lookupsOf } from './lookups.ts';
import { type Chains, type Program, programOf } from './program.ts';
import type { Vocabulary } from './vocabulary.ts';
import { compileRule } from './walk/compiled-rule.ts';
import { type PathParts, pathParts } from './walk/path-parts.ts';

/** The chains of one side. */
export interface SidePrograms {
  readonly world: World;
  /** By table and name. */
  readonly programs: ReadonlyMap<string, Chains>;
  /** By `hook table chain`. */
  readonly base: ReadonlyMap<string, BaseChain>;
  readonly parts: () => PathParts;
  /** The rules of a table that lead to each of its chains. */
  readonly callers: (table: string) => Callers;
  /** The sets that rules ask for. */
  readonly lookups: () => Lookups;
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
      const rules = chain.rules.map((rule) => compileRule(rule, context));
      compiled.set(chain.name, programOf(chain.name, table, rules, { chain, ...(policy === undefined ? {} : { policy }) }));
    }
    programs.set(table, compiled);
  }
  return {
    world,
    programs,
    base,
    parts: once(() => pathParts(world, vocabulary)),
    callers: callersIn(programs),
    lookups: once(() => lookupsOf(programs.values())),
  };
}

/** The callers of each table, found when they are asked for. */
export function callersIn(programs: SidePrograms['programs']): SidePrograms['callers'] {
  const known = new Map<string, Callers>();
  return (table) => {
    const found = known.get(table) ?? callersOf(programs.get(table));
    known.set(table, found);
    return found;
  };
}

/** Names a base chain the same on both sides. */
export function baseKey({ hook, table, chain }: BaseChain): string {
  return `${hook} ${table} ${chain.name}`;
}
