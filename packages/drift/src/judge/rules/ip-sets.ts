import { addToGroup } from '../../common/add-to-group.ts';
import { append } from '../../common/append.ts';
import { frontendLabel, type Frontend } from '../../services/frontends.ts';
import { isLoopBackSet, isProxySet } from '../../proxy/names/set-catalogue.ts';
import type { SetDifference, SetMemberDifference } from '../../structure/difference.ts';
import type { IpSetEntry } from '../../state/model.ts';
import type { Severity } from '../../report.ts';
import { type PendingChange, seenAt } from '../pending-change.ts';
import { type FlowDifference, refusesMore } from '../packets/flow-differences.ts';
import { alone, type Found } from '../claims.ts';
import type { Comparison } from '../comparison.ts';
import { UNDECIDED } from '../packets/packet-engine.ts';
import { refusalStory } from '../services/refusal.ts';
import { onThisNode, selfReachFate, selfReachText } from '../packets/self-reach.ts';
import { endpointOfMember } from '../services/owned-differences.ts';
import type { SideView } from '../side.ts';
import { counted, listed, sendersText, witnessDetails, witnessOf } from '../words.ts';

/** What is asked of each set and member, made once. */
interface SetContext {
  readonly comparison: Comparison;
  readonly explained: ReadonlySet<object>;
  /** Packets treated differently, by the member that speaks of their frontend. */
  readonly flows: ReadonlyMap<string, readonly FlowDifference[]>;
  /** Sets that a rule of either side looks into. */
  readonly used: ReadonlySet<string>;
  /** Members that stand for a frontend that both snapshots have. */
  readonly places: ReadonlySet<string>;
  /** Endpoints that IPVS leads to on both sides. */
  readonly endpoints: ReadonlySet<string>;
}

