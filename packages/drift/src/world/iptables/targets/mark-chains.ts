import { CHAIN } from '../../../proxy/names/fixed-names.ts';
import type { RuleTable } from '../../../state/model.ts';
import type { Chain } from '../../ir.ts';

/** Chains of kube-proxy and kubelet that only set a mark. */
const MARKS: ReadonlyMap<string, number> = new Map([
  [CHAIN.markMasq, 0x4000],
  [CHAIN.markDrop, 0x8000],
]);

/** Those of them that rules jump to and no listing shows, as their names say that they are. */
export function markChains(table: RuleTable): Map<string, Chain> {
  const chains = new Map<string, Chain>();
  for (const [name, mark] of MARKS) {
    if (table.chains.has(name)) continue;
    if (![...table.chains.values()].some(({ rules }) => rules.some(({ target }) => target.kind === 'jump' && target.chain === name)))
      continue;
    chains.set(name, {
      table: table.name,
      name,
      rules: [
        {
          body: [{ kind: 'mark', register: 'packet', and: ~mark >>> 0, xor: mark }],
          verdict: { kind: 'continue' },
          source: { table: table.name, chain: name, number: 1 },
        },
      ],
      assumed: { kind: 'mark-of-unlisted-chain', chain: name, mark },
    });
  }
  return chains;
}
