import { addToGroup } from '../../common/add-to-group.ts';
import type { Differences, SetDifference, SetMemberDifference } from '../../differences/difference.ts';
import { isLoopBackSet } from '../../proxy/names/set-catalogue.ts';
import type { IpvsDestination } from '../../state/model.ts';
import type { Claim } from '../claims.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import { endpointOfMember } from '../services/owned-differences.ts';

/** Members of KUBE-LOOP-BACK that come or go, by their endpoint. */
export type LoopBackMembers = ReadonlyMap<string, readonly LoopBackMember[]>;

interface LoopBackMember {
  readonly how: 'added' | 'removed';
  readonly member: SetMemberDifference;
  readonly set: SetDifference;
}

export function loopBackMembers({ sets }: Differences): LoopBackMembers {
  const byEndpoint = new Map<string, LoopBackMember[]>();
  for (const set of sets?.changed ?? []) {
    if (!isLoopBackSet(set.before.name)) continue;
    for (const [how, members] of [
      ['removed', set.membersRemoved],
      ['added', set.membersAdded],
    ] as const)
      for (const member of members) addToGroup(byEndpoint, endpointOfMember(member.member), { how, member, set });
  }
  return byEndpoint;
}

/** The members that come or go with endpoints: how these reach themselves through their service. */
export function claimsOfLoopBack(destinations: readonly IpvsDestination[], members: LoopBackMembers): Claim[] {
  return [...new Set(destinations.map(({ key }) => key))].flatMap((endpoint) =>
    (members.get(endpoint) ?? []).map(({ how, member, set }): Claim => {
      const part: PendingChange = {
        id: `ipset.member.${how}`,
        severity: 'none',
        effect: 'none',
        certainty: 'proven',
        subject: { kind: 'ipset.member', name: `${member.member} in set ${set.before.name}` },
        ofProxy: true,
        ...(how === 'removed' ? { before: { member: member.member } } : { after: { member: member.member } }),
        text: `${member.member} ${how === 'removed' ? 'left' : 'joined'} set ${set.before.name} with its endpoint`,
        origins: how === 'removed' ? seenAt(member.origin, set.after.origin) : seenAt(set.before.origin, member.origin),
      };
      return { difference: member, part };
    }),
  );
}