/** Changes of ip sets: members by what the rules decide with them, sets by who looks into them. */
export function judgeSets(comparison: Comparison, explained: ReadonlySet<object>): Found[] {
  const { differences, before, after } = comparison;
  const { added = [], removed = [], changed = [] } = differences.sets ?? {};
  if (added.length + removed.length + changed.length === 0) return [];
  const [one, other] = [before, after].map(ipvsEndpoints) as [Set<string>, Set<string>];
  const context: SetContext = {
    comparison,
    explained,
    flows: flowsByMember(comparison),
    used: usedSets(comparison),
    places: new Set([...after.frontends.values()].filter(({ key }) => before.frontends.has(key)).flatMap(membersFor)),
    endpoints: new Set([...one].filter((endpoint) => other.has(endpoint))),
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

/** How the sets of kube-proxy write a frontend: address and port, address alone, port alone. */
function membersFor({ address, protocol, port }: Frontend): string[] {
  return address === undefined ? [String(port)] : [`${address},${protocol}:${port}`, address, String(port)];
}

function wholeSets(sets: readonly IpSetEntry[], how: 'added' | 'removed', context: SetContext): PendingChange[] {
  const quiet = sets.filter((set) => useOf(set, context) === 'unused' || set.members?.size === 0);
  const loud = sets.filter((set) => !quiet.includes(set));
  const verb = how === 'added' ? 'was created' : 'is gone';
  return [
    ...loud.map((set): PendingChange => ({
      ...wholeSet(set, how),
      ...UNDECIDED,
      text: `set ${set.name} with ${counted(set.members?.size ?? 0, 'member')} ${verb}; ${useOf(set, context) === 'used' ? 'rules look into it' : UNSEEN}`,
    })),
    ...quiet.map((set): PendingChange => ({
      ...wholeSet(set, how),
      text: `${set.members?.size === 0 ? 'empty set' : 'set'} ${set.name} ${verb}${set.members?.size === 0 ? '' : '; no listed rule looks into it'}`,
    })),
  ];
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

const UNSEEN = 'whether a rule looks into it cannot be told: not all rules are in the snapshots';

/** Whether a rule looks into a set; `unseen` where none is listed that does, and not both snapshots have the whole of nat and filter. */
function useOf({ name, family }: IpSetEntry, { used, comparison }: SetContext): 'used' | 'unused' | 'unseen' {
  if (used.has(name)) return 'used';
  const rules = family === 'inet6' || name.startsWith('KUBE-6-') ? 'ipv6' : 'ipv4';
  const whole = [comparison.before, comparison.after].every(({ model }) =>
    ['nat', 'filter'].every((table) => model.tables.get(`${rules} ${table}`)?.complete === true),
  );
  return whole ? 'unused' : 'unseen';
}

function usedSets({ before, after }: Comparison): Set<string> {
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

function changedSet(difference: SetDifference, context: SetContext): Found[] {
  const found: Found[] = [];
  for (const [how, members] of [
    ['removed', difference.membersRemoved],
    ['added', difference.membersAdded],
  ] as const) {
    const left = members.filter((member) => !context.explained.has(member));
    const changed = left.map((member) => changedMember(difference, member, how, context));
    append(
      found,
      changed.flatMap((one) => ('unproven' in one ? [] : [alone(one)])),
      toldAsList(
        changed.flatMap((one) => ('unproven' in one ? [one.unproven] : [])),
        difference,
        how,
      ),
    );
  }
  const { before, after } = difference;
  const about = { subject: { kind: 'ipset.set' as const, name: before.name }, ofProxy: isProxySet(before.name) };
  if (difference.redefined) {
    const use = useOf(before, context);
    const fate = use === 'unused' ? ({ severity: 'none', effect: 'none', certainty: 'proven' } as const) : UNDECIDED;
    const text = `set ${before.name} is now of another kind or has other options; ${{ used: 'which packets are in it may not be the same', unused: 'no listed rule looks into it', unseen: UNSEEN }[use]}`;
    found.push(alone({ id: 'ipset.set.redefined', ...fate, ...about, text, origins: seenAt(before.origin, after.origin) }));
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

/** Three members or more that come or go without a flow that shows it: one sentence for all of them. */
function toldAsList(found: readonly UnprovenMember[], { before }: SetDifference, how: 'added' | 'removed'): Found[] {
  const [first, ...others] = found;
  if (first === undefined || others.length < 2) return found.map(({ draft }) => alone(draft));
  const members = found.map(({ member }) => member).sort();
  const verb = how === 'removed' ? 'left' : 'joined';
  const hairpins = [...new Set(found.flatMap(({ hairpin, member }) => (hairpin ? [endpointOfMember(member)] : [])))].sort();
  const teller: PendingChange = {
    ...first.draft,
    text: found.every(({ hairpin }) => hairpin)
      ? `${counted(found.length, 'member')} ${verb} set ${before.name}; ${selfReachText(hairpins, how === 'added', 'their services')}`
      : `${listed(members, 6)} ${verb} set ${before.name}; ${first.means}`,
    details: [...(hairpins.length === 0 ? [] : [onThisNode(hairpins)]), { label: 'look at', text: `ipset list ${before.name}` }],
  };
  return [{ change: teller, parts: others.map(({ draft }) => draft) }];
}

/** A member that came or went, and no flow shows what that does. */
interface UnprovenMember {
  readonly member: string;
  /** Whether it decides that an endpoint reaches itself. */
  readonly hairpin: boolean;
  /** What is said of it, whichever member it is. */
  readonly means: string;
  readonly draft: PendingChange;
}

function changedMember(
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
    use === 'unused' || (use === 'used' && comparison.flows.complete && comparison.flows.compared > 0 && context.places.has(member));
  // What changes is that an endpoint that IPVS leads to before and after reaches itself.
  const hairpin = !decided && isLoopBackSet(set) && context.endpoints.has(endpointOfMember(member));
  const fate: Pick<PendingChange, 'severity' | 'effect' | 'certainty'> = decided
    ? { severity: 'none', effect: 'none', certainty: 'proven' }
    : hairpin
      ? selfReachFate(how === 'added')
      : UNDECIDED;
  const means = hairpin
    ? selfReachText([endpointOfMember(member)], how === 'added', 'its service')
    : { used: roleOf(set), unused: 'no listed rule looks into it', unseen: UNSEEN }[use];
  const draft: PendingChange = {
    ...base,
    ...fate,
    subject: { kind: 'ipset.member', name: `${member} in set ${set}` },
    text: `${member} ${verb} set ${set}; ${means}`,
    details: [...(hairpin ? [onThisNode([endpointOfMember(member)])] : []), ...(use === 'used' ? [lookAt] : [])],
  };
  return { unproven: { member, hairpin, means, draft } };
}

function ipvsEndpoints({ model }: SideView): Set<string> {
  return new Set([...(model.ipvs?.services.values() ?? [])].flatMap((service) => [...service.destinations.keys()]));
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
