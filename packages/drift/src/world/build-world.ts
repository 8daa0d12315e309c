import type { Model } from '../state/model.ts';
import type { Assumption } from './assumption.ts';
import { ipvsWorld } from './ipvs-lookups.ts';
import { iptablesRuleSet } from './iptables/rule-set.ts';
import { type KnownAddresses, localAddresses } from './local-addresses.ts';
import { compiledNftTables } from './nftables/tables.ts';
import type { RuleSet } from './ir.ts';
import { setLookups } from './sets/set-lookup.ts';
import type { Routing } from './routing.ts';
import type { World } from './world.ts';

/** What is known of a node beside its tables, for its world. */
export interface KnownNode {
  readonly addresses: KnownAddresses;
  /** `net.ipv4.vs.conntrack`; missing where it was not given. */
  readonly ipvsConntrack?: boolean;
  /** What is taken where it was not given. */
  readonly usualIpvsConntrack: boolean;
  readonly forwards: boolean;
  /** Missing where no routes were given. */
  readonly routing?: Routing;
}

/** The world of one family of a snapshot. */
export function buildWorld(model: Model, known: KnownNode, family: 'ipv4' | 'ipv6'): World {
  const rules = withNftables(iptablesRuleSet(model, family, setLookups(model.sets, family)), model, family);
  const conntrack = known.ipvsConntrack ?? known.usualIpvsConntrack;
  const assumptions: Assumption[] = [];
  if (!model.wholeFamilies.has(family)) {
    for (const table of ['raw', 'mangle', 'nat', 'filter'])
      if (!rules.tables.has(table) && !isKnownAbsent(model, family, table)) assumptions.push({ kind: 'table-not-given', table });
  }
  for (const { policyNotShown, table, chain } of rules.base)
    if (policyNotShown === true) assumptions.push({ kind: 'policy-not-shown', table, chain: chain.name });
  if (model.ipvs !== undefined && known.ipvsConntrack === undefined) {
    assumptions.push({ kind: 'setting', name: 'net.ipv4.vs.conntrack', value: conntrack ? '1' : '0' });
  }
  if (known.routing?.rulesGiven === false) assumptions.push({ kind: 'routing-rules-not-given' });
  return {
    family,
    rules,
    ...(model.ipvs === undefined ? {} : { ipvs: ipvsWorld(model.ipvs, family, conntrack) }),
    addresses: localAddresses(model, known.addresses, family),
    forwards: known.forwards,
    ...(known.routing === undefined ? {} : { routing: known.routing }),
    interfaces: new Set(model.interfaces.keys()),
    assumptions,
  };
}

/** The rules of iptables and of nft together. */
function withNftables(rules: RuleSet, model: Model, family: 'ipv4' | 'ipv6'): RuleSet {
  const { tables, base } = compiledNftTables(model.nft?.tables.values() ?? [], family);
  if (tables.length === 0) return rules;
  return {
    family,
    tables: new Map([...rules.tables, ...tables.map((table) => [table.name, table] as const)]),
    base: [...rules.base, ...base],
  };
}

/**
 * A listing of all tables of nft has those of iptables-nft too: one that it lacks does not exist. The older iptables has tables of its own.
 */
function isKnownAbsent({ nft }: Model, family: 'ipv4' | 'ipv6', table: string): boolean {
  return nft?.complete === true && !nft.tables.has(`${family === 'ipv4' ? 'ip' : 'ip6'} ${table}`);
}
