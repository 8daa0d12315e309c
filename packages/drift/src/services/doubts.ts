import type { Model, RuleChain } from '../state/model.ts';
import { chainOwner } from '../proxy/names/chain-owners.ts';
import { isServiceChain } from '../proxy/names/chain-roles.ts';
import type { ServiceFrontend, ServicePath } from '../proxy/service-table.ts';

/**
 * A frontend without what is only so because a listing does not show all: where rows of its virtual service or of a chain on its way were
 * lost, it gives no shares, and nothing says that it has no endpoint or is not served.
 */
export function withoutClaimsByAbsence(
  frontend: ServiceFrontend,
  model: Model,
  partialChains: PartialChains,
  key: string,
  servicePort: string | undefined,
): ServiceFrontend {
  const family = frontend.addresses.some((address) => address.includes(':')) || !model.tables.has('ipv4 nat') ? 'ipv6' : 'ipv4';
  const service = model.ipvs?.services.get(key);
  const partial =
    frontend.by === 'iptables'
      ? lostRows(model, partialChains[family], family, servicePort)
      : (service?.partialBecause ?? (service === undefined ? model.ipvs?.partialBecause : undefined));
  const paths = frontend.paths.map((path) => withoutAbsence(path, partial !== undefined, isServedKnown(model, family)));
  return { ...frontend, ...(partial === undefined ? {} : { partialBecause: partial, sharesKnown: false as const }), paths };
}

function withoutAbsence(path: ServicePath, isPartial: boolean, servedKnown: boolean): ServicePath {
  const byAbsence =
    (isPartial && (path.reason === 'no endpoints' || path.reason === 'no local endpoints')) ||
    (path.verdict === 'passed' && (isPartial || !servedKnown));
  return byAbsence ? { from: path.from, verdict: 'unknown', endpoints: [], reason: 'cannot tell' } : path;
}

/** Whether what no listing shows is not served: one of the tables that serve is there, and none of those given lacks anything. */
function isServedKnown({ ipvs, tables }: Model, family: 'ipv4' | 'ipv6'): boolean {
  const nat = tables.get(`${family} nat`);
  return (nat !== undefined || ipvs !== undefined) && nat?.complete !== false && ipvs?.complete !== false;
}

/** Chains of nat of which rows may have been lost, by family. */
export type PartialChains = { readonly [Family in 'ipv4' | 'ipv6']: readonly RuleChain[] };

/** Looks through the chains of nat once. */
export function partialChainsOf({ tables }: Model): PartialChains {
  const partial = (family: 'ipv4' | 'ipv6'): RuleChain[] =>
    [...(tables.get(`${family} nat`)?.chains.values() ?? [])].filter(({ partialBecause }) => partialBecause !== undefined);
  return { ipv4: partial('ipv4'), ipv6: partial('ipv6') };
}

/** Why rules may be missing in a chain that leads to a service port: one of its own, or one that all service ports share. */
function lostRows(
  { tables }: Model,
  chains: readonly RuleChain[],
  family: 'ipv4' | 'ipv6',
  servicePort: string | undefined,
): string | undefined {
  const nat = tables.get(`${family} nat`);
  if (nat === undefined) return undefined;
  return chains.find(({ name }) => !isServiceChain(name) || servicePort === undefined || chainOwner(nat, name) === servicePort)
    ?.partialBecause;
}
