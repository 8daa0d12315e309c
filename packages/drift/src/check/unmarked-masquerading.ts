import { CHAIN } from '../proxy/names/fixed-names.ts';
import { isKubeProxyTableName } from '../proxy/nftables/names.ts';
import type { Chain, Rule, RuleSet, TableChains } from '../world/ir.ts';

/** Chains one inside another that are followed. */
const MAX_DEPTH = 16;

/**
 * The first rule by which kube-proxy masquerades what does not have its mark, whatever it is and wherever it goes: up to 1.16 its rule asks
 * for the mark, and since then one before it lets all else return. Rules that ask for more, as those for endpoints that reach themselves,
 * are for some packets alone.
 */
export function masqueradesUnmarked({ base, tables }: RuleSet): Rule | undefined {
  for (const { hook, nat, table, chain } of base) {
    const chains = tables.get(table);
    if (hook !== 'postrouting' || !nat || chains?.whole !== true) continue;
    if (isKubeProxyTableName(table)) {
      const found = ofUnmarked(chain, chains, 0);
      if (typeof found === 'object') return found;
      continue;
    }
    const own = chains.chains.get(CHAIN.postrouting);
    const isLedTo = chain.rules.some(({ body, verdict }) => body.length === 0 && verdict.kind === 'jump' && verdict.chain === own?.name);
    const found = own === undefined || !isLedTo ? undefined : ofUnmarked(own, chains, 0);
    if (typeof found === 'object') return found;
  }
  return undefined;
}

/** What becomes of every packet without a mark in a chain: the rule that masquerades it, or whether it comes back from there. */
function ofUnmarked({ rules }: Chain, table: TableChains, depth: number): Rule | 'ended' | 'returned' {
  let mark = 0;
  for (const rule of rules) {
    const body = rule.body.filter((part) => part.kind !== 'effect');
    let isMet = true;
    for (const part of body) {
      if (part.kind !== 'mark' || part.register !== 'packet') isMet = false;
      else if ('and' in part) mark = isMet ? ((mark & part.and) ^ part.xor) >>> 0 : mark;
      else isMet &&= ((mark & part.mask) >>> 0 === part.value >>> 0) !== part.not;
    }
    if (!isMet) continue;
    const { verdict } = rule;
    if (verdict.kind === 'source') return rule;
    if (verdict.kind === 'return') return 'returned';
    if (verdict.kind === 'jump' || verdict.kind === 'goto') {
      const chain = table.chains.get(verdict.chain);
      const found = chain === undefined || depth === MAX_DEPTH ? 'ended' : ofUnmarked(chain, table, depth + 1);
      if (found !== 'returned') return found;
      if (verdict.kind === 'goto') return 'returned';
    } else if (verdict.kind !== 'continue') return 'ended';
  }
  return 'returned';
}
