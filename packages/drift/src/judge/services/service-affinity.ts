import { isEndpointList } from '../../proxy/names/chain-roles.ts';
import { sidesOf } from '../../differences/difference.ts';
import type { Model, RuleEntry } from '../../state/model.ts';
import type { PendingChange } from '../pending-change.ts';
import type { Found } from '../claims.ts';
import { remembers } from '../rules/chains.ts';
import { listed } from '../words.ts';
import type { Comparison } from '../comparison.ts';
import type { Sides } from '../side.ts';
import type { ChangeKind, ChangeRule } from '../rule.ts';
import { whereServicesShow } from '../node/served-mode.ts';
import type { OwnedDifferences } from './owned-differences.ts';
import { claimOfRule, claimsOfChains } from './service-claims.ts';
import type { ServiceGroup } from './service-groups.ts';

const AFFINITY_CHANGES = [
  {
    id: 'kube.service.affinity-changed',
    severity: 'notice',
    title: 'the session affinity changed',
    why: 'clients stay on their endpoint, or no longer do',
  },
] as const satisfies readonly ChangeKind[];

export const affinity: ChangeRule = { kinds: AFFINITY_CHANGES, when: whereServicesShow, find: judgeAffinity };

/** Changes of the session affinity of service ports that rules lead to (iptables mode): it is kept by `recent` matches. */
function judgeAffinity({ groups, owned, before, after, differences }: Comparison): Found[] {
  const renamed = new Map(
    differences.tables.flatMap((table) =>
      table.renamed.filter((pair) => remembers(pair.before)).map((pair) => [pair.after.name, pair.before.name] as const),
    ),
  );
  return groups()
    .filter((group) => group.before.length > 0 && group.after.length > 0)
    .flatMap((group) => [...affinityChange(group, owned(), { before, after }), ...forgottenClients(group, owned(), renamed)]);
}

function affinityChange(group: ServiceGroup, owned: OwnedDifferences, sides: Sides): Found[] {
  const rules = (owned.rules.get(group.name) ?? []).filter(({ difference }) => sidesOf(difference).some(asksForRecent));
  const chains = new Set(rules.filter(({ chain }) => isEndpointList(chain)).map(({ chain }) => chain));
  const was = secondsIn(sides.before.model, chains);
  const is = secondsIn(sides.after.model, chains);
  if (chains.size === 0 || was === is) return [];
  const text =
    is === undefined
      ? `no longer stay with their endpoint (session affinity was ${was} s)`
      : was === undefined
        ? `now stay with their endpoint (session affinity ${is} s)`
        : `stay with their endpoint for ${is} s (was ${was} s)`;
  const change: PendingChange = {
    ...ofAffinity(group),
    before: { affinitySeconds: was ?? 0 },
    after: { affinitySeconds: is ?? 0 },
    text: `${group.name}: clients ${text}`,
  };
  return [{ change, claims: rules.map(claimOfRule) }];
}

/** A chain of an endpoint remembers clients on a list of its own name: under another name it begins with nobody. */
function forgottenClients(group: ServiceGroup, owned: OwnedDifferences, renamed: ReadonlyMap<string, string>): Found[] {
  const names = (owned.chains.get(group.name) ?? []).flatMap(({ chain }) => {
    const before = renamed.get(chain);
    return before === undefined ? [] : [`${before} → ${chain}`];
  });
  if (names.length === 0) return [];
  const which =
    names.length === 1 ? 'the chain that remembers them has another name' : `${names.length} chains that remember them have other names`;
  const change: PendingChange = {
    ...ofAffinity(group),
    text: `${group.name}: clients that stayed with their endpoint are assigned anew, once: ${which} (${listed(names.sort())})`,
  };
  return [{ change, claims: claimsOfChains(group.name, owned, (chain) => renamed.has(chain)) }];
}

function ofAffinity({ name, before, after }: ServiceGroup): Omit<PendingChange, 'text'> {
  return {
    id: 'kube.service.affinity-changed',
    severity: 'notice',
    effect: 'attribute',
    certainty: 'proven',
    subject: { kind: 'kube.servicePort', name, frontends: [...new Set([...before, ...after].map(({ key }) => key))].sort() },
    origins: [],
  };
}

function asksForRecent(rule: RuleEntry): boolean {
  return rule.conditions.some((condition) => condition.kind === 'other' && condition.match === 'recent');
}

/** For how long the rules of these chains keep a client with its endpoint; undefined = they do not. */
function secondsIn({ tables }: Model, chains: ReadonlySet<string>): number | undefined {
  for (const table of tables.values()) {
    for (const name of chains) {
      for (const rule of table.chains.get(name)?.rules ?? []) {
        for (const condition of rule.conditions)
          if (condition.kind === 'other' && condition.seconds !== undefined) return condition.seconds;
      }
    }
  }
  return undefined;
}
