import type { RuleTable } from '../../state/model.ts';
import type { BaseChain, Chain, Hook } from '../ir.ts';

/** Priorities of the tables at each hook (Linux include/uapi/linux/netfilter_ipv4.h `nf_ip_hook_priorities`). */
const PRIORITIES: Readonly<Record<string, Partial<Record<Hook, number>>>> = {
  raw: { prerouting: -300, output: -300 },
  mangle: { prerouting: -150, input: -150, forward: -150, output: -150, postrouting: -150 },
  nat: { prerouting: -100, input: 100, output: -100, postrouting: 100 },
  filter: { input: 0, forward: 0, output: 0 },
  security: { input: 50, forward: 50, output: 50 },
};

/** The names of the chains that the kernel's hooks lead to, of any table. */
export const BUILT_IN: ReadonlySet<string> = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);

/** The chains of a table that the kernel's hooks lead to. */
export function baseChains({ name, chains: listed }: RuleTable, chains: ReadonlyMap<string, Chain>): BaseChain[] {
  return Object.entries(PRIORITIES[name] ?? {}).flatMap(([hook, priority]) => {
    const chain = chains.get(hook.toUpperCase());
    if (chain === undefined) return [];
    const policy = listed.get(chain.name)?.policy;
    return [
      {
        // The keys of the table above are hooks.
        hook: hook as Hook,
        priority,
        nat: name === 'nat',
        policy: policy === 'DROP' ? 'drop' : 'accept',
        ...(policy === undefined ? { policyNotShown: true } : {}),
        table: name,
        chain,
      } satisfies BaseChain,
    ];
  });
}
