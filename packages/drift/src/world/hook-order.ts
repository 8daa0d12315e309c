import { addToGroup } from '../common/add-to-group.ts';
import type { BaseChain } from './ir.ts';

/**
 * The chains of nat share one place at a hook, whatever priority each has; it orders them within that place (Linux nf_nat_core.c
 * `nf_nat_register_fn`).
 */
const PLACES_OF_NAT: Readonly<Record<BaseChain['hook'], number>> = {
  prerouting: -100,
  input: 100,
  forward: 0,
  output: -100,
  postrouting: 100,
};

/** The priority at which the kernel asks a base chain. */
export function placeOf({ nat, hook, priority }: Pick<BaseChain, 'nat' | 'hook' | 'priority'>): number {
  return nat ? PLACES_OF_NAT[hook] : priority;
}

/** An order of base chains, and the chains of which no listing tells which comes first. */
export interface HookOrder {
  readonly base: readonly BaseChain[];
  /** Chains of several tables at one hook, of one priority, that do something. */
  readonly ties: readonly (readonly BaseChain[])[];
}

/**
 * The orders in which the kernel may ask base chains: by place and priority. Of equal ones the one that registered last comes first (Linux
 * netfilter/core.c `nf_hook_entries_grow`): within a table that is the one listed last. Between tables it is not shown, nor when nat took
 * its place among others, and there are two orders, one the other way round.
 */
export function hookOrders(base: readonly BaseChain[]): readonly [HookOrder, ...HookOrder[]] {
  const tables = [...new Set(base.map(({ table }) => table))];
  const ordered = (turn: 1 | -1): BaseChain[] =>
    base
      .toReversed()
      .sort(
        (one, other) =>
          placeOf(one) - placeOf(other) ||
          turn * (Number(one.nat) - Number(other.nat)) ||
          one.priority - other.priority ||
          turn * (tables.indexOf(one.table) - tables.indexOf(other.table)),
      );
  const ties = tiesOf(base.filter(({ chain, policy }) => chain.rules.length > 0 || policy === 'drop'));
  const first = { base: ordered(1), ties };
  return ties.length === 0 ? [first] : [first, { base: ordered(-1), ties }];
}

function tiesOf(base: readonly BaseChain[]): BaseChain[][] {
  const places = new Map<string, BaseChain[]>();
  for (const one of base) addToGroup(places, `${one.hook} ${placeOf(one)}`, one);
  return [...places.values()].flatMap((group) => {
    // What is no chain of nat stands before all of them or behind all.
    if (group.some(({ nat }) => nat) && !group.every(({ nat }) => nat)) return [group];
    const equal = new Map<number, BaseChain[]>();
    for (const one of group) addToGroup(equal, one.priority, one);
    return [...equal.values()].filter((chains) => chains.some(({ table }) => table !== chains[0]?.table));
  });
}
