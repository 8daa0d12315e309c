import type { RuleTable } from '../../state/model.ts';
import { append } from '../../common/append.ts';
import { BUILT_IN } from '../../world/iptables/base-chains.ts';

/** The chains that a packet can come to: the built-in ones and all that rules of reachable chains lead to. */
export function reachableChains(table: RuleTable): Set<string> {
  const work: string[] = [];
  for (const chain of table.chains.values()) if (chain.policy !== undefined || BUILT_IN.has(chain.name)) work.push(chain.name);
  // A listing of some chains alone does not show who leads there.
  if (work.length === 0) append(work, table.chains.keys());
  return chainsBehind(table, work);
}

/** Chains and all that their rules lead to. */
function chainsBehind(table: RuleTable, chains: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const work = [...chains];
  for (let name = work.pop(); name !== undefined; name = work.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const { target } of table.chains.get(name)?.rules ?? []) if (target.kind === 'jump') work.push(target.chain);
  }
  return reached;
}

/** The chains that some rule of a table leads to. */
export function jumpTargets(table: RuleTable): ReadonlySet<string> {
  const targets = new Set<string>();
  for (const { rules } of table.chains.values()) for (const { target } of rules) if (target.kind === 'jump') targets.add(target.chain);
  return targets;
}
