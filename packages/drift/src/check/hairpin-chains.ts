import type { Chain } from '@netdrift/nftables';
import { isChainOf } from '../proxy/names/chain-hash.ts';
import { ownerByComment } from '../proxy/names/chain-owners.ts';
import type { ServiceChain } from '../proxy/facts/service-chains.ts';
import type { RuleChain, RuleEntry } from '../state/model.ts';

/** A chain of iptables mode that translates to an endpoint, and does not masquerade what that sends to itself. */
export interface BareEndpointChain {
  readonly chain: RuleChain;
  /** `10.244.0.15:80` */
  readonly endpoint: string;
}

/** The chains of endpoints that do not masquerade what these send to themselves. */
export function bareEndpointChains(chains: ReadonlyMap<string, ServiceChain>): BareEndpointChain[] {
  const found: BareEndpointChain[] = [];
  for (const { chain, endpoint, masquerades } of chains.values())
    if (endpoint !== undefined && masquerades === false) found.push({ chain, endpoint });
  return found;
}

/** The service port that the rules of a chain name, or the chain. */
export function servicePortOf(chain: RuleChain): string {
  return ownerByComment(chain) ?? chain.name;
}

/** Whether a chain is called after another endpoint or service than it is for. */
export function isMisnamed({ chain, endpoint }: BareEndpointChain): boolean {
  const name = servicePortOf(chain);
  const protocol = firstProtocol(chain);
  return name !== chain.name && protocol !== undefined && !isChainOf(chain.name, name, protocol, endpoint);
}

/** The first protocol that a rule of a chain asks for. */
export function firstProtocol({ rules }: RuleChain): string | undefined {
  for (const { conditions } of rules)
    for (const condition of conditions) if (condition.kind === 'protocol' && !condition.not) return condition.name;
  return undefined;
}

/** The protocols that a rule asks for. */
export function protocolsOf({ conditions }: RuleEntry): string[] {
  return conditions.flatMap((condition) => (condition.kind === 'protocol' && !condition.not ? [condition.name] : []));
}

/** Whether a chain of nftables mode masquerades what comes from an address: `ip saddr 10.244.0.5 jump mark-for-masquerade`. */
export function nftMasquerades({ rules = [] }: Chain, address: string): boolean {
  return rules.some(({ statements }) => {
    const asksForIt = statements.some(
      (one) =>
        one.kind === 'Match' &&
        one.left.kind === 'Payload' &&
        one.left.field === 'saddr' &&
        one.right.kind === 'Address' &&
        one.right.address === address,
    );
    return asksForIt && statements.some((one) => one.kind === 'Verdict' && one.verdict === 'jump');
  });
}
