import { addressText, blockRange } from '../../state/address-range.ts';
import { chainHash, serviceChain, type ServiceChainKind } from '../../proxy/names/chain-hash.ts';
import type { DesiredPort } from '../desired-ports.ts';
import type { DesiredEndpoint } from '../endpoint-lists.ts';
import type { Decision, PlannedRule } from '../service-plan.ts';

/** Names of the chains of one service port. */
export interface ChainNames {
  readonly of: (kind: ServiceChainKind) => string;
  readonly endpoint: (endpoint: string) => string;
}

/** The names of the chains of a service port; each is hashed once. */
export function chainNames({ name, port }: DesiredPort): ChainNames {
  const hash = chainHash(name, port.protocol);
  const endpoints = new Map<string, string>();
  return {
    of: (kind) => `KUBE-${kind}-${hash}`,
    endpoint: (endpoint) => {
      const known = endpoints.get(endpoint) ?? serviceChain('SEP', name, port.protocol, endpoint);
      endpoints.set(endpoint, known);
      return known;
    },
  };
}

/** A rule by its conditions, sorted, and its target. */
export function plannedRule(where: string, target: string, ...conditions: readonly string[]): PlannedRule {
  return { where, text: [...[...conditions].sort(), target].filter((part) => part !== '').join(' ') };
}

/** The target that refuses packets, where a decision does. */
export function refusalOf(decision: Decision, { family }: DesiredPort): string | undefined {
  if (decision === 'no endpoints') return `-j REJECT --reject-with icmp${family === 'ipv4' ? '' : '6'}-port-unreachable`;
  return decision === 'no local endpoints' ? '-j DROP' : undefined;
}

/** As iptables keeps it: host bits cleared, one address without its length, all addresses as no condition. */
export function sourceRangeText(range: string): string {
  const block = blockRange(range);
  const length = Number(range.slice(range.indexOf('/') + 1));
  if (block === undefined || length === 0) return '';
  return block.low === block.high ? addressText(block.low) : `${addressText(block.low)}/${length}`;
}

function recent(port: DesiredPort, chain: string, how: string): string[] {
  const mask = port.family === 'ipv4' ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
  return port.service.affinitySeconds === 0 ? [] : [`-m recent ${how} --name ${chain} --mask ${mask} --rsource`];
}

/** The choice of one of some endpoints: clients that are kept at one come first. */
export function balancingRules(port: DesiredPort, where: string, endpoints: readonly DesiredEndpoint[], names: ChainNames): PlannedRule[] {
  const seconds = port.service.affinitySeconds;
  return endpoints.flatMap(({ text }) => {
    const chain = names.endpoint(text);
    const kept = recent(port, chain, `--rcheck --seconds ${seconds} --reap`);
    return [...(kept.length === 0 ? [] : [plannedRule(where, `-j ${chain}`, ...kept)]), plannedRule(where, `-j ${chain}`)];
  });
}

/** The chains of endpoints: what one sends to itself is masqueraded, then the address is translated. */
export function endpointRulesOf(port: DesiredPort, endpoints: readonly DesiredEndpoint[], names: ChainNames): PlannedRule[] {
  return endpoints.flatMap(({ text, address }) => {
    const chain = names.endpoint(text);
    return [
      plannedRule(`nat ${chain}`, '-j KUBE-MARK-MASQ', `-s ${address}`),
      plannedRule(`nat ${chain}`, `-j DNAT --to-destination ${text}`, `-p ${port.port.protocol}`, ...recent(port, chain, '--set')),
    ];
  });
}
