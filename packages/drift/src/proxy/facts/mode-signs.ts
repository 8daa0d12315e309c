import type { Model, RuleTable } from '../../state/model.ts';
import { serviceComment } from '../names/comments.ts';
import { isKubeProxyTable } from '../nftables/names.ts';
import type { Fact, ProxyMode } from './fact.ts';
import { purposeOf } from './masquerade-facts.ts';

/** The mode that the tables show. */
export function modeOf(model: Model, nat: RuleTable | undefined): Fact<ProxyMode> | undefined {
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
