import { addToGroup } from '../../common/add-to-group.ts';
import type { Differences, RuleDifference } from '../../structure/difference.ts';
import type { Frontend } from '../../services/frontends.ts';
import type { RuleEntry } from '../../state/model.ts';
import type { ExplainedDifference } from '../../report.ts';
import type { Judgement } from '../judgement.ts';

/** A rule of the nat table that differs, and its place among all of them. */
interface PlacedRule {
  readonly difference: RuleDifference;
  readonly chain: string;
  readonly place: number;
}

/** A member of a set that restricts an address, and what it explains. */
interface PlacedMember {
  readonly object: object;
  readonly explained: ExplainedDifference;
}

/** What differs and may belong to a restriction, made once for a comparison. */
export interface RestrictionIndex {
  /** By what either side of the rule asks for and does. */
  readonly rules: ReadonlyMap<string, readonly PlacedRule[]>;
  /** By `203.0.113.10,tcp:443`. */
  readonly members: ReadonlyMap<string, readonly PlacedMember[]>;
}

/** Sorts what differs by what a restriction looks it up with. */
export function restrictionIndex({ differences }: Judgement): RestrictionIndex {
  return { rules: natRules(differences), members: restrictingMembers(differences) };
}

/** Takes from the other judges what the restriction of one address explains. */
export function claimRestriction(
  frontend: Frontend,
  rules: readonly RuleEntry[],
  index: RestrictionIndex,
  { flows, told }: Judgement,
): ExplainedDifference[] {
  for (const flow of flows.byFrontend.get(frontend.key) ?? [])
    if (flow.before.endpoints.length === 0 || flow.after.endpoints.length === 0) told.add(flow);
  return [...claimRules(rules, index, told), ...claimMembers(frontend, index, told)];
}

function claimRules(rules: readonly RuleEntry[], index: RestrictionIndex, told: Set<object>): ExplainedDifference[] {
  const keys = new Set(rules.map((rule) => rule.key));
  const found = [...keys].flatMap((key) => index.rules.get(key) ?? []).sort((one, other) => one.place - other.place);
  const explains: ExplainedDifference[] = [];
  for (const { difference, chain } of found) {
    if (told.has(difference)) continue;
    told.add(difference);
    const { number } = difference.kind === 'removed' ? difference.before : difference.after;
    explains.push({ id: `iptables.rule.${difference.kind}`, subject: `nat ${chain}#${number}` });
  }
  return explains;
}

/** The members of the sets that restrict one address. */
function claimMembers({ address, protocol, port }: Frontend, index: RestrictionIndex, told: Set<object>): ExplainedDifference[] {
  const explains: ExplainedDifference[] = [];
  for (const { object, explained } of index.members.get(`${address},${protocol}:${port}`) ?? []) {
    if (told.has(object)) continue;
    told.add(object);
    explains.push(explained);
  }
  return explains;
}

function natRules({ tables }: Differences): Map<string, PlacedRule[]> {
  const rules = new Map<string, PlacedRule[]>();
  let place = 0;
  for (const table of tables) {
    if (table.after.name !== 'nat') continue;
    for (const chain of table.changed) {
      for (const difference of chain.rules) {
        const placed: PlacedRule = { difference, chain: chain.after.name, place: place++ };
        if (difference.kind !== 'added') addToGroup(rules, difference.before.key, placed);
        if (difference.kind !== 'removed' && (difference.kind === 'added' || difference.after.key !== difference.before.key))
          addToGroup(rules, difference.after.key, placed);
      }
    }
  }
  return rules;
}

function restrictingMembers({ sets }: Differences): Map<string, PlacedMember[]> {
  const found = new Map<string, PlacedMember[]>();
  for (const set of sets?.changed ?? []) {
    if (!/^KUBE-(?:6-)?LOAD-BALANCER-(?:FW|SOURCE-CID)/.test(set.before.name)) continue;
    for (const [how, members] of [
      ['removed', set.membersRemoved],
      ['added', set.membersAdded],
    ] as const) {
      for (const member of members) {
        const [address, port] = member.member.split(',');
        addToGroup(found, `${address},${port}`, {
          object: member,
          explained: { id: `ipset.member.${how}`, subject: `${member.member} in set ${set.before.name}` },
        });
      }
    }
  }
  return found;
}
