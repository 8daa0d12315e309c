import type { Chain } from '@netdrift/nftables';
import { isChainOf, parseServiceChain } from '../proxy/names/chain-hash.ts';
import { serviceComment } from '../proxy/names/comments.ts';
import { CHAIN } from '../proxy/names/fixed-names.ts';
import { endpointAddress } from '../state/ipvs-table.ts';
import type { RuleChain, RuleEntry, RuleTable } from '../state/model.ts';

/** A chain of iptables mode that translates to an endpoint. */
export interface EndpointChain {
  readonly chain: RuleChain;
  /** `10.244.0.15:80` */
  readonly endpoint: string;
  /** The service port that its rules name, or the chain. */
  readonly name: string;
  /** Whether it masquerades what the endpoint sends to itself: without that it cannot reach itself through its service. */
  readonly masquerades: boolean;
  /** Called after another endpoint or service. */
  readonly isMisnamed: boolean;
}

/** The chains of endpoints of a nat table. */
export function endpointChains({ chains }: RuleTable): EndpointChain[] {
  return [...chains.values()].flatMap((chain) => {
    const endpoint = parseServiceChain(chain.name)?.kind === 'SEP' ? endpointOf(chain) : undefined;
    if (endpoint === undefined) return [];
    const [name = chain.name] = chain.rules.flatMap(({ comments }) =>
      comments.flatMap((comment) => serviceComment(comment)?.servicePort ?? []),
    );
    const [protocol] = chain.rules.flatMap(protocolsOf);
    const isMisnamed = name !== chain.name && protocol !== undefined && !isChainOf(chain.name, name, protocol, endpoint);
    return [{ chain, endpoint, name, masquerades: masquerades(chain, endpointAddress(endpoint)), isMisnamed }];
  });
}

function endpointOf({ rules }: RuleChain): string | undefined {
  for (const { target } of rules) if (target.kind === 'dnat') return target.to;
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
