import { addressText, blockRange } from '../../state/address-range.ts';
import { chainHash, serviceChain, type ServiceChainKind } from '../../proxy/names/chain-hash.ts';
import type { DesiredPort } from '../desired-ports.ts';
import type { DesiredEndpoint } from '../endpoint-lists.ts';
import type { Decision, PlannedRule } from '../service-plan.ts';

/** Names of the chains of one service port. */
export interface ChainNames {
  readonly of: (kind: ServiceChainKind) => string;
  readonly endpoint: (endpoint: string) => EndpointChainName;
}

/** The chain of an endpoint, and where its rules stand: `nat KUBE-SEP-…`. */
export interface EndpointChainName {
  readonly chain: string;
  readonly where: string;
}

/** The names of the chains of a service port; each is hashed once. */
export function chainNames({ name, port }: DesiredPort): ChainNames {
  const hash = chainHash(name, port.protocol);
  const endpoints = new Map<string, EndpointChainName>();
  return {
    of: (kind) => `KUBE-${kind}-${hash}`,
    endpoint: (endpoint) => {
      const known = endpoints.get(endpoint);
      if (known !== undefined) return known;
      const chain = serviceChain('SEP', name, port.protocol, endpoint);
      const made = { chain, where: `nat ${chain}` };
      endpoints.set(endpoint, made);
      return made;
    },
  };
}

/** A rule by its conditions, sorted, and its target. */
export function plannedRule(where: string, target: string, ...conditions: readonly string[]): PlannedRule {
  const asked = conditions.length < 2 ? conditions : conditions.toSorted();
  let text = '';
  for (const condition of asked) if (condition !== '') text += `${condition} `;
  return { where, text: target === '' ? text.trimEnd() : text + target };
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
  const rules: PlannedRule[] = [];
  for (const { text } of endpoints) {
    const { chain } = names.endpoint(text);
    if (seconds !== 0) rules.push(plannedRule(where, `-j ${chain}`, ...recent(port, chain, `--rcheck --seconds ${seconds} --reap`)));
    rules.push(plannedRule(where, `-j ${chain}`));
  }
  return rules;
}

/** The chains of endpoints: what one sends to itself is masqueraded, then the address is translated. */
export function endpointRulesOf(port: DesiredPort, endpoints: readonly DesiredEndpoint[], names: ChainNames): PlannedRule[] {
  const rules: PlannedRule[] = [];
  for (const { text, address } of endpoints) {
    const { chain, where } = names.endpoint(text);
    rules.push(
      plannedRule(where, '-j KUBE-MARK-MASQ', `-s ${address}`),
      plannedRule(where, `-j DNAT --to-destination ${text}`, `-p ${port.port.protocol}`, ...recent(port, chain, '--set')),
    );
  }
  return rules;
}
