import { CHAIN } from '../../proxy/names/fixed-names.ts';
import type { NodeView } from '../../services/node-facts.ts';
import { parseServiceChain } from '../../proxy/names/chain-hash.ts';
import { serviceComment } from '../../proxy/names/comments.ts';
import { endpointAddress } from '../../state/ipvs-table.ts';
import type { RuleChain } from '../../state/model.ts';
import { type FoundThing, inFamily } from '../finding.ts';
import { ruleFinding } from './rules/rule-kinds.ts';

/** Chains of endpoints in iptables mode without the rule that masquerades what an endpoint sends to itself: each begins with it. */
export function hairpinRules({ model, facts }: NodeView): FoundThing[] {
  if (facts.proxyMode?.value !== 'iptables') return [];
  return (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const nat = model.tables.get(`${family} nat`);
    if (nat?.complete !== true) return [];
    const found = [...nat.chains.values()].flatMap((chain) => {
      const endpoint = parseServiceChain(chain.name)?.kind === 'SEP' ? endpointOf(chain) : undefined;
      if (endpoint === undefined || masquerades(chain, endpointAddress(endpoint))) return [];
      const name =
        chain.rules.flatMap(({ comments }) => comments.flatMap((comment) => serviceComment(comment)?.servicePort ?? []))[0] ?? chain.name;
      return [
        ruleFinding('x.rule-missing', {
          severity: 'warning',
          subject: { kind: 'iptables.chain', name: `nat ${chain.name}` },
          text: `${name}: chain ${chain.name} does not masquerade what ${endpoint} sends to itself: it cannot reach itself through its service`,
          origins: [chain.origin],
          about: [name],
        }),
      ];
    });
    return inFamily(family, found);
  });
}

function endpointOf({ rules }: RuleChain): string | undefined {
  for (const { target } of rules) if (target.kind === 'dnat') return target.to;
  return undefined;
}

function masquerades({ rules }: RuleChain, address: string): boolean {
  return rules.some(
    ({ target, conditions }) =>
      target.kind === 'jump' &&
      target.chain === CHAIN.markMasq &&
      conditions.some((condition) => condition.kind === 'source' && !condition.not && condition.block === address),
  );
}
