import { addToGroup } from '../../common/add-to-group.ts';
import { append } from '../../common/append.ts';
import { frontendLabel, type Frontend } from '../../services/frontends.ts';
import { isLoopBackSet } from '../../proxy/names/set-catalogue.ts';
import type { SetDifference, SetMemberDifference } from '../../structure/difference.ts';
import type { IpSetEntry } from '../../state/model.ts';
import type { Severity } from '../../report.ts';
import { type Draft, seenAt } from '../draft.ts';
import { type FlowDifference, refusesMore } from '../packets/flow-differences.ts';
import type { Judgement } from '../judgement.ts';
import { UNDECIDED } from '../packets/packet-engine.ts';
import { refusalStory } from '../services/refusal.ts';
import { onThisNode, selfReachFate, selfReachText } from '../packets/self-reach.ts';
import { endpointOfMember } from '../services/service-claims.ts';
import type { SideView } from '../side.ts';
import { counted, listed, sendersText, witnessDetails, witnessOf } from '../words.ts';

/** Changes of ip sets: members by what the rules decide with them, sets by who looks into them. */
export function judgeSets(judgement: Judgement): Draft[] {
  const { sets } = judgement.differences;
  if (sets === undefined) return [];
  const byMember = flowsByMember(judgement);
  return [
    ...wholeSets(
      sets.added.filter((set) => !judgement.told.has(set)),
      'added',
      judgement,
    ),
    ...wholeSets(
      sets.removed.filter((set) => !judgement.told.has(set)),
      'removed',
      judgement,
    ),
    ...sets.changed.flatMap((difference) => changedSet(difference, judgement, byMember)),
  ];
}

/** Differences of flows that no changed rule is part of, by the member of a set that speaks of their frontend. */
function flowsByMember(judgement: Judgement): Map<string, FlowDifference[]> {
  const groups = new Map<string, FlowDifference[]>();
  for (const difference of judgement.flows.all) {
    if (difference.frontend === undefined || !(difference.refusal || difference.masquerade)) continue;
    for (const member of membersFor(difference.frontend)) {
      addToGroup(groups, member, difference);
    }
  }
  return groups;
}

/** How the sets of kube-proxy write a frontend: address and port, address alone, port alone. */
function membersFor({ address, protocol, port }: Frontend): string[] {
  return address === undefined ? [String(port)] : [`${address},${protocol}:${port}`, address, String(port)];
}

function wholeSets(sets: readonly IpSetEntry[], how: 'added' | 'removed', judgement: Judgement): Draft[] {
  const quiet = sets.filter((set) => useOf(set, judgement) === 'unused' || set.members?.size === 0);
  const loud = sets.filter((set) => !quiet.includes(set));
  const verb = how === 'added' ? 'was created' : 'is gone';
  return [
    ...loud.map((set): Draft => ({
      ...wholeSet(set, how),
      ...UNDECIDED,
      text: `set ${set.name} with ${counted(set.members?.size ?? 0, 'member')} ${verb}; ${useOf(set, judgement) === 'used' ? 'rules look into it' : UNSEEN}`,
    })),
    ...quiet.map((set): Draft => ({
      ...wholeSet(set, how),
      text: `${set.members?.size === 0 ? 'empty set' : 'set'} ${set.name} ${verb}${set.members?.size === 0 ? '' : '; no listed rule looks into it'}`,
    })),
  ];
}

function wholeSet(set: IpSetEntry, how: 'added' | 'removed'): Omit<Draft, 'text'> {
  const facts = { type: set.type ?? null, members: set.members?.size ?? null };
  return {
    id: `ipset.set.${how}`,
    severity: 'none',
    effect: 'none',
    certainty: 'proven',
    subject: { kind: 'ipset.set', name: set.name },
    ...(how === 'added' ? { after: facts } : { before: facts }),
    origins: how === 'added' ? seenAt(undefined, set.origin) : seenAt(set.origin, undefined),
  };
}

const knownUses = new WeakMap<Judgement, ReadonlySet<string>>();

/** Whether a rule of either side looks into a set. */
function isUsed(name: string, judgement: Judgement): boolean {
  let used = knownUses.get(judgement);
  if (used === undefined) {
    used = usedSets(judgement);
    knownUses.set(judgement, used);
  }
  return used.has(name);
}

const UNSEEN = 'whether a rule looks into it cannot be told: not all rules are in the snapshots';

