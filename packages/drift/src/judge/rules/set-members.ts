import { frontendLabel } from '../../services/frontends.ts';
import { isLoopBackSet, isProxySet } from '../../proxy/names/set-catalogue.ts';
import type { SetDifference, SetMemberDifference } from '../../differences/difference.ts';
import type { Severity } from '../../report.ts';
import { alone, type Found } from '../claims.ts';
import { addToGroup } from '../../common/add-to-group.ts';
import { once } from '../../common/once.ts';
import type { Comparison, EffectOnPackets } from '../comparison.ts';
import { type FlowDifference, refusesMore } from '../packets/flow-differences.ts';
import { UNDECIDED } from '../packets/packet-engine.ts';
import { onThisNode, selfReachFate, selfReachText } from '../packets/self-reach.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import { endpointOfMember } from '../services/owned-differences.ts';
import { refusalStory } from '../services/refusal.ts';
import { counted, listed, witnessDetails, witnessOf } from '../words.ts';
import { masqueradeText } from './masquerade-text.ts';
import { setEffects, type SetEffects } from './set-effects.ts';
import { type SetContext, UNSEEN, useOf } from './set-use.ts';

/** Members that came, or went: each by the services that show it, else by what it does to packets; what is the same of many, once. */
export function changedMembers(
  difference: SetDifference,
  members: readonly SetMemberDifference[],
  how: 'added' | 'removed',
  context: SetContext,
): Found[] {
  const found: Found[] = [];
  const alike = new Map<string, MemberStory[]>();
  const answerTo = answers(difference, members, context);
  for (const member of members) {
    const story = changedMember(difference, member, how, answerTo, context);
    if ('alike' in story) addToGroup(alike, story.alike, story);
    else found.push(alone(story.change));
  }
  return [...found, ...[...alike.values()].flatMap((stories) => toldAsList(stories, difference, how))];
}

/** Members that are asked about one by one, times the members of their set; of more, it is asked what all of them do. */
const MAX_ASKED = 200_000;

/** What becomes of packets because of members. */
function answers(difference: SetDifference, members: readonly SetMemberDifference[], context: SetContext): MemberAnswers {
  const { comparison, asking } = context;
  const size = Math.max(difference.before.members?.size ?? 0, difference.after.members?.size ?? 0);
  const effects = once(() => setEffects(difference, comparison, asking()));
  const jointly = once(() => effects().ofMembers(new Set(members.map(({ member }) => member))));
  return {
    use: once(() => useOf(difference.before, context)),
    of: (member) => (members.length > 1 && members.length * size > MAX_ASKED ? jointly() : effects().ofMembers(new Set([member]))),
    story: (answer, because) => effects().story(answer, because),
  };
}

interface MemberAnswers {
  readonly use: () => ReturnType<typeof useOf>;
  readonly of: (member: string) => EffectOnPackets;
  readonly story: SetEffects['story'];
}

/** Three members or more of which the same is to be said: one sentence for all of them. */
function toldAsList(found: readonly MemberStory[], { before }: SetDifference, how: 'added' | 'removed'): Found[] {
  const [first, ...others] = found;
  if (first === undefined || others.length < 2) return found.map(({ change }) => alone(change));
  const members = found.map(({ member }) => member).sort();
  const verb = how === 'removed' ? 'left' : 'joined';
  const hairpins = [...new Set(found.flatMap(({ hairpin, member }) => (hairpin ? [endpointOfMember(member)] : [])))].sort();
  const which = `${listed(members, 6)} ${verb} set ${before.name}`;
  const { means } = first;
  const details =
    means === undefined
      ? (first.change.details ?? []).map((detail) =>
          detail.label === 'because' && detail.text === becauseOf(first.member, verb, before) ? { ...detail, text: which } : detail,
        )
      : [...(hairpins.length === 0 ? [] : [onThisNode(hairpins)]), { label: 'look at' as const, text: `ipset list ${before.name}` }];
  const text =
    means === undefined
      ? first.change.text
      : found.every(({ hairpin }) => hairpin)
        ? `${counted(found.length, 'member')} ${verb} set ${before.name}; ${selfReachText(hairpins, how === 'added', 'their services')}`
        : `${which}; ${means}`;
  return [{ change: { ...first.change, text, details }, parts: others.map(({ change }) => change) }];
}

/** A member that came or went, where no service shows it: others may do the same. */
interface MemberStory {
  readonly member: string;
  /** Equal for those of which the same is to be said. */
  readonly alike: string;
  /** Whether it decides that an endpoint reaches itself. */
  readonly hairpin: boolean;
  /** What is said of it, whichever member it is; missing where packets tell its story. */
  readonly means?: string;
  readonly change: PendingChange;
}

function becauseOf(member: string, verb: string, { name }: Pick<SetDifference['before'], 'name'>): string {
  return `${member} ${verb} set ${name}`;
}

