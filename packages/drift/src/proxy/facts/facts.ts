import type { Model, RuleEntry, RuleTable } from '../../state/model.ts';
import type { Origin } from '../../state/origin.ts';
import { isKubeProxyTable } from '../nftables/names.ts';
import { serviceComment } from '../names/comments.ts';

/** A fact told from a snapshot, and where it was read. */
export interface Fact<Value> {
  readonly value: Value;
  /** What it was told from, in a few words. */
  readonly because: string;
  readonly origins: readonly Origin[];
  /** `likely` = something the listings hide could make it wrong; missing = `certain`. */
  readonly confidence?: 'certain' | 'likely';
}

/** How packets to services get to endpoints. */
export type ProxyMode = 'ipvs' | 'iptables' | 'nftables' | 'userspace' | 'mixed';

/** How kube-proxy is configured, as far as a snapshot shows it. A missing key = the listings do not tell. */
export interface ProxyFacts {
  readonly proxyMode?: Fact<ProxyMode>;
  /** Whether every connection to a cluster IP is masqueraded. */
  readonly masqueradeAll?: Fact<boolean>;
  /** The range whose connections to cluster IPs are not masqueraded; `none` where no range is excepted. */
  readonly clusterCidr?: Fact<string>;
  readonly masqueradeBit?: Fact<number>;
  /** The scheduler of most virtual services. */
  readonly scheduler?: Fact<string>;
}

const known = new WeakMap<Model, ProxyFacts>();

/** Reads the facts from a model; once from each. */
export function proxyFacts(model: Model): ProxyFacts {
  let facts = known.get(model);
  if (facts === undefined) known.set(model, (facts = factsOf(model)));
  return facts;
}

function factsOf(model: Model): ProxyFacts {
  const nat = model.tables.get('ipv4 nat') ?? model.tables.get('ipv6 nat');
  const proxyMode = modeOf(model, nat);
  const masquerade = masqueradeFacts(natTables(model));
  const masqueradeBit = nat === undefined ? undefined : bitOf(nat);
  const scheduler = schedulerOf(model);
  return {
    ...(proxyMode === undefined ? {} : { proxyMode }),
    ...masquerade,
    ...(masqueradeBit === undefined ? {} : { masqueradeBit }),
    ...(scheduler === undefined ? {} : { scheduler }),
  };
}

function natTables(model: Model): RuleTable[] {
  return ['ipv4 nat', 'ipv6 nat'].flatMap((key) => model.tables.get(key) ?? []);
}

function modeOf(model: Model, nat: RuleTable | undefined): Fact<ProxyMode> | undefined {
  const ipvs = ipvsSign(model, nat);
  const translating = translatingSign(nat);
  const signs = [ipvs, translating, nftablesSign(model)].filter((sign) => sign !== undefined);
  const [first, second] = signs;
  if (second !== undefined) {
    return { value: 'mixed', because: signs.map(({ because }) => because).join('; '), origins: signs.flatMap(({ origins }) => origins) };
  }
  return first ?? emptySign(model, nat) ?? userspaceSign(nat);
}

/** Rules of ipvs mode only mark: it is IPVS that translates addresses. */
function ipvsSign(model: Model, nat: RuleTable | undefined): Fact<ProxyMode> | undefined {
  for (const rule of nat?.chains.get('KUBE-SERVICES')?.rules ?? []) {
    if (rule.conditions.some((condition) => condition.kind === 'set' && condition.set.startsWith('KUBE-'))) {
      return { value: 'ipvs', because: 'the rules of KUBE-SERVICES look into ip sets', origins: [rule.origin] };
    }
  }
  const portals = nat?.chains.get('KUBE-NODE-PORT');
  if (portals !== undefined) return { value: 'ipvs', because: 'chain KUBE-NODE-PORT exists in nat', origins: [portals.origin] };
  const services = nat?.chains.get('KUBE-SERVICES');
  if (services !== undefined && nat !== undefined && !translates(nat)) {
    const rule = services.rules.find((candidate) => purposeOf(candidate) !== undefined);
    if (rule !== undefined)
      return { value: 'ipvs', because: 'the rules of KUBE-SERVICES mark packets and translate none', origins: [rule.origin] };
  }
  const kubeSet = model.sets?.sets.get('KUBE-CLUSTER-IP');
  const service = model.ipvs?.services.values().next().value;
  if (nat === undefined && service !== undefined)
    return { value: 'ipvs', because: 'there are virtual services', origins: [service.origin] };
  return kubeSet !== undefined && service !== undefined
    ? { value: 'ipvs', because: 'set KUBE-CLUSTER-IP and virtual services exist', origins: [kubeSet.origin, service.origin] }
    : undefined;
}

