import { addToGroup } from '../../common/add-to-group.ts';
import type { SetDifference, SetMemberDifference } from '../../structure/difference.ts';
import { isLoopBackSet } from '../../proxy/names/set-catalogue.ts';
import type { IpvsDestination } from '../../state/model.ts';
import type { Judgement } from '../judgement.ts';
import { type Draft, seenAt } from '../draft.ts';
import { endpointOfMember } from '../services/service-claims.ts';

/** Members of KUBE-LOOP-BACK that come or go with an endpoint: how it reaches itself through its service. */
export function loopBackMembers(destinations: readonly IpvsDestination[], judgement: Judgement): Draft[] {
  const members = membersByEndpoint(judgement);
  const drafts: Draft[] = [];
  for (const endpoint of new Set(destinations.map(({ key }) => key))) {
    for (const { how, member, set } of members.get(endpoint) ?? []) {
      if (judgement.told.has(member)) continue;
      judgement.told.add(member);
      drafts.push({
        id: `ipset.member.${how}`,
        severity: 'none',
        effect: 'none',
        certainty: 'proven',
        subject: { kind: 'ipset.member', name: `${member.member} in set ${set.before.name}` },
        ...(how === 'removed' ? { before: { member: member.member } } : { after: { member: member.member } }),
        text: `${member.member} ${how === 'removed' ? 'left' : 'joined'} set ${set.before.name} with its endpoint`,
        origins: how === 'removed' ? seenAt(member.origin, set.after.origin) : seenAt(set.before.origin, member.origin),
      });
    }
  }
  return drafts;
}

interface LoopBackMember {
  readonly how: 'added' | 'removed';
  readonly member: SetMemberDifference;
  readonly set: SetDifference;
}

const known = new WeakMap<Judgement, ReadonlyMap<string, readonly LoopBackMember[]>>();

function membersByEndpoint(judgement: Judgement): ReadonlyMap<string, readonly LoopBackMember[]> {
  const members = known.get(judgement) ?? indexMembers(judgement);
  known.set(judgement, members);
  return members;
}

function indexMembers({ differences }: Judgement): Map<string, LoopBackMember[]> {
  const byEndpoint = new Map<string, LoopBackMember[]>();
  for (const set of differences.sets?.changed ?? []) {
    if (!isLoopBackSet(set.before.name)) continue;
    for (const [how, members] of [
      ['removed', set.membersRemoved],
      ['added', set.membersAdded],
    ] as const) {
      for (const member of members) {
        const endpoint = endpointOfMember(member.member);
        addToGroup(byEndpoint, endpoint, { how, member, set });
      }
    }
  }
  return byEndpoint;
}
