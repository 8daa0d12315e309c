import type { Model, RuleChain } from './model.ts';

/** How many rules the tables of iptables hold. */
export function countRules({ tables }: Model): number {
  let rules = 0;
  for (const { chains } of tables.values()) rules += rulesIn(chains.values());
  return rules;
}

/** How many rules chains have, all together. */
export function rulesIn(chains: Iterable<RuleChain>): number {
  let rules = 0;
  for (const chain of chains) rules += chain.rules.length;
  return rules;
}
