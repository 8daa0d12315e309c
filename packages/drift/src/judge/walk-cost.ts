import type { Judgement } from './judgement.ts';

const knownCosts = new WeakMap<Judgement, number>();

/** Rules that one packet is asked about at most in the built-in chains of both sides. */
export function walkCost(judgement: Judgement): number {
  let cost = knownCosts.get(judgement);
  if (cost === undefined) {
    cost = 100;
    for (const { model } of [judgement.before, judgement.after]) {
      for (const table of model.tables.values()) for (const chain of table.chains.values()) if (chain.policy !== undefined) cost += chain.rules.length;
    }
    knownCosts.set(judgement, cost);
  }
  return cost;
}
