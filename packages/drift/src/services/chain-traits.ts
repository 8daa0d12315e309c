import { CHAIN } from '../proxy/names/fixed-names.ts';
import { parseServiceChain } from '../proxy/names/chain-hash.ts';
import { serviceComment } from '../proxy/names/comments.ts';
import type { Model, RuleEntry, RuleTable } from '../state/model.ts';
import type { Frontend } from './frontends.ts';
import type { FrontendTraits, TraitIndex } from './service-frontends.ts';

/** What the chains of iptables mode say of a frontend. */
export function iptablesTraits(model: Model, index: TraitIndex, frontend: Frontend, family: 'ipv4' | 'ipv6'): FrontendTraits {
  const nat = model.tables.get(`${family} nat`);
  const purpose = frontend.purpose ?? index.purposes.get(frontend.key) ?? 'unknown';
  const chains = nat === undefined ? [] : chainsOf(nat, index.jumps.get(`${family} ${frontend.key}`) ?? []);
  const policy = purpose === 'cluster IP' || chains.length === 0 ? undefined : policyOfChains(nat as RuleTable, chains);
  const affinitySeconds = affinityOf(nat, chains);
  const firewall = chains.find((chain) => parseServiceChain(chain)?.kind === 'FW');
  const sourceRanges = firewall === undefined ? undefined : allowedSources(nat as RuleTable, firewall);
  return {
    purpose,
    ...(policy === undefined ? {} : { policy }),
    ...(affinitySeconds === undefined ? {} : { affinitySeconds }),
    ...(sourceRanges === undefined ? {} : { sourceRanges }),
  };
}

/** The chains of a service that its own rules jump to, and those that these jump to in turn; not those of endpoints. */
function chainsOf(nat: RuleTable, first: readonly string[]): string[] {
  const found = [...first];
  for (let at = 0; at < found.length; at++) {
    for (const { target } of nat.chains.get(found[at] as string)?.rules ?? []) {
      if (target.kind !== 'jump' || found.includes(target.chain)) continue;
      const kind = parseServiceChain(target.chain)?.kind;
      if (kind !== undefined && kind !== 'SEP') found.push(target.chain);
    }
  }
  return found;
}

/** 1.20 has a chain KUBE-XLB for services with policy Local alone; 1.25 and later tell by the rules of KUBE-EXT. */
function policyOfChains(nat: RuleTable, chains: readonly string[]): 'Cluster' | 'Local' {
  if (chains.some((chain) => parseServiceChain(chain)?.kind === 'XLB')) return 'Local';
  for (const name of chains) {
    if (parseServiceChain(name)?.kind !== 'EXT') continue;
    const rules = nat.chains.get(name)?.rules ?? [];
    if (rules.some((rule) => rule.comments.some((comment) => comment.includes(' LOCAL traffic for ')))) return 'Local';
    if (rules.some((rule) => rule.target.kind === 'jump' && parseServiceChain(rule.target.chain)?.kind === 'SVL')) return 'Local';
  }
  return 'Cluster';
}

/** `-m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-…` */
function affinityOf(nat: RuleTable | undefined, chains: readonly string[]): number | undefined {
  const balancing = chains.filter((chain) => ['SVC', 'SVL', 'XLB'].includes(parseServiceChain(chain)?.kind ?? ''));
  if (balancing.length === 0) return undefined;
  for (const chain of balancing) {
    for (const rule of nat?.chains.get(chain)?.rules ?? []) {
      for (const condition of rule.conditions) {
        if (condition.kind === 'other' && condition.seconds !== undefined) return condition.seconds;
      }
    }
  }
  return 0;
}

/** The sources of the rules of KUBE-FW that let packets on; undefined where every source is let on, as 1.20 does without ranges. */
function allowedSources(nat: RuleTable, firewall: string): string[] | undefined {
  const ranges: string[] = [];
  for (const rule of nat.chains.get(firewall)?.rules ?? []) {
    if (rule.target.kind !== 'jump' || rule.target.chain === CHAIN.markMasq || rule.target.chain === CHAIN.markDrop) continue;
    const source = rule.conditions.find((condition) => condition.kind === 'source');
    if (source === undefined) return undefined;
    if (source.kind === 'source' && !source.not) ranges.push(source.block);
  }
  return ranges.sort();
}

/** Why the filter rules of iptables mode refuse a frontend, by the comments of the rules that do. */
export function refusalComment(rule: RuleEntry | undefined): 'no endpoints' | 'no local endpoints' | undefined {
  for (const comment of rule?.comments ?? []) {
    const refusal = serviceComment(comment)?.refusal;
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
