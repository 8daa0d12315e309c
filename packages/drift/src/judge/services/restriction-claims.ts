import { catalogueSet } from '../../proxy/names/set-catalogue.ts';
import { chainRole } from '../../proxy/names/chain-roles.ts';
import { CHAIN } from '../../proxy/names/fixed-names.ts';
import { addToGroup } from '../../common/add-to-group.ts';
import type { Differences } from '../../differences/difference.ts';
import { type Frontend, frontendFamily } from '../../services/frontends.ts';
import type { RuleEntry } from '../../state/model.ts';
import { type Claim, explainedRule } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import type { PlacedRule } from './owned-differences.ts';

/** A rule that differs, and its place among all of them. */
interface OrderedRule extends PlacedRule {
  readonly place: number;
}

/** What differs and may belong to a restriction, made once for a comparison. */
export interface RestrictionIndex {
  /** By what either side of the rule asks for and does. */
  readonly rules: ReadonlyMap<string, readonly OrderedRule[]>;
  /** By `203.0.113.10,tcp:443`. */
  readonly members: ReadonlyMap<string, readonly Claim[]>;
  /** Chains of restrictions that came or went, by family and name: a service has chains of one name in both families. */
  readonly chains: ReadonlyMap<string, Claim>;
}

/** Sorts what differs by what a restriction looks it up with. */
export function restrictionIndex({ differences }: Comparison): RestrictionIndex {
  return { rules: placedRules(differences), members: restrictingMembers(differences), chains: firewallChains(differences) };
}

/** What the restriction of one address explains: packets, rules, and members of the sets that restrict it. */
export function claimsOfRestriction(
  frontend: Frontend,
  rules: readonly RuleEntry[],
  index: RestrictionIndex,
  { flows }: Comparison,
): Claim[] {
  const { key, address, protocol, port } = frontend;
  const keys = new Set(rules.map((rule) => rule.key));
  const family = frontendFamily(frontend);
  const placed = [...keys].flatMap((one) => index.rules.get(one) ?? []).sort((one, other) => one.place - other.place);
  return [
    ...(flows.byFrontend.get(key) ?? [])
      .filter(({ before, after }) => before.endpoints.length === 0 || after.endpoints.length === 0)
      .map((difference): Claim => ({ difference })),
    ...placed.map(({ difference, table, chain }): Claim => ({ difference, explained: [explainedRule(difference, table, chain)] })),
    ...rules.flatMap(({ target }) => (target.kind === 'jump' ? (index.chains.get(`${family} ${target.chain}`) ?? []) : [])),
    ...(index.members.get(`${address},${protocol}:${port}`) ?? []),
  ];
}

function placedRules({ tables }: Differences): Map<string, OrderedRule[]> {
  const rules = new Map<string, OrderedRule[]>();
  let place = 0;
  for (const table of tables) {
    const { name } = table.after;
    for (const chain of table.changed) {
      if (name !== 'nat' && chain.after.name !== CHAIN.proxyFirewall) continue;
      for (const difference of chain.rules) {
        const placed: OrderedRule = { difference, table: name, chain: chain.after.name, place: place++ };
        if (difference.kind !== 'added') addToGroup(rules, difference.before.key, placed);
        if (difference.kind !== 'removed' && (difference.kind === 'added' || difference.after.key !== difference.before.key))
          addToGroup(rules, difference.after.key, placed);
      }
    }
  }
  return rules;
}

function firewallChains({ tables }: Differences): Map<string, Claim> {
  const found = new Map<string, Claim>();
  for (const { after, added, removed } of tables) {
    for (const [how, chains] of [
      ['added', added],
      ['removed', removed],
    ] as const) {
      for (const chain of chains)
        if (chainRole(chain.name) === 'service-firewall')
          found.set(`${after.family} ${chain.name}`, {
            difference: chain,
            explained: [{ id: `iptables.chain.${how}`, subject: `${after.name} ${chain.name}` }],
          });
    }
  }
  return found;
}

/** A set of addresses with source ranges, or of these ranges. */
function isRestricting(set: string): boolean {
  const role = catalogueSet(set)?.set.role;
  return role === 'restricted' || role === 'allowed-range';
}

function restrictingMembers({ sets }: Differences): Map<string, Claim[]> {
  const found = new Map<string, Claim[]>();
  for (const set of sets?.changed ?? []) {
    if (!isRestricting(set.before.name)) continue;
    for (const [how, members] of [
      ['removed', set.membersRemoved],
      ['added', set.membersAdded],
    ] as const) {
      for (const member of members) {
        const [address, port] = member.member.split(',');
        addToGroup(found, `${address},${port}`, {
          difference: member,
          explained: [{ id: `ipset.member.${how}`, subject: `${member.member} in set ${set.before.name}` }],
        });
      }
    }
  }
  return found;
}
