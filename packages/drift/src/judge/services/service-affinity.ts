import { sidesOf } from '../../structure/difference.ts';
import type { Model, RuleEntry } from '../../state/model.ts';
import type { Draft } from '../draft.ts';
import type { Judgement } from '../judgement.ts';
import { type Claim, claimRule, type OwnedDifferences } from './service-claims.ts';
import type { ServiceGroup } from './service-groups.ts';

/** Changes of the session affinity of service ports that rules lead to (iptables mode): it is kept by `recent` matches. */
export function judgeAffinity(groups: readonly ServiceGroup[], owned: OwnedDifferences, judgement: Judgement): Draft[] {
  return groups.flatMap((group) => {
    const draft = group.before.length > 0 && group.after.length > 0 ? affinityDraft(group, owned, judgement) : undefined;
    return draft === undefined ? [] : [draft];
  });
}

function affinityDraft(group: ServiceGroup, owned: OwnedDifferences, judgement: Judgement): Draft | undefined {
  const rules = (owned.rules.get(group.name) ?? []).filter(({ difference }) => sidesOf(difference).some(asksForRecent));
  const chains = new Set(rules.filter(({ chain }) => chain.startsWith('KUBE-SV')).map(({ chain }) => chain));
  const was = secondsIn(judgement.before.model, chains);
  const is = secondsIn(judgement.after.model, chains);
  if (chains.size === 0 || was === is) return undefined;
  const claim: Claim = { explains: [], origins: [] };
  for (const placed of rules) claimRule(claim, placed, judgement);
  const keys = new Set([...group.before, ...group.after].map((frontend) => frontend.key));
  const text =
    is === undefined
      ? `no longer stay with their endpoint (session affinity was ${was} s)`
      : was === undefined
        ? `now stay with their endpoint (session affinity ${is} s)`
        : `stay with their endpoint for ${is} s (was ${was} s)`;
  return {
    id: 'kube.service.affinity-changed',
    severity: 'notice',
    effect: 'attribute',
    certainty: 'proven',
    subject: { kind: 'kube.servicePort', name: group.name, frontends: [...keys].sort() },
    before: { affinitySeconds: was ?? 0 },
    after: { affinitySeconds: is ?? 0 },
    text: `${group.name}: clients ${text}`,
    explains: claim.explains,
    origins: claim.origins.slice(0, 6),
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
