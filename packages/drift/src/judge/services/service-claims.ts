import type { Frontend } from '../../services/frontends.ts';
import { ruleOf } from '../../differences/difference.ts';
import { type Claim, explainedRule } from '../claims.ts';
import type { OwnedDifferences, OwnedThing, PlacedRule } from './owned-differences.ts';

/** One rule that differs. */
export function claimOfRule({ difference, table, chain }: PlacedRule): Claim {
  return {
    difference,
    explained: [explainedRule(difference, table, chain)],
    origins: [{ side: difference.kind === 'removed' ? 'before' : 'after', origin: ruleOf(difference).origin }],
  };
}

/** The chains of a service port that come or go, all of them or those that fit. */
export function claimsOfChains(owner: string, owned: OwnedDifferences, fits: (chain: string) => boolean = () => true): Claim[] {
  return (owned.chains.get(owner) ?? []).flatMap(({ object, id, table, chain }) =>
    fits(chain) ? [{ difference: object, explained: [{ id, subject: `${table} ${chain}` }] }] : [],
  );
}

/** The rules and chains of a service port, all rules or those that fit. */
export function claimsOfService(owner: string, owned: OwnedDifferences, fits: (rule: PlacedRule) => boolean = () => true): Claim[] {
  return [...(owned.rules.get(owner) ?? []).filter(fits).map(claimOfRule), ...claimsOfChains(owner, owned)];
}

/** How the sets of kube-proxy write a frontend: address and port, address alone, port alone. */
export function membersFor({ address, protocol, port }: Frontend): string[] {
  return address === undefined ? [String(port)] : [`${address},${protocol}:${port}`, address, String(port)];
}

/** What ipvs mode keeps for frontends that come or go: virtual services, members of sets, addresses. */
export function claimsOfFrontends(frontends: readonly Frontend[], owned: OwnedDifferences, endpoints: Iterable<string> = []): Claim[] {
  const names = new Set<string>();
  for (const frontend of frontends) for (const name of [frontend.key, ...membersFor(frontend)]) names.add(name);
  for (const endpoint of endpoints) names.add(`endpoint ${endpoint}`);
  return [...names].flatMap((name) => (owned.things.get(name) ?? []).map(claimOfThing));
}

/** A virtual service, a member of a set or an address that differs. */
export function claimOfThing({ object, id, subject, origin }: OwnedThing): Claim {
  return { difference: object, explained: [{ id, subject }], origins: [origin] };
}
