import { CHAIN } from '../proxy/names/fixed-names.ts';
import { parseServiceChain } from '../proxy/names/chain-hash.ts';
import type { FrontendPurpose } from '../proxy/names/comments.ts';
import { setNames, type SetRole } from '../proxy/names/set-catalogue.ts';
import { endpointText } from '../state/ipvs-table.ts';
import type { IpSetEntry, Model } from '../state/model.ts';
import { type Frontend, frontendOfRule, shownFrontends } from './frontends.ts';

/** What the listings say of a frontend beside where its packets go. */
export interface FrontendTraits {
  readonly purpose: FrontendPurpose | 'unknown';
  readonly policy?: 'Cluster' | 'Local';
  readonly affinitySeconds?: number;
  readonly affinityTicks?: number;
  readonly sourceRanges?: readonly string[];
  readonly balancing?: string;
  readonly sharesKnown?: false;
}

/** Every frontend of a snapshot: those that IPVS or a nat rule serves, and those that a filter rule refuses for want of endpoints. */
export function servedFrontends(model: Model): Frontend[] {
  const frontends = new Map(shownFrontends(model));
  for (const table of model.tables.values()) {
    if (table.name !== 'filter') continue;
    for (const chain of [CHAIN.services, CHAIN.externalServices]) {
      for (const rule of table.chains.get(chain)?.rules ?? []) {
        const frontend = frontendOfRule(rule, chain === CHAIN.services ? chain : CHAIN.nodePorts);
        if (frontend === undefined || frontends.has(frontend.key)) continue;
        const purpose = frontend.address === undefined ? 'node port' : chain === CHAIN.services ? 'cluster IP' : undefined;
        frontends.set(frontend.key, { ...frontend, ...(purpose === undefined ? {} : { purpose }) });
      }
    }
  }
  return [...frontends.values()];
}

/** What is looked up for many frontends, made once for a snapshot. */
export interface TraitIndex {
  /** Chains that the rules of KUBE-SERVICES and KUBE-NODEPORTS jump to, by family and frontend: `ipv4 tcp 10.96.0.1:443`. */
  readonly jumps: ReadonlyMap<string, readonly string[]>;
  /** Allowed ranges by family and member of KUBE-LOAD-BALANCER: `ipv4 192.0.2.50,tcp:443`. */
  readonly ranges: ReadonlyMap<string, readonly string[]>;
  /** What the addresses of the cluster's services are for, where a table of them was given: by `tcp 10.96.0.1:443`. */
  readonly purposes: ReadonlyMap<string, FrontendPurpose>;
}

/** Reads the rules and sets of a model once. */
export function traitIndex(model: Model): TraitIndex {
  const jumps = new Map<string, string[]>();
  const ranges = new Map<string, string[]>();
  for (const family of ['ipv4', 'ipv6'] as const) {
    const nat = model.tables.get(`${family} nat`);
    for (const entry of [CHAIN.services, CHAIN.nodePorts]) {
      for (const rule of nat?.chains.get(entry)?.rules ?? []) {
        if (rule.target.kind !== 'jump' || parseServiceChain(rule.target.chain) === undefined) continue;
        const frontend = frontendOfRule(rule, entry);
        if (frontend !== undefined) append(jumps, `${family} ${frontend.key}`, rule.target.chain);
      }
    }
    // 192.0.2.50,tcp:443,203.0.113.0/24
    for (const set of setsOf(model, 'allowed-range', family)) {
      for (const text of set.members?.keys() ?? []) {
        const comma = text.lastIndexOf(',');
        append(ranges, `${family} ${text.slice(0, comma)}`, text.slice(comma + 1));
      }
    }
  }
  return { jumps, ranges, purposes: purposesOf(model) };
}

function purposesOf(model: Model): Map<string, FrontendPurpose> {
  const purposes = new Map<string, FrontendPurpose>();
  for (const service of model.services?.values() ?? []) {
    for (const { port, protocol } of service.ports) {
      for (const address of service.externalIps) {
        const given = service.loadBalancerIps?.includes(address) ?? service.type === 'LoadBalancer';
        purposes.set(`${protocol} ${endpointText(address, port)}`, given ? 'load-balancer IP' : 'external IP');
      }
      for (const address of service.clusterIps) purposes.set(`${protocol} ${endpointText(address, port)}`, 'cluster IP');
    }
  }
  return purposes;
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}

export function setsOf(model: Model, role: SetRole, family: 'ipv4' | 'ipv6'): IpSetEntry[] {
  return setNames(role, family).flatMap((name) => model.sets?.sets.get(name) ?? []);
}