/** Whether a rule looks into a set; `unseen` where none is listed that does, and not both snapshots have the whole of nat and filter. */
function useOf({ name, family }: IpSetEntry, judgement: Judgement): 'used' | 'unused' | 'unseen' {
  if (isUsed(name, judgement)) return 'used';
  const rules = family === 'inet6' || name.startsWith('KUBE-6-') ? 'ipv6' : 'ipv4';
  const whole = [judgement.before, judgement.after].every(({ model }) =>
    ['nat', 'filter'].every((table) => model.tables.get(`${rules} ${table}`)?.complete === true),
  );
  return whole ? 'unused' : 'unseen';
}

function usedSets({ before, after }: Judgement): Set<string> {
  const used = new Set<string>();
  for (const { model } of [before, after]) {
    for (const table of model.tables.values()) {
      for (const chain of table.chains.values()) {
        for (const rule of chain.rules) for (const condition of rule.conditions) if (condition.kind === 'set') used.add(condition.set);
      }
    }
  }
  return used;
}

function changedSet(difference: SetDifference, judgement: Judgement, byMember: ReadonlyMap<string, readonly FlowDifference[]>): Draft[] {
  const drafts: Draft[] = [];
  for (const [how, members] of [
    ['removed', difference.membersRemoved],
    ['added', difference.membersAdded],
  ] as const) {
    const left = members.filter((member) => !judgement.told.has(member));
    const changed = left.map((member) => changedMember(difference, member, how, judgement, byMember));
    append(
      drafts,
      changed.filter((draft) => draft.witness !== undefined),
      toldAsList(
        changed.filter((draft) => draft.witness === undefined),
        difference,
        how,
      ),
    );
  }
  const { before, after } = difference;
  const subject = { kind: 'ipset.set' as const, name: before.name };
  if (difference.redefined) {
    const use = useOf(before, judgement);
    const fate = use === 'unused' ? ({ severity: 'none', effect: 'none', certainty: 'proven' } as const) : UNDECIDED;
    const text = `set ${before.name} is now of another kind or has other options; ${{ used: 'which packets are in it may not be the same', unused: 'no listed rule looks into it', unseen: UNSEEN }[use]}`;
    drafts.push({ id: 'ipset.set.redefined', ...fate, subject, text, origins: seenAt(before.origin, after.origin) });
  } else if (difference.recreated) {
    const text = `set ${before.name} was destroyed and made again`;
    drafts.push({
      id: 'ipset.set.recreated',
      severity: 'none',
      effect: 'none',
      certainty: 'proven',
      subject,
      text,
      origins: seenAt(before.origin, after.origin),
    });
  }
  return drafts;
}

/** Three members or more that come or go without a flow that shows it: one sentence for all of them. */
function toldAsList(drafts: readonly Draft[], { before }: SetDifference, how: 'added' | 'removed'): Draft[] {
  const [first, ...others] = drafts;
  if (first === undefined || others.length < 2) return [...drafts];
  const members = drafts.map(memberOf).sort();
  const tail = first.text.slice(first.text.indexOf(';'));
  const verb = how === 'removed' ? 'left' : 'joined';
  const isHairpin = ({ details = [] }: Draft): boolean => details.some(({ label }) => label === 'if');
  const hairpins = [...new Set(drafts.filter(isHairpin).map((draft) => endpointOfMember(memberOf(draft))))].sort();
  const teller: Draft = {
    ...first,
    text: drafts.every(isHairpin)
      ? `${counted(drafts.length, 'member')} ${verb} set ${before.name}; ${selfReachText(hairpins, how === 'added', 'their services')}`
      : `${listed(members, 6)} ${verb} set ${before.name}${tail}`,
    details: [...(hairpins.length === 0 ? [] : [onThisNode(hairpins)]), { label: 'look at', text: `ipset list ${before.name}` }],
  };
  return [teller, ...others.map((draft) => ({ ...draft, toldWith: teller }))];
}

function memberOf({ before, after }: Draft): string {
  return String((after ?? before)?.['member'] ?? '');
}

