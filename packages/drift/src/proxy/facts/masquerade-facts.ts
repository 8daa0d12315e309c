import type { RuleEntry, RuleTable } from '../../state/model.ts';
import { serviceComment } from '../names/comments.ts';
import type { Fact, ProxyFacts } from './fact.ts';

/** What the comment of kube-proxy says a rule is for. */
export function purposeOf(rule: RuleEntry): string | undefined {
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

/** Whose packets are masqueraded on their way to a service. */
export function masqueradeFacts(tables: readonly RuleTable[]): Pick<ProxyFacts, 'masqueradeAll' | 'clusterCidr'> {
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
export function bitOf(nat: RuleTable): Fact<number> | undefined {
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
