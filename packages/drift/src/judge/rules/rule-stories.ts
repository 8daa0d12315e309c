import { CHAIN } from '../../proxy/names/fixed-names.ts';
import { type RuleDifference, ruleOf, sidesOf } from '../../differences/difference.ts';
import { chainRole } from '../../proxy/names/chain-roles.ts';
import { unreadMasqueradeMark } from '../../proxy/facts/masquerade-mark.ts';
import type { RuleEntry } from '../../state/model.ts';
import { type Detail, oneStepLower } from '../../report.ts';
import { type FlowDifference, isTurnedAway, masqueradedShare, meetsRule, refusesMore } from '../packets/flow-differences.ts';
import { decidesSourceAlone } from '../packets/source-alone.ts';
import { hairpinStory } from './hairpin-story.ts';
import { masqueradedServices, servicesOfSender } from './masquerade-text.ts';
import { redirected } from './redirect-story.ts';
import { externalPolicy, policyIndex } from '../services/policy-changes.ts';
import { refusalStory, whollyRefused } from '../services/refusal.ts';
import { frontendsOf, packetsMeant, servicesText, whom } from './story-subjects.ts';
import { ownAddressOf, suppositionDetails } from './supposition-words.ts';
import { flowsText, listed, rejectWith, sendersText, provenBy, witnessDetails } from '../words.ts';
import type { StoryContext, Story, ProvenStory } from './rule-story.ts';
import type { ChangeKind } from '../rule.ts';

export const PACKET_CHANGES = [
  {
    id: 'iptables.filter.newly-rejected',
    severity: 'critical',
    title: 'packets that used to pass are dropped or rejected',
    why: 'connections fail',
    mirror: 'iptables.filter.newly-accepted',
  },
  {
    id: 'iptables.filter.newly-accepted',
    severity: 'warning',
    title: 'packets that used to be dropped or rejected pass',
    why: 'something can be reached that could not be reached before',
    mirror: 'iptables.filter.newly-rejected',
  },
  {
    id: 'nat.snat.added',
    severity: 'by effect',
    title: 'the source address is replaced',
    why: 'the receiver sees the node instead of the client',
    mirror: 'nat.snat.removed',
  },
  {
    id: 'nat.snat.removed',
    severity: 'by effect',
    title: 'the source address is kept',
    why: 'the receiver sees the client; replies that do not come back through this node are lost',
    mirror: 'nat.snat.added',
  },
] as const satisfies readonly ChangeKind[];

/** Tells a change of a rule by what becomes of packets that meet it. */
export function flowStory(flows: readonly FlowDifference[], context: StoryContext): ProvenStory {
  const sure = flows.filter((flow) => flow.onlyIf.length === 0);
  const told = aboutServices(sure.length > 0 ? sure : flows, context.difference);
  const known = told.filter((flow) => endpointsHere(flow).length === 0);
  const used = known.length > 0 ? known : told;
  const { proof, ...story } = storyOf(used, context);
  const conditional = sure.length === 0;
  return {
    ...story,
    // What may happen is told, however seldom.
    severity: conditional && story.severity !== 'notice' ? oneStepLower(story.severity) : story.severity,
    certainty: conditional ? 'conditional' : story.certainty,
    details: [
      ...(story.details ?? []),
      ...alsoIfElsewhere(told.filter((flow) => !used.includes(flow))),
      context.because,
      ...suppositionDetails(conditional ? proof.onlyIf : proof.supposing),
    ],
    ...provenBy(proof),
  };
}

/**
 * Endpoints of a packet that are taken to be no address of this node, where it matters: not for where it goes, but for who lets it through,
 * and from whom.
 */
function endpointsHere({ supposing, refusal, masquerade, endpoints }: FlowDifference): string[] {
  return !refusal && (!masquerade || endpoints) ? [] : supposing.flatMap((supposition) => ownAddressOf(supposition) ?? []);
}

function alsoIfElsewhere(flows: readonly FlowDifference[]): Detail[] {
  const named = flows.filter(({ frontend }) => frontend !== undefined);
  const addresses = [...new Set(named.flatMap(endpointsHere))].sort();
  return named.length === 0
    ? []
    : [
        {
          label: 'also',
          text: `the same for ${servicesText(named)} where ${listed(addresses)} ${addresses.length === 1 ? 'is no address' : 'are no addresses'} of this node`,
        },
      ];
}

