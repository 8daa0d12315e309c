import { addToGroup } from '../../common/add-to-group.ts';
import { append } from '../../common/append.ts';
import { once } from '../../common/once.ts';
import { isProxySet } from '../../proxy/names/set-catalogue.ts';
import type { SetDifference } from '../../differences/difference.ts';
import type { IpSetEntry } from '../../state/model.ts';
import { membersFor } from '../services/service-claims.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import type { FlowDifference } from '../packets/flow-differences.ts';
import type { SetQuestion } from '../packets/exact-set-effect.ts';
import { alone, type Found } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import { UNDECIDED } from '../packets/packet-engine.ts';
import type { SideView } from '../side.ts';
import { counted } from '../words.ts';
import type { ChangeKind, ChangeRule } from '../rule.ts';
import { askingRules, setEffects } from './set-effects.ts';
import { changedMembers, withoutStory } from './set-members.ts';
import { isAskedFor, type SetContext, UNSEEN, useOf } from './set-use.ts';

const SET_CHANGES = [
  {
    id: 'ipset.member.added',
    severity: 'by effect',
    title: 'a member was added to a set',
    why: 'rules that use the set match it like the other members',
    mirror: 'ipset.member.removed',
  },
  {
    id: 'ipset.member.removed',
    severity: 'by effect',
    title: 'a member was removed from a set',
    why: 'rules that use the set no longer match it',
    mirror: 'ipset.member.added',
  },
  {
    id: 'ipset.set.added',
    severity: 'by effect',
    title: 'a set was created',
    why: 'it matters only to rules that use it',
    mirror: 'ipset.set.removed',
  },
  {
    id: 'ipset.set.removed',
    severity: 'by effect',
    title: 'a set was destroyed',
    why: 'no rule can use it any longer',
    mirror: 'ipset.set.added',
  },
  {
    id: 'ipset.set.redefined',
    severity: 'by effect',
    title: 'the type or the options of a set changed',
    why: 'the same members may match other packets',
  },
  { id: 'ipset.set.recreated', severity: 'none', title: 'a set was destroyed and created again', why: 'its members are the same' },
] as const satisfies readonly ChangeKind[];

export const ipSets: ChangeRule = { kinds: SET_CHANGES, find: judgeSets };

/** Changes of ip sets: members by what the rules decide with them, sets by who looks into them. */
function judgeSets(comparison: Comparison, explained: ReadonlySet<object>): Found[] {
  const { differences, before, after } = comparison;
  const { added = [], removed = [], changed = [] } = differences.sets ?? {};
  if (added.length + removed.length + changed.length === 0) return [];
  const context: SetContext = {
    comparison,
    explained,
    flows: flowsByMember(comparison),
    asking: once(() => askingRules(comparison)),
    endpoints: once(() => {
      const kept = ipvsEndpoints(after);
      return new Set([...ipvsEndpoints(before)].filter((endpoint) => kept.has(endpoint)));
    }),
  };
  const isOpen = (set: IpSetEntry): boolean => !explained.has(set);
  return [
    ...[...wholeSets(added.filter(isOpen), 'added', context), ...wholeSets(removed.filter(isOpen), 'removed', context)].map(alone),
    ...changed.flatMap((difference) => changedSet(difference, context)),
  ];
}

/** Differences of flows that no changed rule is part of, by the member of a set that speaks of their frontend. */
function flowsByMember(comparison: Comparison): Map<string, FlowDifference[]> {
  const groups = new Map<string, FlowDifference[]>();
  for (const difference of comparison.flows.all) {
    if (difference.frontend === undefined || !(difference.refusal || difference.masquerade)) continue;
    for (const member of membersFor(difference.frontend)) {
      addToGroup(groups, member, difference);
    }
  }
  return groups;
}

function wholeSets(sets: readonly IpSetEntry[], how: 'added' | 'removed', context: SetContext): PendingChange[] {
  const verb = how === 'added' ? 'was created' : 'is gone';
  return sets.map((set): PendingChange => {
    const isEmpty = set.members?.size === 0;
    const use = useOf(set, context);
    const base = wholeSet(set, how);
    if (isEmpty || use === 'unused')
      return { ...base, text: `${isEmpty ? 'empty set' : 'set'} ${set.name} ${verb}${isEmpty ? '' : '; no listed rule looks into it'}` };
    // No rule can ask for a set that is not there: those that do came, or went, with it.
    const lacking = how === 'added' ? 'before' : 'after';
    if (use === 'used' && !isAskedFor(set, context, lacking))
      return { ...base, text: `set ${set.name} ${verb} with the rules that look into it` };
    const what = `set ${set.name} with ${counted(set.members?.size ?? 0, 'member')} ${verb}`;
    if (use === 'unseen') return { ...base, ...UNDECIDED, text: `${what}; ${UNSEEN}` };
    return { ...base, ...UNDECIDED, text: `${what}; rules of both snapshots look into it` };
  });
}

/** What a set as a whole does to packets. */
function effectOnPackets(
  question: SetQuestion,
  what: string,
  { comparison, asking }: SetContext,
): Pick<PendingChange, 'severity' | 'effect' | 'certainty' | 'text'> {
  const effects = setEffects(question, comparison, asking());
  const answer = effects.ofAll();
  return effects.story(answer, { label: 'because', text: what }) ?? withoutStory(answer, what);
}

function wholeSet(set: IpSetEntry, how: 'added' | 'removed'): Omit<PendingChange, 'text'> {
  const facts = { type: set.type ?? null, members: set.members?.size ?? null };
  return {
    id: `ipset.set.${how}`,
    severity: 'none',
    effect: 'none',
    certainty: 'proven',
    subject: { kind: 'ipset.set', name: set.name },
    ofProxy: isProxySet(set.name),
    ...(how === 'added' ? { after: facts } : { before: facts }),
    origins: how === 'added' ? seenAt(undefined, set.origin) : seenAt(set.origin, undefined),
  };
}

function changedSet(difference: SetDifference, context: SetContext): Found[] {
  const found: Found[] = [];
  for (const [how, members] of [
    ['removed', difference.membersRemoved],
    ['added', difference.membersAdded],
  ] as const) {
    append(
      found,
      changedMembers(
        difference,
        members.filter((member) => !context.explained.has(member)),
        how,
        context,
      ),
    );
  }
  const { before, after } = difference;
  const about = { subject: { kind: 'ipset.set' as const, name: before.name }, ofProxy: isProxySet(before.name) };
  if (difference.redefined) {
    const use = useOf(before, context);
    const what = `set ${before.name} is now of another kind or has other options`;
    const fate =
      use === 'used'
        ? effectOnPackets({ before, after }, what, context)
        : use === 'unused'
          ? ({ severity: 'none', effect: 'none', certainty: 'proven', text: `${what}; no listed rule looks into it` } as const)
          : { ...UNDECIDED, text: `${what}; ${UNSEEN}` };
    found.push(alone({ id: 'ipset.set.redefined', ...fate, ...about, origins: seenAt(before.origin, after.origin) }));
  } else if (difference.recreated) {
    const text = `set ${before.name} was destroyed and made again`;
    found.push(
      alone({
        id: 'ipset.set.recreated',
        severity: 'none',
        effect: 'none',
        certainty: 'proven',
        ...about,
        text,
        origins: seenAt(before.origin, after.origin),
      }),
    );
  }
  return found;
}

function ipvsEndpoints({ model }: SideView): Set<string> {
  return new Set([...(model.ipvs?.services.values() ?? [])].flatMap((service) => [...service.destinations.keys()]));
}
