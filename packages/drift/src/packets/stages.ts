import { placeOf } from '../world/hook-order.ts';
import type { BaseChain, Hook } from '../world/ir.ts';

/** What a packet meets at a hook, one after another. */
export type Stage = { readonly kind: 'chain'; readonly base: BaseChain } | { readonly kind: 'conntrack' } | { readonly kind: 'ipvs' };

/** The stages of each hook in the kernel's order. */
export type Stages = Readonly<Record<Hook, readonly Stage[]>>;

/**
 * What is not rules, by priority: connection tracking comes before mangle, IPVS after filter INPUT and before filter OUTPUT
 * (Linux nf_ip_hook_priorities; ip_vs_core.c `ip_vs_ops4`).
 */
const OTHERS: readonly (readonly [hook: Hook, priority: number, kind: 'conntrack' | 'ipvs'])[] = [
  ['prerouting', -200, 'conntrack'],
  ['output', -200, 'conntrack'],
  ['input', 99, 'ipvs'],
  ['output', -98, 'ipvs'],
];

/** Puts base chains, in their order, among the other stages. */
export function stagesOf(base: readonly BaseChain[]): Stages {
  const at = (hook: Hook): Stage[] => {
    const placed: { readonly priority: number; readonly stage: Stage }[] = [
      ...OTHERS.filter(([where]) => where === hook).map(([, priority, kind]) => ({ priority, stage: { kind } })),
      ...base.filter((one) => one.hook === hook).map((one) => ({ priority: placeOf(one), stage: { kind: 'chain', base: one } as const })),
    ];
    return placed.sort((one, other) => one.priority - other.priority).map(({ stage }) => stage);
  };
  return { prerouting: at('prerouting'), input: at('input'), forward: at('forward'), output: at('output'), postrouting: at('postrouting') };
}