/** Where a rule is for one service, that service is meant, and not some packet that meets the rule too. */
function aboutServices(flows: readonly FlowDifference[], difference: RuleDifference): readonly FlowDifference[] {
  const rule = ruleOf(difference);
  const named = flows.filter((flow) => flow.frontend !== undefined);
  return named.length > 0 && rule.conditions.some((condition) => condition.kind === 'destination' && !condition.not) ? named : flows;
}

function storyOf(flows: readonly FlowDifference[], context: StoryContext): Story {
  // What is refused on one side is told as that: nobody sees its source there.
  const resourced = flows.filter((flow) => flow.masquerade && !flow.refusal);
  if (resourced.length > 0 && sidesOf(context.difference).every(decidesSourceAlone)) return withRefusals(resourced, flows, context);
  const otherwise = flows.filter(({ before, after }) => isTurnedAway(before) && isTurnedAway(after));
  if (otherwise.length === flows.length) return refusedOtherwise(otherwise, context);
  const story = toldStory(
    flows.filter((flow) => !otherwise.includes(flow)),
    context,
  );
  return otherwise.length === 0 ? story : withRefusedOtherwise(story, otherwise, context);
}

function toldStory(flows: readonly FlowDifference[], context: StoryContext): Story {
  const refusals = flows.filter((flow) => flow.refusal);
  const moved = flows.filter((flow) => !flow.refusal && (flow.endpoints || flow.before.verdict !== flow.after.verdict));
  if (refusals.length > 0 && moved.length > 0) return refusedOrRedirected(refusals, moved, context);
  if (refusals.length > 0) return refused(refusals, context);
  if (moved.length > 0) return redirected(moved, context);
  return masqueraded(flows, context);
}

/** What is lost by a change of the source is told first, and what it lets through last. */
function withRefusals(resourced: readonly FlowDifference[], flows: readonly FlowDifference[], context: StoryContext): Story {
  const refusals = flows.filter((flow) => flow.refusal);
  const story = masqueraded(resourced, context);
  if (refusals.length === 0) return story;
  const refusal = refused(refusals, context);
  const [told, other] = refusals.some(isRefused) ? [refusal, story] : [story, refusal];
  return { ...told, details: [...(told.details ?? []), { label: 'also', text: other.text }] };
}

/** What got nowhere before either, and is turned away in another way: of packets to no service the rule means these too. */
function withRefusedOtherwise(story: Story, flows: readonly FlowDifference[], context: StoryContext): Story {
  const whole = flows.find(({ frontend, narrowed = [] }) => frontend === undefined && narrowed.length === 0);
  if (whole === undefined || story.proof.frontend !== undefined)
    return { ...story, details: [...(story.details ?? []), { label: 'also', text: refusedOtherwise(flows, context).text }] };
  return {
    ...story,
    text: `${story.text}; other ${whom([whole], context)} that meet the rule are ${wordsOf(whole.after)}, which were ${wordsOf(whole.before)}`,
  };
}

/** What a change does to most services is told, and with it what it does to the others. */
function refusedOrRedirected(refusals: readonly FlowDifference[], moved: readonly FlowDifference[], context: StoryContext): Story {
  const [refusal, redirection] = [refused(refusals, context), redirected(moved, context)];
  const isMoreMoved = frontendsOf(moved).length > frontendsOf(refusals).length;
  const [told, other] = isMoreMoved ? [redirection, refusal] : [refusal, redirection];
  return { ...told, details: [...(told.details ?? []), { label: 'also', text: other.text }] };
}

/** Nothing gets through before or after, and the senders are told otherwise. */
function refusedOtherwise(flows: readonly FlowDifference[], context: StoryContext): Story {
  const [proof] = flows as [FlowDifference];
  return {
    id: `iptables.rule.${context.difference.kind}`,
    severity: 'notice',
    effect: 'attribute',
    certainty: 'proven',
    text: `${whom(flows, context)}: ${flowsText(proof)} from ${sendersText(flows)} are ${wordsOf(proof.after)}; they were ${wordsOf(proof.before)}`,
    details: witnessDetails(proof, ['mangle', 'filter', 'nat']),
    proof,
  };
}

/** How a packet is turned away. */
function wordsOf({ verdict, decidedBy }: FlowDifference['before']): string {
  if (decidedBy === 'ipvs') return 'refused by IPVS, which has no destination for them';
  return verdict === 'dropped' ? 'dropped' : `refused${rejectWith(decidedBy)}`;
}