function translates(nat: RuleTable): boolean {
  for (const name of nat.chains.keys()) if (name.startsWith('KUBE-SVC-') || name.startsWith('KUBE-SEP-')) return true;
  return (
    nat.chains
      .get('KUBE-SERVICES')
      ?.rules.some((rule) => rule.target.kind === 'jump' && /^KUBE-(?:SVC|EXT|XLB|FW)-/.test(rule.target.chain)) ?? false
  );
}

function translatingSign(nat: RuleTable | undefined): Fact<ProxyMode> | undefined {
  for (const [name, chain] of nat?.chains ?? []) {
    if (!name.startsWith('KUBE-SEP-')) continue;
    const rule = chain.rules.find((candidate) => candidate.target.kind === 'dnat');
    if (rule !== undefined)
      return { value: 'iptables', because: 'KUBE-SVC and KUBE-SEP chains translate addresses (DNAT)', origins: [rule.origin] };
  }
  return undefined;
}

/**
 * Where no service has an endpoint nothing is translated: iptables mode refuses for want of one, and its chain of node ports is there all
 * the same.
 */
function emptySign(model: Model, nat: RuleTable | undefined): Fact<ProxyMode> | undefined {
  for (const family of ['ipv4', 'ipv6']) {
    for (const chain of ['KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES']) {
      const refusing = model.tables
        .get(`${family} filter`)
        ?.chains.get(chain)
        ?.rules.find(({ comments }) => comments.some((comment) => serviceComment(comment)?.refusal !== undefined));
      if (refusing !== undefined)
        return {
          value: 'iptables',
          because: `rules of ${chain} refuse connections to services without endpoints`,
          origins: [refusing.origin],
        };
    }
  }
  const jump = nat?.chains.get('KUBE-SERVICES')?.rules.find(({ target }) => target.kind === 'jump' && target.chain === 'KUBE-NODEPORTS');
  return jump === undefined
    ? undefined
    : { value: 'iptables', because: 'KUBE-SERVICES leads to KUBE-NODEPORTS, and no service has an endpoint', origins: [jump.origin] };
}

/** A table of kube-proxy that leads no packet anywhere, as `--cleanup` leaves none, is no sign. */
function nftablesSign(model: Model): Fact<ProxyMode> | undefined {
  for (const entry of model.nft?.tables.values() ?? []) {
    const { table, originOf } = entry;
    const leads = (table.sets ?? []).some(
      (set) => set.kind === 'Map' && set.dataType?.[0] === 'verdict' && (set.elements?.length ?? 0) > 0,
    );
    if (isKubeProxyTable(entry) && leads)
      return {
        value: 'nftables',
        because: `table ${table.family} ${table.name} of nft leads to services`,
        origins: [originOf(table.span)],
      };
  }
  return undefined;
}

function userspaceSign(nat: RuleTable | undefined): Fact<ProxyMode> | undefined {
  const chain = nat?.chains.get('KUBE-PORTALS-CONTAINER') ?? nat?.chains.get('KUBE-PORTALS-HOST');
  return chain === undefined ? undefined : { value: 'userspace', because: `chain ${chain.name} exists`, origins: [chain.origin] };
}

function purposeOf(rule: RuleEntry): string | undefined {
  for (const comment of rule.comments) {
    const purpose = serviceComment(comment)?.purpose;
    if (purpose !== undefined) return purpose;
  }
  return undefined;
}

/** Whether a rule marks connections to cluster IPs for masquerading, by set (ipvs mode) or one service at a time. */
export function isClusterIpMasqueradeRule(rule: RuleEntry): boolean {
  if (rule.target.kind !== 'jump' || rule.target.chain !== 'KUBE-MARK-MASQ') return false;
  return (
    purposeOf(rule) === 'cluster IP' ||
    rule.conditions.some((condition) => condition.kind === 'set' && /^KUBE-(?:6-)?CLUSTER-IP$/.test(condition.set))
  );
}

