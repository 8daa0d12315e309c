import { frontendLabel } from '../../services/frontends.ts';
import { isLoopBackSet, isProxySet } from '../../proxy/names/set-catalogue.ts';
import type { SetDifference, SetMemberDifference } from '../../differences/difference.ts';
import type { Severity } from '../../report.ts';
import { alone, type Found } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import { type FlowDifference, refusesMore } from '../packets/flow-differences.ts';
import { UNDECIDED } from '../packets/packet-engine.ts';
import { onThisNode, selfReachFate, selfReachText } from '../packets/self-reach.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import { endpointOfMember } from '../services/owned-differences.ts';
import { refusalStory } from '../services/refusal.ts';
import { counted, listed, witnessDetails, witnessOf } from '../words.ts';
import { masqueradeText } from './masquerade-text.ts';
import { type SetContext, UNSEEN, useOf } from './set-use.ts';

/** Three members or more that come or go without a flow that shows it: one sentence for all of them. */
export function toldAsList(found: readonly UnprovenMember[], { before }: SetDifference, how: 'added' | 'removed'): Found[] {
  const [first, ...others] = found;
  if (first === undefined || others.length < 2) return found.map(({ change }) => alone(change));
  const members = found.map(({ member }) => member).sort();
  const verb = how === 'removed' ? 'left' : 'joined';
  const hairpins = [...new Set(found.flatMap(({ hairpin, member }) => (hairpin ? [endpointOfMember(member)] : [])))].sort();
  const teller: PendingChange = {
    ...first.change,
    text: found.every(({ hairpin }) => hairpin)
      ? `${counted(found.length, 'member')} ${verb} set ${before.name}; ${selfReachText(hairpins, how === 'added', 'their services')}`
      : `${listed(members, 6)} ${verb} set ${before.name}; ${first.means}`,
    details: [...(hairpins.length === 0 ? [] : [onThisNode(hairpins)]), { label: 'look at', text: `ipset list ${before.name}` }],
  };
  return [{ change: teller, parts: others.map(({ change }) => change) }];
}

/** A member that came or went, and no flow shows what that does. */
interface UnprovenMember {
  readonly member: string;
  /** Whether it decides that an endpoint reaches itself. */
  readonly hairpin: boolean;
  /** What is said of it, whichever member it is. */
  readonly means: string;
  readonly change: PendingChange;
}

export function changedMember(
  difference: SetDifference,
  { member, origin }: SetMemberDifference,
  how: 'added' | 'removed',
  context: SetContext,
): PendingChange | { readonly unproven: UnprovenMember } {
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
  const because = { label: 'because' as const, text: `${member} ${verb} set ${set}` };
  const lookAt = { label: 'look at' as const, text: `ipset test ${set} ${member}` };
  if (flows.length > 0)
    return { ...base, ...told(flows, comparison, [because, lookAt]), subject: subjectOf(member, set, flows, comparison) };
  const use = useOf(difference.before, context);
  // Where the member is a place that a known service has on both sides, every kind of sender was asked for.
  const decided =
    use === 'unused' || (use === 'used' && comparison.flows.complete && comparison.flows.compared > 0 && context.places().has(member));
  // What changes is that an endpoint that IPVS leads to before and after reaches itself.
  const hairpin = !decided && isLoopBackSet(set) && context.endpoints().has(endpointOfMember(member));
  const fate: Pick<PendingChange, 'severity' | 'effect' | 'certainty'> = decided
    ? { severity: 'none', effect: 'none', certainty: 'proven' }
    : hairpin
      ? selfReachFate(how === 'added')
      : UNDECIDED;
  const means = hairpin
    ? selfReachText([endpointOfMember(member)], how === 'added', 'its service')
    : { used: roleOf(set), unused: 'no listed rule looks into it', unseen: UNSEEN }[use];
  const change: PendingChange = {
    ...base,
    ...fate,
    subject: { kind: 'ipset.member', name: `${member} in set ${set}` },
    text: `${member} ${verb} set ${set}; ${means}`,
    details: [...(hairpin ? [onThisNode([endpointOfMember(member)])] : []), ...(use === 'used' ? [lookAt] : [])],
  };
  return { unproven: { member, hairpin, means, change } };
}

/** What the sets of kube-proxy decide where no flow to a service shows it. */
function roleOf(set: string): string {
  if (isLoopBackSet(set)) return 'whether an endpoint of this node reaches itself through it cannot be told';
  return 'rules look into it, and no flow to a known service is treated differently';
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
