import { balanceOf } from '../ipvs/balance.ts';
import { endpointText } from '../state/ipvs-table.ts';
import type { IpSetEntry, IpvsService, Model, RuleEntry, RuleTable } from '../state/model.ts';
import { parseServiceChain } from '../proxy/names/chain-hash.ts';
import { type FrontendPurpose, serviceComment } from '../proxy/names/comments.ts';
import { type Frontend, frontendOfRule, shownFrontends } from './frontends.ts';
import { isNodePort } from '../proxy/facts/node-world.ts';
import { affinityOf as ipvsAffinity } from './services-by-mark-or-name.ts';
import { CATALOGUE_SETS, setName, type SetRole } from '../proxy/names/set-catalogue.ts';

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
    for (const chain of ['KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES']) {
      for (const rule of table.chains.get(chain)?.rules ?? []) {
        const frontend = frontendOfRule(rule, chain === 'KUBE-SERVICES' ? chain : 'KUBE-NODEPORTS');
        if (frontend === undefined || frontends.has(frontend.key)) continue;
        const purpose = frontend.address === undefined ? 'node port' : chain === 'KUBE-SERVICES' ? 'cluster IP' : undefined;
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
    for (const entry of ['KUBE-SERVICES', 'KUBE-NODEPORTS']) {
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

/** What an IPVS service is for and how it is restricted, by the ip sets and, where they say nothing, by what names it. */
export function ipvsTraits(model: Model, index: TraitIndex, frontend: Frontend, service: IpvsService): FrontendTraits {
  const address = service.address ?? '';
  const port = service.port ?? 0;
  const member = `${address},${frontend.protocol}:${port}`;
  const inSet = (role: SetRole): boolean => setsOf(model, role, service.family).some((set) => set.members?.has(member) === true);
  const external = inSet('external-ip') || inSet('external-ip-local');
  const node = isNodePort(model, address, frontend.protocol, port) === true;
  const told: FrontendPurpose | undefined = inSet('cluster-ip')
    ? 'cluster IP'
    : inSet('load-balancer')
      ? 'load-balancer IP'
      : external
        ? 'external IP'
        : node
          ? 'node port'
          : undefined;
  const purpose = told ?? frontend.purpose ?? index.purposes.get(frontend.key) ?? 'unknown';
  const policy = policyOf(model, purpose, frontend, member, port, service.family);
  const sourceRanges = inSet('restricted') ? [...(index.ranges.get(`${service.family} ${member}`) ?? [])].sort() : undefined;
  return {
    purpose,
    ...(policy === undefined ? {} : { policy }),
    ...ipvsAffinity(service),
    ...(sourceRanges === undefined ? {} : { sourceRanges }),
    ...balancingOf(service),
  };
}

/** Whether the sets of ipvs mode say that a virtual service leads to endpoints of this node alone. */
export function hasLocalPolicy(model: Model, { address, port, protocol, family }: IpvsService): boolean {
  if (address === undefined || port === undefined || protocol === undefined) return false;
  const member = `${address},${protocol}:${port}`;
  const isIn = (role: SetRole): boolean => setsOf(model, role, family).some(({ members }) => members?.has(member) === true);
  if (isIn('cluster-ip')) return false;
  return (
    isIn('external-ip-local') ||
    isIn('load-balancer-local') ||
    policyOf(model, 'node port', { key: '', address, port, protocol }, member, port, family) === 'Local'
  );
}

function balancingOf(service: IpvsService): Pick<FrontendTraits, 'balancing' | 'sharesKnown'> {
  const { parts, words } = balanceOf(service);
  return {
    ...(words === undefined ? {} : { balancing: words }),
    ...(parts.every(({ share }) => share !== undefined) ? {} : { sharesKnown: false }),
  };
}

function policyOf(
  model: Model,
  purpose: FrontendTraits['purpose'],
  { protocol }: Frontend,
  member: string,
  port: number,
  family: 'ipv4' | 'ipv6',
): FrontendTraits['policy'] {
  if (model.sets === undefined || purpose === 'unknown' || purpose === 'cluster IP') return undefined;
  if (purpose === 'node port') {
    const local = setsOf(model, 'node-port-local', family).some((set) => {
      const own = set.name.includes(`-${protocol.toUpperCase()}`);
      return own && (set.members?.has(String(port)) === true || set.members?.has(member) === true);
    });
    return local ? 'Local' : 'Cluster';
  }
  const role: SetRole = purpose === 'external IP' ? 'external-ip-local' : 'load-balancer-local';
  return setsOf(model, role, family).some((set) => set.members?.has(member) === true) ? 'Local' : 'Cluster';
}

function setsOf(model: Model, role: SetRole, family: 'ipv4' | 'ipv6'): IpSetEntry[] {
  return CATALOGUE_SETS.filter((set) => set.role === role).flatMap((set) => model.sets?.sets.get(setName(set.name, family)) ?? []);
}

/** What the chains of iptables mode say of a frontend. */
export function iptablesTraits(model: Model, index: TraitIndex, frontend: Frontend, family: 'ipv4' | 'ipv6'): FrontendTraits {
  const nat = model.tables.get(`${family} nat`);
  const purpose = frontend.purpose ?? index.purposes.get(frontend.key) ?? 'unknown';
  const chains = nat === undefined ? [] : chainsOf(nat, index.jumps.get(`${family} ${frontend.key}`) ?? []);
  const policy = purpose === 'cluster IP' || chains.length === 0 ? undefined : policyOfChains(nat as RuleTable, chains);
  const affinitySeconds = affinityOf(nat, chains);
  const firewall = chains.find((chain) => parseServiceChain(chain)?.kind === 'FW');
  const sourceRanges = firewall === undefined ? undefined : allowedSources(nat as RuleTable, firewall);
  return {
    purpose,
    ...(policy === undefined ? {} : { policy }),
    ...(affinitySeconds === undefined ? {} : { affinitySeconds }),
    ...(sourceRanges === undefined ? {} : { sourceRanges }),
  };
}

/** The chains of a service that its own rules jump to, and those that these jump to in turn; not those of endpoints. */
function chainsOf(nat: RuleTable, first: readonly string[]): string[] {
  const found = [...first];
  for (let at = 0; at < found.length; at++) {
    for (const { target } of nat.chains.get(found[at] as string)?.rules ?? []) {
      if (target.kind !== 'jump' || found.includes(target.chain)) continue;
      const kind = parseServiceChain(target.chain)?.kind;
      if (kind !== undefined && kind !== 'SEP') found.push(target.chain);
    }
  }
  return found;
}

/** 1.20 has a chain KUBE-XLB for services with policy Local alone; 1.25 and later tell by the rules of KUBE-EXT. */
function policyOfChains(nat: RuleTable, chains: readonly string[]): 'Cluster' | 'Local' {
  if (chains.some((chain) => parseServiceChain(chain)?.kind === 'XLB')) return 'Local';
  for (const name of chains) {
    if (parseServiceChain(name)?.kind !== 'EXT') continue;
    const rules = nat.chains.get(name)?.rules ?? [];
    if (rules.some((rule) => rule.comments.some((comment) => comment.includes(' LOCAL traffic for ')))) return 'Local';
    if (rules.some((rule) => rule.target.kind === 'jump' && parseServiceChain(rule.target.chain)?.kind === 'SVL')) return 'Local';
  }
  return 'Cluster';
}

/** `-m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-…` */
function affinityOf(nat: RuleTable | undefined, chains: readonly string[]): number | undefined {
  const balancing = chains.filter((chain) => ['SVC', 'SVL', 'XLB'].includes(parseServiceChain(chain)?.kind ?? ''));
  if (balancing.length === 0) return undefined;
  for (const chain of balancing) {
    for (const rule of nat?.chains.get(chain)?.rules ?? []) {
      for (const condition of rule.conditions) {
        if (condition.kind === 'other' && condition.seconds !== undefined) return condition.seconds;
      }
    }
  }
  return 0;
}

/** The sources of the rules of KUBE-FW that let packets on; undefined where every source is let on, as 1.20 does without ranges. */
function allowedSources(nat: RuleTable, firewall: string): string[] | undefined {
  const ranges: string[] = [];
  for (const rule of nat.chains.get(firewall)?.rules ?? []) {
    if (rule.target.kind !== 'jump' || rule.target.chain === 'KUBE-MARK-MASQ' || rule.target.chain === 'KUBE-MARK-DROP') continue;
    const source = rule.conditions.find((condition) => condition.kind === 'source');
    if (source === undefined) return undefined;
    if (source.kind === 'source' && !source.not) ranges.push(source.block);
  }
  return ranges.sort();
}

/** Why the filter rules of iptables mode refuse a frontend, by the comments of the rules that do. */
export function refusalComment(rule: RuleEntry | undefined): 'no endpoints' | 'no local endpoints' | undefined {
  for (const comment of rule?.comments ?? []) {
    const refusal = serviceComment(comment)?.refusal;
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