function changedMember(
  difference: SetDifference,
  { member, origin }: SetMemberDifference,
  how: 'added' | 'removed',
  packets: MemberAnswers,
  context: SetContext,
): MemberStory | { readonly change: PendingChange } {
  const { comparison } = context;
  const set = difference.before.name;
  const flows = (context.flows.get(member) ?? []).filter((flow) => looksInto(flow, set));
  const origins = how === 'removed' ? seenAt(origin, difference.after.origin) : seenAt(difference.before.origin, origin);
  const base = {
    id: `ipset.member.${how}`,
    ofProxy: isProxySet(set) || flows[0]?.frontend !== undefined,
    origins,
    ...(how === 'removed' ? { before: { member } } : { after: { member } }),
  };
  const verb = how === 'removed' ? 'left' : 'joined';
  const what = becauseOf(member, verb, difference.before);
  const because = { label: 'because' as const, text: what };
  const lookAt = { label: 'look at' as const, text: `ipset test ${set} ${member}` };
  if (flows.length > 0)
    return { change: { ...base, ...told(flows, comparison, [because, lookAt]), subject: subjectOf(member, set, flows, comparison) } };
  const use = packets.use();
  const subject = { kind: 'ipset.member' as const, name: `${member} in set ${set}` };
  // What changes is that an endpoint that IPVS leads to before and after reaches itself.
  const hairpin = use !== 'unused' && isLoopBackSet(set) && context.endpoints().has(endpointOfMember(member));
  if (hairpin) {
    const means = selfReachText([endpointOfMember(member)], how === 'added', 'its service');
    const details = [onThisNode([endpointOfMember(member)]), ...(use === 'used' ? [lookAt] : [])];
    const change = { ...base, ...selfReachFate(how === 'added'), subject, text: `${what}; ${means}`, details };
    return { member, alike: 'hairpin', hairpin, means, change };
  }
  if (use !== 'used') {
    const means = { unused: 'no listed rule looks into it', unseen: UNSEEN }[use];
    const change: PendingChange = { ...base, ...(use === 'unused' ? NO_EFFECT : UNDECIDED), subject, text: `${what}; ${means}` };
    return { member, alike: means, hairpin, means, change };
  }
  const answer = packets.of(member);
  const story = packets.story(answer, because);
  if (story !== undefined) {
    // What nobody gets to by a service, before or after, the sets of kube-proxy keep from the node's own ports.
    const isIdle =
      answer.kind === 'different' && !answer.flows.some(({ before, after }) => before.endpoints.length + after.endpoints.length > 0);
    const severity = isProxySet(set) && isIdle && story.effect !== 'gained' ? 'notice' : story.severity;
    const change = { ...base, ...story, severity, subject, details: [...(story.details ?? []), lookAt] };
    return { member, alike: `${story.severity} ${story.text}`, hairpin, change };
  }
  const { text, ...fate } = withoutStory(answer, what);
  return {
    member,
    alike: text.slice(what.length),
    hairpin,
    means: text.slice(what.length + 2),
    change: { ...base, ...fate, subject, text, details: [lookAt] },
  };
}

const NO_EFFECT = { severity: 'none', effect: 'none', certainty: 'proven' } as const;

/** How a difference of a set is told that no packet shows. */
export function withoutStory(answer: EffectOnPackets, what: string): Pick<PendingChange, 'severity' | 'effect' | 'certainty' | 'text'> {
  return answer.kind === 'undecided'
    ? { ...UNDECIDED, text: `${what}; rules look into it, and what that does could not be determined: ${answer.reason}` }
    : { ...NO_EFFECT, text: `${what}; rules look into it, and no packet is treated differently` };
}

/** Whether a rule on the way of the packet, or one that it no longer meets, asks for the set. */
function looksInto(flow: FlowDifference, set: string): boolean {
  for (const met of [...flow.before.path, ...flow.after.path]) {
    if (met.rule?.conditions.some((condition) => condition.kind === 'set' && condition.set === set) === true) return true;
  }
  return false;
}

function subjectOf(member: string, set: string, flows: readonly FlowDifference[], comparison: Comparison): PendingChange['subject'] {
  const frontend = flows[0]?.frontend;
  if (frontend === undefined) return { kind: 'ipset.member', name: `${member} in set ${set}` };
  const named = frontend.servicePort === undefined ? (comparison.before.frontends.get(frontend.key) ?? frontend) : frontend;
  return { kind: 'ipset.member', name: frontendLabel(named), frontends: [...new Set(flows.map((flow) => flow.frontend?.key ?? ''))] };
}

type Told = Pick<PendingChange, 'severity' | 'effect' | 'certainty' | 'text' | 'details' | 'witness'>;

function told(flows: readonly FlowDifference[], comparison: Comparison, tail: NonNullable<PendingChange['details']>): Told {
  const refusals = flows.filter((flow) => flow.refusal);
  const masquerades = flows.filter((flow) => flow.masquerade);
  const frontends = [...new Set(flows.map((flow) => flow.frontend))].filter((frontend) => frontend !== undefined);
  const label = listed(frontends.map((frontend) => frontendLabel(comparison.before.frontends.get(frontend.key) ?? frontend)));
  const proof = (refusals[0] ?? masquerades[0]) as FlowDifference;
  const masquerade = masquerades.length === 0 ? '' : masqueradeText(masquerades);
  const witness = { witness: witnessOf(proof) };
  if (refusals.length === 0) {
    return {
      severity: 'warning',
      effect: 'source-changed',
      certainty: 'proven',
      text: `${label}: ${masquerade}`,
      details: [...witnessDetails(proof, ['nat']), ...tail],
      ...witness,
    };
  }
  const story = refusalStory(refusals, comparison);
  const also = masquerade === '' ? [] : [{ label: 'also' as const, text: masquerade }];
  const [first] = refusals as [FlowDifference];
  const lost = refusesMore(first.before, first.after);
  // A service that is let through again is no new exposure.
  const severity: Severity = lost ? 'critical' : 'notice';
  return {
    severity,
    effect: lost ? 'lost' : 'gained',
    certainty: 'proven',
    text: `${label}: ${story.text}${masquerade === '' ? '' : `; what still gets there is ${masquerades[0]?.after.masqueraded === true ? 'now' : 'no longer'} masqueraded`}`,
    details: [...witnessDetails(proof, ['filter']), ...also, ...story.details, ...tail],
    ...witness,
  };
}
