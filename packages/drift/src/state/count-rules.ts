import type { Model } from './model.ts';

/** How many rules the tables of iptables hold. */
export function countRules({ tables }: Model): number {
  let rules = 0;
  for (const { chains } of tables.values()) for (const chain of chains.values()) rules += chain.rules.length;
  return rules;
}
