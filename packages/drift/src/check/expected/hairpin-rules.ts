import type { NodeView } from '../../services/node-facts.ts';
import { type FoundThing, inFamily } from '../finding.ts';
import { bareEndpointChains, servicePortOf } from '../hairpin-chains.ts';
import { ruleFinding } from './rules/rule-kinds.ts';

/** Chains of endpoints in iptables mode without the rule that masquerades what an endpoint sends to itself: each begins with it. */
export function hairpinRules({ model, facts, serviceChains }: NodeView): FoundThing[] {
  if (facts.proxyMode?.value !== 'iptables') return [];
  return (['ipv4', 'ipv6'] as const).flatMap((family) => {
    if (model.tables.get(`${family} nat`)?.complete !== true) return [];
    const found = bareEndpointChains(serviceChains[family]()).map(({ chain, endpoint }) => {
      const name = servicePortOf(chain);
      return ruleFinding('x.rule-missing', {
        severity: 'warning',
        subject: { kind: 'iptables.chain', name: `nat ${chain.name}` },
        text: `${name}: chain ${chain.name} does not masquerade what ${endpoint} sends to itself: it cannot reach itself through its service`,
        origins: [chain.origin],
        about: [name],
      });
    });
    return inFamily(family, found);
  });
}
