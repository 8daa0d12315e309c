import type { Chain } from '@netdrift/nftables';
import { isChainOf } from '../proxy/names/chain-hash.ts';
import { ownerByComment } from '../proxy/names/chain-owners.ts';
import type { ServiceChain } from '../proxy/facts/service-chains.ts';
import { CHAIN } from '../proxy/names/fixed-names.ts';
import { endpointAddress } from '../state/ipvs-table.ts';
import type { RuleChain, RuleEntry } from '../state/model.ts';

/** A chain of iptables mode that translates to an endpoint. */
export interface EndpointChain {
  readonly chain: RuleChain;
  /** `10.244.0.15:80` */
  readonly endpoint: string;
  /** Whether it masquerades what the endpoint sends to itself: without that it cannot reach itself through its service. */
  readonly masquerades: boolean;
}

/** Those of the chains of service ports that translate to an endpoint. */
export function endpointChains(chains: ReadonlyMap<string, ServiceChain>): EndpointChain[] {
  const found: EndpointChain[] = [];
  for (const { chain, endpoint } of chains.values())
    if (endpoint !== undefined) found.push({ chain, endpoint, masquerades: masquerades(chain, endpointAddress(endpoint)) });
  return found;
}

/** The service port that the rules of a chain name, or the chain. */
export function servicePortOf(chain: RuleChain): string {
  return ownerByComment(chain) ?? chain.name;
}

/** Whether a chain is called after another endpoint or service than it is for. */
export function isMisnamed({ chain, endpoint }: EndpointChain): boolean {
  const name = servicePortOf(chain);
  const protocol = firstProtocol(chain);
  return name !== chain.name && protocol !== undefined && !isChainOf(chain.name, name, protocol, endpoint);
}

/** The first protocol that a rule of a chain asks for. */
export function firstProtocol({ rules }: RuleChain): string | undefined {
  for (const rule of rules) {
    const [protocol] = protocolsOf(rule);
    if (protocol !== undefined) return protocol;
  }
  return undefined;
}

/** The protocols that a rule asks for. */
export function protocolsOf({ conditions }: RuleEntry): string[] {
  return conditions.flatMap((condition) => (condition.kind === 'protocol' && !condition.not ? [condition.name] : []));
}

function masquerades({ rules }: RuleChain, address: string): boolean {
  return rules.some(
    ({ target, conditions }) =>
      target.kind === 'jump' &&
      target.chain === CHAIN.markMasq &&
      conditions.some((condition) => condition.kind === 'source' && !condition.not && condition.block === address),
  );
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
