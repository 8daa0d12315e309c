import type { RuleDifference } from '../compare/difference.ts';
import { chainOwners } from '../kubernetes/chain-owners.ts';
import { serviceComment } from '../kubernetes/comments.ts';
import { type Frontend, frontendOfRule } from '../kubernetes/frontends.ts';
import type { RuleEntry, RuleTable } from '../model/model.ts';
import type { ExplainedDifference } from '../report.ts';
import type { SidedOrigin } from './draft.ts';
import type { Judgement } from './judgement.ts';

/** What a change of a service explains, taken from the other judges. */
export interface Claim {
  readonly explains: ExplainedDifference[];
  readonly origins: SidedOrigin[];
}

/** A rule that differs, and where. */
export interface PlacedRule {
  readonly difference: RuleDifference;
  readonly table: string;
  readonly chain: string;
}

/** The differences of rules and chains by the service port they belong to, made once for a comparison. */
export interface OwnedDifferences {
  readonly rules: ReadonlyMap<string, readonly PlacedRule[]>;
  readonly chains: ReadonlyMap<string, readonly { readonly object: object; readonly id: string; readonly name: string }[]>;
}

/** Finds the service port of each difference in the tables of kube-proxy. */
export function ownedDifferences({ differences }: Judgement): OwnedDifferences {
  const rules = new Map<string, PlacedRule[]>();
  const chains = new Map<string, { object: object; id: string; name: string }[]>();
  for (const table of differences.tables) {
    const before = chainOwners(table.before);
    const after = chainOwners(table.after);
    for (const chain of table.changed) {
      const owner = after.get(chain.after.name) ?? before.get(chain.before.name);
      for (const difference of chain.rules) {
        for (const name of owner === undefined ? ruleOwners(difference, chain.after.name) : [owner]) {
          push(rules, name, { difference, table: table.after.name, chain: chain.after.name });
        }
      }
    }
    const owned = (kind: 'added' | 'removed', owners: ReadonlyMap<string, string>, list: RuleTable['chains'] extends ReadonlyMap<string, infer Chain> ? readonly Chain[] : never): void => {
      for (const chain of list) {
        const owner = owners.get(chain.name);
        if (owner !== undefined) push(chains, owner, { object: chain, id: `iptables.chain.${kind}`, name: `${table.after.name} ${chain.name}` });
      }
    };
    owned('added', after, table.added);
    owned('removed', before, table.removed);
    for (const pair of table.renamed) {
      const owner = after.get(pair.after.name) ?? before.get(pair.before.name);
      if (owner !== undefined) push(chains, owner, { object: pair.before, id: 'iptables.chain.renamed', name: `${table.after.name} ${pair.after.name}` });
    }
  }
  return { rules, chains };
}

/** The service ports that a rule of a shared chain names: one, or two where it was paired across services. */
function ruleOwners(difference: RuleDifference, chain: string): string[] {
  if (!chain.startsWith('KUBE-')) return [];
  const entries: RuleEntry[] = [];
  if (difference.kind !== 'added') entries.push(difference.before);
  if (difference.kind !== 'removed') entries.push(difference.after);
  const names = new Set<string>();
  for (const entry of entries) {
    for (const comment of entry.comments) {
      const name = serviceComment(comment)?.servicePort;
      if (name !== undefined) names.add(name);
    }
    const key = frontendOfRule(entry, chain)?.key;
    if (key !== undefined) names.add(key);
  }
  return [...names];
}

function push<Value>(groups: Map<string, Value[]>, key: string, value: Value): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}

/** Takes the rules and chains of a service port, all of them or those that fit. */
export function claimRules(claim: Claim, owner: string, owned: OwnedDifferences, { told }: Judgement, fits: (rule: PlacedRule) => boolean = () => true): void {
  for (const placed of owned.rules.get(owner) ?? []) {
    if (told.has(placed.difference) || !fits(placed)) continue;
    told.add(placed.difference);
    const { difference } = placed;
    const entry = difference.kind === 'removed' ? difference.before : difference.after;
    claim.explains.push({ id: `iptables.rule.${difference.kind}`, subject: `${placed.table} ${placed.chain}#${entry.number}` });
    claim.origins.push({ side: difference.kind === 'removed' ? 'before' : 'after', origin: entry.origin });
  }
  for (const { object, id, name } of owned.chains.get(owner) ?? []) {
    if (told.has(object)) continue;
    told.add(object);
    claim.explains.push({ id, subject: name });
  }
}

/** Takes what ipvs mode keeps for frontends that come or go: virtual services, members of sets, addresses. */
export function claimFrontends(claim: Claim, frontends: readonly Frontend[], endpoints: ReadonlySet<string>, { differences, told, after, before }: Judgement): void {
  const keys = new Set(frontends.map((frontend) => frontend.key));
  const take = (object: object, id: string, subject: string, origin: SidedOrigin): void => {
    if (told.has(object)) return;
    told.add(object);
    claim.explains.push({ id, subject });
    claim.origins.push(origin);
  };
  for (const service of differences.ipvs?.removed ?? []) if (keys.has(service.key)) take(service, 'ipvs.service.removed', service.key, { side: 'before', origin: service.origin });
  for (const service of differences.ipvs?.added ?? []) if (keys.has(service.key)) take(service, 'ipvs.service.added', service.key, { side: 'after', origin: service.origin });
  const members = new Set(frontends.flatMap(({ address, protocol, port }) => (address === undefined ? [String(port)] : [`${address},${protocol}:${port}`, address, String(port)])));
  for (const set of differences.sets?.changed ?? []) {
    if (!set.before.name.startsWith('KUBE-')) continue;
    const belongs = (member: string): boolean => members.has(member) || [...members].some((one) => one.includes(',') && member.startsWith(`${one},`)) || (set.before.name.endsWith('LOOP-BACK') && endpoints.has(endpointOfMember(member)));
    for (const member of set.membersRemoved) if (belongs(member.member)) take(member, 'ipset.member.removed', `${member.member} in set ${set.before.name}`, { side: 'before', origin: member.origin });
    for (const member of set.membersAdded) if (belongs(member.member)) take(member, 'ipset.member.added', `${member.member} in set ${set.before.name}`, { side: 'after', origin: member.origin });
  }
  const addresses = new Set(frontends.map((frontend) => frontend.address));
  for (const difference of differences.interfaces) {
    const still = [...(difference.kind === 'removed' ? after : before).frontends.values()].some((frontend) => frontend.address === difference.address);
    if (addresses.has(difference.address) && !still) {
      take(difference, `interface.address.${difference.kind}`, `${difference.address} on ${difference.interface}`, { side: difference.kind === 'removed' ? 'before' : 'after', origin: difference.origin });
    }
  }
}

/** `10.244.0.2:53` of a member `10.244.0.2,udp:53,10.244.0.2` of KUBE-LOOP-BACK. */
export function endpointOfMember(member: string): string {
  const [address = '', port = ''] = member.split(',');
  const number = port.slice(port.indexOf(':') + 1);
  return address.includes(':') ? `[${address}]:${number}` : `${address}:${number}`;
}
