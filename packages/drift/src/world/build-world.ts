import type { Model } from '../model/model.ts';
import type { Assumption } from './assumption.ts';
import { ipvsWorld } from './ipvs-lookups.ts';
import { iptablesRuleSet } from './iptables/rule-set.ts';
import { type KnownAddresses, localAddresses } from './local-addresses.ts';
import { setLookups } from './sets/set-lookup.ts';
import type { World } from './world.ts';

/** What is known of a node beside its tables, for its world. */
export interface KnownNode {
  readonly addresses: KnownAddresses;
  /** `net.ipv4.vs.conntrack`; missing where it was not given. */
  readonly ipvsConntrack?: boolean;
  /** What is taken where it was not given. */
  readonly usualIpvsConntrack: boolean;
  readonly forwards: boolean;
}

/** The world of one family of a snapshot. */
export function buildWorld(model: Model, known: KnownNode, family: 'ipv4' | 'ipv6'): World {
  const rules = iptablesRuleSet(model, family, setLookups(model.sets, family));
  const conntrack = known.ipvsConntrack ?? known.usualIpvsConntrack;
  const assumptions: Assumption[] = [];
  if (!model.wholeFamilies.has(family)) {
    for (const table of ['raw', 'mangle', 'nat', 'filter']) if (!rules.tables.has(table)) assumptions.push({ kind: 'table-not-given', table });
  }
  for (const { policyNotShown, table, chain } of rules.base) if (policyNotShown === true) assumptions.push({ kind: 'policy-not-shown', table, chain: chain.name });
  if (model.ipvs !== undefined && known.ipvsConntrack === undefined) {
    assumptions.push({ kind: 'setting', name: 'net.ipv4.vs.conntrack', value: conntrack ? '1' : '0' });
  }
  return {
    family,
    rules,
    ...(model.ipvs === undefined ? {} : { ipvs: ipvsWorld(model.ipvs, family, conntrack) }),
    addresses: localAddresses(model, known.addresses, family),
    forwards: known.forwards,
    interfaces: new Set(model.interfaces.keys()),
    assumptions,
  };
}
