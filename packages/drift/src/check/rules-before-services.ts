import { CHAIN } from '../proxy/names/fixed-names.ts';
import type { RuleEntry, RuleTable } from '../state/model.ts';
import type { Rule } from '../world/ir.ts';
import type { World } from '../world/world.ts';

/**
 * Rules of the hooks that come before the jump into kube-proxy's chain. `inServices`: those of that chain too that lead into no other one.
 */
export function rulesBefore({ chains }: RuleTable, inServices: boolean): RuleEntry[] {
  const hooks = ['PREROUTING', 'OUTPUT'].flatMap((hook) => {
    const rules = chains.get(hook)?.rules ?? [];
    const jump = rules.findIndex(({ target }) => target.kind === 'jump' && target.chain === CHAIN.services);
    return rules.slice(0, Math.max(jump, 0));
  });
  const own = inServices ? (chains.get(CHAIN.services)?.rules ?? []) : [];
  return [...hooks, ...own.filter(({ target }) => target.kind !== 'jump')];
}

/** Sources that rules are for, asked of besides the usual senders. */
const MOST_SOURCES = 8;

/** An address of the block that a rule is for. */
export interface Source {
  readonly block: string;
  readonly address: bigint;
}

/** The sources that rules are for. */
export function sourcesOf(rules: readonly RuleEntry[]): Source[] {
  const found = new Map<string, Source>();
  for (const { conditions } of rules) {
    for (const one of conditions) {
      if (one.kind !== 'source' || one.not || one.range === undefined) continue;
      const { low, high } = one.range;
      found.set(one.block, { block: one.block, address: low === high ? low : low + 1n });
    }
  }
  return [...found.values()].slice(0, MOST_SOURCES);
}

/** Whether a rule keeps packets from being tracked: they see no nat. */
export function untracks({ rules }: World): boolean {
  return [...(rules.tables.get('raw')?.chains.values() ?? [])].some((chain) => chain.rules.some(isNotrack));
}

/** Whether a rule does so. */
export function isNotrack({ body }: Rule): boolean {
  return body.some(({ kind }) => kind === 'notrack');
}
