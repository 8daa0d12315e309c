import { chainRole } from '../../proxy/names/chain-roles.ts';
import type { ProxyMode } from '../../proxy/facts/fact.ts';
import { IPVS_INTERFACE } from '../../proxy/facts/node-world.ts';
import { isProxySet } from '../../proxy/names/set-catalogue.ts';
import { ruleOf } from '../../differences/difference.ts';
import { type Claim, explainedRule } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import { jumpsToProxy } from '../rules/anchors.ts';

/** What handles services in a mode. */
export const MECHANISM: { readonly [Mode in ProxyMode]: string } = {
  ipvs: 'IPVS',
  iptables: 'iptables rules',
  nftables: 'nftables rules',
  userspace: 'a process of kube-proxy (userspace mode)',
  mixed: 'several mechanisms at once',
};

/** Everything that kube-proxy makes is made anew in another mode: its chains, the jumps into them, its sets, its virtual services. */
export function claimsOfMode({ differences }: Comparison): Claim[] {
  const claims: Claim[] = [];
  const claim = (difference: object, id: string, subject: string): void => {
    claims.push({ difference, explained: [{ id, subject }] });
  };
  for (const table of differences.tables) {
    const name = table.after.name;
    for (const chain of table.changed) {
      for (const rule of chain.rules) {
        if (chainRole(chain.after.name) !== undefined || jumpsToProxy(ruleOf(rule)))
          claims.push({ difference: rule, explained: [explainedRule(rule, name, chain.after.name)] });
      }
    }
    for (const chain of table.added) if (chainRole(chain.name) !== undefined) claim(chain, 'iptables.chain.added', `${name} ${chain.name}`);
    for (const chain of table.removed)
      if (chainRole(chain.name) !== undefined) claim(chain, 'iptables.chain.removed', `${name} ${chain.name}`);
  }
  for (const set of differences.sets?.added ?? []) if (isProxySet(set.name)) claim(set, 'ipset.set.added', set.name);
  for (const set of differences.sets?.removed ?? []) if (isProxySet(set.name)) claim(set, 'ipset.set.removed', set.name);
  for (const set of differences.sets?.changed ?? []) if (isProxySet(set.after.name)) claim(set, 'ipset.set.redefined', set.after.name);
  for (const service of differences.ipvs?.removed ?? []) claim(service, 'ipvs.service.removed', service.key);
  for (const service of differences.ipvs?.added ?? []) claim(service, 'ipvs.service.added', service.key);
  for (const difference of differences.interfaces)
    if (difference.interface === IPVS_INTERFACE) claim(difference, `interface.address.${difference.kind}`, difference.address);
  return claims;
}