function changedMember(
  difference: SetDifference,
  { member, origin }: SetMemberDifference,
  how: 'added' | 'removed',
  judgement: Judgement,
  byMember: ReadonlyMap<string, readonly FlowDifference[]>,
): Draft {
  const set = difference.before.name;
  const flows = (byMember.get(member) ?? []).filter((flow) => looksInto(flow, set));
  const origins = how === 'removed' ? seenAt(origin, difference.after.origin) : seenAt(difference.before.origin, origin);
  const base = { id: `ipset.member.${how}`, origins, ...(how === 'removed' ? { before: { member } } : { after: { member } }) };
  const verb = how === 'removed' ? 'left' : 'joined';
  const because = { label: 'because' as const, text: `${member} ${verb} set ${set}` };
  const lookAt = { label: 'look at' as const, text: `ipset test ${set} ${member}` };
  if (flows.length > 0) return { ...base, ...told(flows, judgement, [because, lookAt]), subject: subjectOf(member, set, flows, judgement) };
  const use = useOf(difference.before, judgement);
  // Where the member is a place that a known service has on both sides, every kind of sender was asked for.
  const decided =
    use === 'unused' || (use === 'used' && judgement.flows.complete && judgement.flows.compared > 0 && isKnownPlace(member, judgement));
  const hairpin = !decided && isHairpinOfEndpoint(member, set, judgement);
  const fate: Pick<Draft, 'severity' | 'effect' | 'certainty'> = decided
    ? { severity: 'none', effect: 'none', certainty: 'proven' }
    : hairpin
      ? selfReachFate(how === 'added')
      : UNDECIDED;
  return {
    ...base,
    ...fate,
    subject: { kind: 'ipset.member', name: `${member} in set ${set}` },
    text: `${member} ${verb} set ${set}; ${hairpin ? selfReachText([endpointOfMember(member)], how === 'added', 'its service') : { used: roleOf(set), unused: 'no listed rule looks into it', unseen: UNSEEN }[use]}`,
    details: [...(hairpin ? [onThisNode([endpointOfMember(member)])] : []), ...(use === 'used' ? [lookAt] : [])],
  };
}

const knownPlaces = new WeakMap<Judgement, ReadonlySet<string>>();

/** Whether a member is the address, the port, or the address and port of a frontend that both snapshots have. */
function isKnownPlace(member: string, judgement: Judgement): boolean {
  let places = knownPlaces.get(judgement);
  if (places === undefined) {
    places = new Set([...judgement.after.frontends.values()].filter(({ key }) => judgement.before.frontends.has(key)).flatMap(membersFor));
    knownPlaces.set(judgement, places);
  }
  return places.has(member);
}

/** Whether a member of KUBE-LOOP-BACK is an endpoint that IPVS leads to before and after: what changes is that it reaches itself. */
function isHairpinOfEndpoint(member: string, set: string, { before, after }: Judgement): boolean {
  if (!isLoopBackSet(set)) return false;
  const endpoint = endpointOfMember(member);
  return [before, after].every((side) => ipvsEndpoints(side).has(endpoint));
}

const knownEndpoints = new WeakMap<SideView, ReadonlySet<string>>();

function ipvsEndpoints(side: SideView): ReadonlySet<string> {
  let endpoints = knownEndpoints.get(side);
  if (endpoints === undefined) {
    endpoints = new Set([...(side.model.ipvs?.services.values() ?? [])].flatMap((service) => [...service.destinations.keys()]));
    knownEndpoints.set(side, endpoints);
  }
  return endpoints;
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

function subjectOf(member: string, set: string, flows: readonly FlowDifference[], judgement: Judgement): Draft['subject'] {
  const frontend = flows[0]?.frontend;
  if (frontend === undefined) return { kind: 'ipset.member', name: `${member} in set ${set}` };
  const named = frontend.servicePort === undefined ? (judgement.before.frontends.get(frontend.key) ?? frontend) : frontend;
  return { kind: 'ipset.member', name: frontendLabel(named), frontends: [...new Set(flows.map((flow) => flow.frontend?.key ?? ''))] };
}

type Told = Pick<Draft, 'severity' | 'effect' | 'certainty' | 'text' | 'details' | 'witness'>;

function told(flows: readonly FlowDifference[], judgement: Judgement, tail: NonNullable<Draft['details']>): Told {
  const refusals = flows.filter((flow) => flow.refusal);
  const masquerades = flows.filter((flow) => flow.masquerade);
  const frontends = [...new Set(flows.map((flow) => flow.frontend))].filter((frontend) => frontend !== undefined);
  const label = listed(frontends.map((frontend) => frontendLabel(judgement.before.frontends.get(frontend.key) ?? frontend)));
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
  const story = refusalStory(refusals, judgement);
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

/** `connections from outside and from this node itself are no longer masqueraded`; each direction of change is told apart. */
export function masqueradeText(flows: readonly FlowDifference[]): string {
  const on = flows.filter((flow) => flow.after.masqueraded === true);
  const off = flows.filter((flow) => flow.after.masqueraded === false);
  const texts = [
    ...(on.length === 0 ? [] : [`connections from ${sendersText(on)} are now masqueraded: the endpoint sees the address of the node`]),
    ...(off.length === 0
      ? []
      : [`connections from ${sendersText(off)} are no longer masqueraded: the endpoint sees the address of the client`]),
  ];
  return texts.join('; ');
}