function masqueradeFacts(tables: readonly RuleTable[]): Pick<ProxyFacts, 'masqueradeAll' | 'clusterCidr'> {
  const rules = tables.flatMap(masqueradeRules);
  if (rules.length === 0) return withoutMasqueradeRules(tables);
  const origins = rules.slice(0, 3).map((rule) => rule.origin);
  const exceptions = new Set(rules.map(exceptedSource).filter((exception) => exception !== undefined));
  const all = rules.some((rule) => exceptedSource(rule) === undefined);
  const count = `${rules.length} ${rules.length === 1 ? 'rule marks' : 'rules mark'} connections to cluster IPs`;
  // Another family's rule may speak of no range; the one that names a range tells the flag.
  if (exceptions.size > 1) exceptions.delete('none');
  const [cidr = 'none'] = exceptions;
  // A condition on an interface, as `--detect-local-mode=BridgeInterface` makes it, shows in no listing without -v.
  const confidence = all && tables.some((table) => table.interfacesHidden) ? ('likely' as const) : ('certain' as const);
  const shown = confidence === 'likely' ? ', as far as a listing without -v shows' : '';
  return {
    masqueradeAll: {
      value: all,
      because: `${count}, ${all ? 'whatever their source' : 'depending on their source'}${shown}`,
      origins,
      confidence,
    },
    clusterCidr: {
      value: exceptions.size > 1 ? [...exceptions].sort().join(' and ') : cidr,
      because: `${count}${shown}`,
      origins,
      confidence,
    },
  };
}

function masqueradeRules(nat: RuleTable): RuleEntry[] {
  const rules: RuleEntry[] = [];
  for (const [name, chain] of nat.chains) {
    if (name !== 'KUBE-SERVICES' && !/^KUBE-SV[CL]-/.test(name)) continue;
    for (const rule of chain.rules) if (isClusterIpMasqueradeRule(rule)) rules.push(rule);
  }
  return rules;
}

/** The sources a rule does not mark; undefined where it marks every connection. */
function exceptedSource(rule: RuleEntry): string | undefined {
  const source = rule.conditions.find((condition) => condition.kind === 'source');
  if (source?.kind === 'source') return source.not ? source.block : 'none';
  if (rule.conditions.some((condition) => condition.kind === 'in' || condition.kind === 'other')) return 'by interface';
  return rule.conditions.some((condition) => condition.kind === 'set' && condition.dimensions[0] === 'src') ? 'none' : undefined;
}

/** iptables mode writes no such rule where neither setting is made; ipvs mode always writes one as soon as there is a cluster IP. */
function withoutMasqueradeRules(tables: readonly RuleTable[]): Pick<ProxyFacts, 'masqueradeAll' | 'clusterCidr'> {
  for (const nat of tables) {
    const rule = nat.chains
      .get('KUBE-SERVICES')
      ?.rules.find((candidate) => purposeOf(candidate) === 'cluster IP' && candidate.target.kind === 'jump');
    if (rule === undefined || !nat.complete) continue;
    const told = { because: 'no rule marks connections to cluster IPs', origins: [rule.origin] };
    return { masqueradeAll: { value: false, ...told }, clusterCidr: { value: 'none', ...told } };
  }
  return {};
}

/** The bit that KUBE-MARK-MASQ sets; where that rule is not there, the one that KUBE-POSTROUTING looks at. */
function bitOf(nat: RuleTable): Fact<number> | undefined {
  for (const rule of nat.chains.get('KUBE-MARK-MASQ')?.rules ?? []) {
    if (rule.target.kind !== 'mark' || rule.target.xorValue === 0) continue;
    return {
      value: Math.log2(rule.target.xorValue),
      because: `KUBE-MARK-MASQ sets 0x${rule.target.xorValue.toString(16)}`,
      origins: [rule.origin],
    };
  }
  for (const { conditions, origin } of nat.chains.get('KUBE-POSTROUTING')?.rules ?? []) {
    const mark = conditions.find((condition) => condition.kind === 'mark');
    if (mark?.kind === 'mark' && mark.value !== 0)
      return { value: Math.log2(mark.value), because: `KUBE-POSTROUTING looks at 0x${mark.value.toString(16)}`, origins: [origin] };
  }
  return undefined;
}

function schedulerOf(model: Model): Fact<string> | undefined {
  const counts = new Map<string, { count: number; readonly origin: Origin }>();
  let total = 0;
  for (const { scheduler, origin: row, schedulerOrigin: origin = row } of model.ipvs?.services.values() ?? []) {
    if (scheduler === undefined) continue;
    total++;
    const known = counts.get(scheduler);
    if (known === undefined) counts.set(scheduler, { count: 1, origin });
    else known.count++;
  }
  const [best] = [...counts].sort(([, one], [, other]) => other.count - one.count);
  if (best === undefined) return undefined;
  return { value: best[0], because: `${best[1].count} of ${total} virtual services use it`, origins: [best[1].origin] };
}
