import { chainRole } from '../proxy/names/chain-roles.ts';
import { CHAIN, SET } from '../proxy/names/fixed-names.ts';
import { addToGroup } from '../common/add-to-group.ts';
import { endpointText } from '../state/ipvs-table.ts';
import type { Model, RuleEntry, RuleTable } from '../state/model.ts';
import type { Origin } from '../state/origin.ts';
import { setName } from '../proxy/names/set-catalogue.ts';
import { type Frontend, frontendOfRule } from './frontends.ts';

/** The sources that may reach one address of a load balancer (`loadBalancerSourceRanges`). */
export interface SourceRestriction {
  readonly frontend: Frontend;
  /** Sorted. Empty: nobody. */
  readonly ranges: readonly string[];
  /** What becomes of others. */
  readonly others: 'dropped' | 'marked for dropping';
  /** Where it was read: rules of KUBE-SERVICES, a KUBE-FW chain of iptables mode, or the sets of ipvs mode. */
  readonly from: 'rules' | 'chain' | 'sets';
  /** The rules it was read from. */
  readonly rules: readonly RuleEntry[];
  readonly origin: Origin;
}

/** The restrictions that a snapshot shows, by frontend: from rules of either mode, and from the ip sets of ipvs mode. */
export function sourceRestrictions(model: Model): Map<string, SourceRestriction> {
  const restrictions = new Map<string, SourceRestriction>();
  for (const table of model.tables.values()) {
    if (table.name !== 'nat') continue;
    fromServiceRules(table, restrictions);
    fromFirewallChains(table, model.tables.get(`${table.family} filter`), restrictions);
  }
  fromSets(model, 'ipv4', restrictions);
  fromSets(model, 'ipv6', restrictions);
  return restrictions;
}

/**
 * Two rules in KUBE-SERVICES: `-s 10.120.2.0/24 -d 10.96.1.2 … -j ACCEPT`, then the same without a source and with DROP, or with a
 * jump to KUBE-MARK-DROP.
 */
function fromServiceRules(table: RuleTable, restrictions: Map<string, SourceRestriction>): void {
  const allowing = new Map<string, RuleEntry[]>();
  for (const rule of table.chains.get(CHAIN.services)?.rules ?? []) {
    const frontend = frontendOfRule(rule, CHAIN.services);
    if (frontend === undefined) continue;
    const range = sourceOf(rule);
    if (range !== undefined && rule.target.kind === 'verdict' && rule.target.name === 'ACCEPT') {
      addToGroup(allowing, frontend.key, rule);
      continue;
    }
    const others = range === undefined ? fateOfOthers(rule) : undefined;
    const allowed = allowing.get(frontend.key) ?? [];
    if (others === undefined) continue;
    const ranges = allowed.map((one) => sourceOf(one) ?? '').sort();
    restrictions.set(frontend.key, { frontend, ranges, others, from: 'rules', rules: [...allowed, rule], origin: rule.origin });
  }
}

/**
 * A KUBE-FW chain of iptables mode: one rule for each range, and what KUBE-SERVICES sends there. From 1.25 a rule of the filter table drops
 * the others.
 */
function fromFirewallChains(table: RuleTable, filter: RuleTable | undefined, restrictions: Map<string, SourceRestriction>): void {
  const dropping = new Map<string, RuleEntry[]>();
  for (const rule of filter?.chains.get(CHAIN.proxyFirewall)?.rules ?? []) {
    const key = fateOfOthers(rule) === 'dropped' ? frontendOfRule(rule, CHAIN.proxyFirewall)?.key : undefined;
    if (key !== undefined) addToGroup(dropping, key, rule);
  }
  for (const entry of table.chains.get(CHAIN.services)?.rules ?? []) {
    if (entry.target.kind !== 'jump' || chainRole(entry.target.chain) !== 'service-firewall') continue;
    const frontend = frontendOfRule(entry, CHAIN.services);
    const chain = table.chains.get(entry.target.chain);
    if (frontend === undefined || chain === undefined) continue;
    const allowing = chain.rules.filter((rule) => sourceOf(rule) !== undefined && rule.target.kind === 'jump');
    // Before 1.25 every load balancer has such a chain; without a rule that names a source it restricts nothing.
    if (allowing.length === 0) continue;
    const ranges = [...new Set(allowing.map((rule) => sourceOf(rule) ?? ''))].sort();
    const rules = [entry, ...allowing, ...(dropping.get(frontend.key) ?? [])];
    restrictions.set(frontend.key, { frontend, ranges, others: 'dropped', from: 'chain', rules, origin: chain.origin });
  }
}

/** Members of KUBE-LOAD-BALANCER-FW are restricted; KUBE-LOAD-BALANCER-SOURCE-CIDR says to which ranges. */
function fromSets(model: Model, family: 'ipv4' | 'ipv6', restrictions: Map<string, SourceRestriction>): void {
  const restricted = model.sets?.sets.get(setName(SET.loadBalancerFw, family))?.members;
  const ranges = model.sets?.sets.get(setName(SET.loadBalancerSourceCidr, family))?.members;
  const byFrontend = new Map<string, string[]>();
  for (const { elements } of ranges?.values() ?? []) {
    const [address, port, net] = elements;
    if (address?.kind !== 'AddressElement' || port?.kind !== 'PortElement' || net?.kind !== 'NetElement') continue;
    const key = `${port.protocol ?? 'tcp'} ${endpointText(address.address, port.port)}`;
    addToGroup(
      byFrontend,
      key,
      `${net.address}${net.prefixLength === (net.address.includes(':') ? 128 : 32) ? '' : `/${net.prefixLength}`}`,
    );
  }
  for (const { elements, origin } of restricted?.values() ?? []) {
    const [address, port] = elements;
    if (address?.kind !== 'AddressElement' || port?.kind !== 'PortElement') continue;
    const protocol = port.protocol ?? 'tcp';
    const key = `${protocol} ${endpointText(address.address, port.port)}`;
    const frontend: Frontend = { key, protocol, address: address.address, port: port.port, purpose: 'load-balancer IP' };
    restrictions.set(key, { frontend, ranges: (byFrontend.get(key) ?? []).sort(), others: 'dropped', from: 'sets', rules: [], origin });
  }
}

function sourceOf(rule: RuleEntry): string | undefined {
  for (const condition of rule.conditions) if (condition.kind === 'source' && !condition.not) return condition.block;
  return undefined;
}

function fateOfOthers(rule: RuleEntry): SourceRestriction['others'] | undefined {
  if (rule.target.kind === 'verdict' && rule.target.name === 'DROP') return 'dropped';
  return rule.target.kind === 'jump' && rule.target.chain === CHAIN.markDrop ? 'marked for dropping' : undefined;
}