/** A rule refuses more of it than before. */
function isRefused({ refusal, before, after }: FlowDifference): boolean {
  return refusal && refusesMore(before, after);
}

/** What is lost comes first; what the same change lets through is told with it. */
function refused(refusals: readonly FlowDifference[], context: StoryContext): Story {
  const closed = refusals.filter(isRefused);
  const opened = refusals.filter((flow) => !closed.includes(flow));
  const lost = closed.length > 0;
  const flows = lost ? closed : opened;
  const [proof] = flows as [FlowDifference];
  const story = refusalStory(flows, context.comparison, asksForState(flows, context) ? 'those' : undefined);
  const also: Detail[] =
    lost && opened.length > 0
      ? [{ label: 'also', text: `${whom(opened, context)}: ${refusalStory(opened, context.comparison).text}` }]
      : [];
  return {
    id: lost ? 'iptables.filter.newly-rejected' : 'iptables.filter.newly-accepted',
    // What is of no connection that the node knows is nobody's flow.
    severity: lost && !flows.every(({ state }) => state === 'INVALID') ? 'critical' : 'warning',
    effect: lost ? 'lost' : 'gained',
    certainty: 'proven',
    text: `${whom(flows, context)}: ${story.text}`,
    details: [...witnessDetails(proof, ['mangle', 'filter', 'nat']), ...story.details, ...also, ...whollyLost(flows, lost)],
    proof,
  };
}

/** Whether the packets are told by what the rule asks for, the state of their connection among it. */
function asksForState(flows: readonly FlowDifference[], { difference }: StoryContext): boolean {
  const asks = ({ conditions }: RuleEntry): boolean => conditions.some(({ kind, not }) => kind === 'state' && !not);
  return flows.every(({ frontend, state }) => frontend === undefined && state !== undefined) && sidesOf(difference).every(asks);
}

/** Where some services are left a part of their connections: those that are left none. */
function whollyLost(flows: readonly FlowDifference[], lost: boolean): Detail[] {
  const named = flows.filter(({ frontend }) => frontend !== undefined);
  const whole = whollyRefused(named, 'after');
  return lost && whole.length > 0 && whole.length < named.length
    ? [{ label: 'effect', text: `none gets through to ${servicesText(whole)}, a part of them to others` }]
    : [];
}

function masqueraded(flows: readonly FlowDifference[], context: StoryContext): Story {
  const named = flows.filter((flow) => flow.frontend !== undefined);
  const generic = flows.filter((flow) => flow.frontend === undefined);
  const directions = [true, false]
    .map((on) => ({ on, of: generic.filter((flow) => isMasqueraded(flow) === on) }))
    .filter(({ of }) => of.length > 0);
  const bothWays = new Set(flows.map(isMasqueraded)).size === 2;
  const [proof] = (bothWays && named.length > 0 ? named : flows) as [FlowDifference];
  const on = isMasqueraded(proof);
  if (proof.sender.endpoint !== undefined) return hairpinStory(flows, on);
  const details: Detail[] = [...witnessDetails(proof, ['mangle', 'nat'])];
  if (leadsOutsideElsewhere(named, context)) {
    details.push({
      label: 'effect',
      text: 'an endpoint on another node answers the client directly instead of through this node, so its connections fail; endpoints on this node still work',
    });
  }
  // Where all masquerading hangs on the rule, packets of any kind meet it, and those to services are meant.
  const isForServices = named.length > 0 && !bothWays && isOfEveryMark(context);
  const packets = directions.map(({ on: now, of }) => (isForServices ? packetsBeside(of, now) : packetsMasqueraded(of, now, context)));
  if (generic.length > 0 && !bothWays && !isForServices) {
    if (named.length > 0)
      details.push({ label: 'services', text: `the same for connections from ${sendersText(named)} to ${servicesText(named)}` });
    return { ...snat(on, context), text: packets.join('; '), details, proof };
  }
  const services = named.length === 0 ? [] : [masqueradedServices(named)];
  const also = isForServices ? packets.map((text): Detail => ({ label: 'also', text })) : [];
  return {
    ...snat(on, context),
    text: [...services, ...(isForServices ? [] : packets)].join('; '),
    details: [...details, ...unreadMark(context), ...servicesOfSender(named, proof), ...also],
    proof,
  };
}

