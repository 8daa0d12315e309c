import type { Model, RuleTable } from '../state/model.ts';
import { servicePortOfChain } from '../proxy/names/chain-owners.ts';
import { isServiceChain } from '../proxy/names/chain-roles.ts';
import type { ServiceFrontend, ServicePath } from '../proxy/service-table.ts';

/**
 * A frontend without what is only so because a listing does not show all: where rows of its virtual service or of a chain on its way were
 * lost, it gives no shares, and nothing says that it has no endpoint or is not served.
 */
export function withoutClaimsOfCutTables(
  frontend: ServiceFrontend,
  model: Model,
  lostRows: LostRowsOfNat,
  key: string,
  servicePort: string | undefined,
): ServiceFrontend {
  const family = frontend.addresses.some((address) => address.includes(':')) || !model.tables.has('ipv4 nat') ? 'ipv6' : 'ipv4';
  const service = model.ipvs?.services.get(key);
  const partial =
    frontend.by === 'iptables'
      ? whyRowsAreLost(lostRows[family], servicePort)
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

/** Why rules may be missing in the chains of nat of one family, the first reason in the order in which they are listed. */
interface LostRows {
  readonly first?: string;
  /** In a chain that all service ports share. */
  readonly shared?: string;
  /** In a chain of one service port that stands before any shared one, by the service port. */
  readonly own: ReadonlyMap<string, string>;
}

/** Where rows may have been lost in nat, by family. */
export type LostRowsOfNat = { readonly [Family in 'ipv4' | 'ipv6']: LostRows };

/** Looks through the chains of nat once. */
export function lostRowsOf({ tables }: Model): LostRowsOfNat {
  return { ipv4: lostRowsIn(tables.get('ipv4 nat')), ipv6: lostRowsIn(tables.get('ipv6 nat')) };
}

function lostRowsIn(nat: RuleTable | undefined): LostRows {
  const own = new Map<string, string>();
  let first: string | undefined;
  for (const { name, partialBecause, mayGoOn } of nat?.chains.values() ?? []) {
    if (nat === undefined || partialBecause === undefined) continue;
    // Jumps that are not seen anywhere may stand in any chain: that of one service is in doubt, not those of all.
    if (Array.isArray(mayGoOn) && !isServiceChain(name)) continue;
    first ??= partialBecause;
    if (!isServiceChain(name)) return { first, shared: partialBecause, own };
    const owner = servicePortOfChain(nat, name);
    if (owner !== undefined && !own.has(owner)) own.set(owner, partialBecause);
  }
  return { ...(first === undefined ? {} : { first }), own };
}

/** Why rules may be missing in a chain that leads to a service port: one of its own, or one that all service ports share. */
function whyRowsAreLost({ first, shared, own }: LostRows, servicePort: string | undefined): string | undefined {
  return servicePort === undefined ? first : (own.get(servicePort) ?? shared);
}