/** Whether connections from outside to a node port keep their source now, and may get to endpoints of other nodes. */
function leadsOutsideElsewhere(named: readonly FlowDifference[], { comparison: { after } }: StoryContext): boolean {
  const kept = named.flatMap((flow) =>
    flow.frontend?.purpose === 'node port' && flow.sender.kind === 'outside' && !isMasqueraded(flow) ? [flow.frontend] : [],
  );
  if (kept.length === 0) return false;
  const index = policyIndex(after.model);
  return kept.some((frontend) => externalPolicy(frontend, after, index) !== 'Local');
}

/** Packets to no service that a rule for all of them masquerades too. */
function packetsBeside(flows: readonly FlowDifference[], on: boolean): string {
  const narrowed = [...new Set(flows.map(({ narrowed: parts = [] }) => parts.map(({ text }) => text).join(' ')))].filter(
    (text) => text !== '',
  );
  const what = narrowed.length === 0 || narrowed.length > 3 ? '' : ` ${listed(narrowed)}`;
  return `${what === '' ? 'some ' : ''}packets${what} from ${sendersText(flows)} to no service that is known are ${on ? 'now' : 'no longer'} masqueraded`;
}

function isMasqueraded({ before, after }: FlowDifference): boolean {
  return masqueradedShare(after) > masqueradedShare(before);
}

/** A rule that gives way to another one has that one decide about packets that do not match it. */
function packetsMasqueraded(flows: readonly FlowDifference[], on: boolean, context: StoryContext): string {
  const meets = flows.some(({ before, after }) =>
    sidesOf(context.difference).some((rule) => meetsRule(before, context.table, rule) || meetsRule(after, context.table, rule)),
  );
  const what = meets ? packetsMeant(flows, context) : 'packets that do not match it';
  return on
    ? `${what} are now masqueraded: they leave with the address of the node, and the receiver no longer sees who sent them`
    : `${what} are no longer masqueraded: they leave with their own source address`;
}

/** Where one rule sets a mark and another one reads another mark, that is why. */
function unreadMark({ difference, comparison }: StoryContext): Detail[] {
  for (const nat of ['ipv4 nat', 'ipv6 nat']) {
    const unread = unreadMasqueradeMark(comparison.after.model.tables.get(nat));
    if (unread === undefined || !sidesOf(difference).some((rule) => rule === unread.setBy || rule === unread.readBy)) continue;
    return [
      {
        label: 'because',
        text: `${CHAIN.markMasq} sets mark 0x${unread.bit.toString(16)}, and the rules behind POSTROUTING read 0x${unread.read.toString(16)}`,
      },
    ];
  }
  return [];
}

function snat(on: boolean, context: StoryContext): Pick<Story, 'id' | 'severity' | 'effect' | 'certainty'> {
  const severity = !isOfEveryMark(context) ? 'warning' : on ? 'notice' : 'critical';
  return { id: on ? 'nat.snat.added' : 'nat.snat.removed', severity, effect: 'source-changed', certainty: 'proven' };
}

/**
 * Whether all masquerading of kube-proxy hangs on the rule, as it does on the jump to KUBE-POSTROUTING: it sets the mark, or decides about
 * whatever has it. One that asks for packets without the mark and comes or goes decides about all others, and so does one that masquerades
 * before any rule lets these return.
 */
function isOfEveryMark({ chain, difference, table, comparison }: StoryContext): boolean {
  const role = chainRole(chain);
  const comesOrGoes = difference.kind === 'added' || difference.kind === 'removed';
  const isAboutMark = sidesOf(difference).every(({ conditions }) =>
    conditions.every(({ kind, not }) => kind === 'mark' && !(not && comesOrGoes)),
  );
  if (!isAboutMark || role !== 'postrouting' || !comesOrGoes) return isAboutMark && (role === 'mark-masquerade' || role === 'postrouting');
  const rule = ruleOf(difference);
  if (rule.target.kind !== 'snat' || rule.conditions.length > 0) return true;
  const tables = comparison[difference.kind === 'added' ? 'after' : 'before'].model.tables.values();
  const others = [...tables].flatMap((one) => (one.name === table ? [one.chains.get(chain)?.rules ?? []] : []));
  return others.some((rules) => rules.includes(rule) && rules.slice(0, rule.number - 1).some(letsUnmarkedReturn));
}

function letsUnmarkedReturn({ target, conditions }: RuleEntry): boolean {
  return target.kind === 'verdict' && target.name === 'RETURN' && conditions.every(({ kind, not }) => kind === 'mark' && not);
}
