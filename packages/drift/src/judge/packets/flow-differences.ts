import { addToGroup } from '../../common/add-to-group.ts';
import { type Differences, sidesOf } from '../../differences/difference.ts';
import { servicePortOfChain } from '../../proxy/names/chain-owners.ts';
import { chainRole, isServiceChain } from '../../proxy/names/chain-roles.ts';
import { type Frontend, frontendOfRule } from '../../services/frontends.ts';
import type { Condition } from '../../state/condition.ts';
import type { RuleEntry } from '../../state/model.ts';
import { canHold, eachFlow, type Flow, flowSignature, type Supposition } from '../../packets/flow.ts';
import type { Met } from '../../packets/flow-tables.ts';
import { familyOf, type Packet } from '../../packets/packet.ts';
import type { FoundRegion } from '../../packets/space/walk/explore.ts';
import type { SideView } from '../side.ts';
import { familiesOf, isAt, packetTo, routingsOf, type Sender, sendersOf } from './probes.ts';

/** Words for what packets have in common; `insteadOf`: the conditions of the rule that they say more of. */
export interface Narrowing {
  readonly text: string;
  readonly insteadOf?: Condition['kind'];
}

/** A packet that the two snapshots treat differently. */
export interface FlowDifference {
  readonly frontend?: Frontend;
  readonly sender: Sender;
  readonly packet: Packet;
  /** The interface it arrives by: `docker0`, or `cali+` for one of several. Missing: one that no rule names, or none. */
  readonly arrivesBy?: string;
  /** The interfaces by which the same packet arrives and is treated as before. */
  readonly notBy?: readonly string[];
  readonly before: Flow;
  readonly after: Flow;
  /** The state of its connection, where the packet is none that begins one. */
  readonly state?: string;
  /** What all packets treated like it have in common beyond what the changed rule asks for, to be read after that. */
  readonly narrowed?: readonly Narrowing[];
  /** The addresses that senders of such packets have, where not all of their kind are among them; `every sender` where that was found. */
  readonly sources?: string;
  /** Where one address alone sends such packets, as an endpoint that meets itself. */
  readonly ofOneSender?: true;
  /** The packets that it stands for; missing = it was led through both sides by itself. */
  readonly region?: FoundRegion;
  /** More packets differ than were led through both sides: what is counted of these is a least number. */
  readonly amongMore?: true;
  /** Whether it gets through, and to whom, differs because of rules. */
  readonly refusal: boolean;
  readonly masquerade: boolean;
  readonly endpoints: boolean;
  /** It lies between the amounts of two rules that differ in these: it meets the one with more alone. */
  readonly amounts?: { readonly meets: string; readonly fails: string };
  /** Conditions that nobody can see and that must have these values. Empty: the packet is treated differently in any case. */
  readonly onlyIf: readonly Supposition[];
  /** Conditions that nobody can see and that were taken not to hold on the way; empty where `onlyIf` is not. */
  readonly supposing: readonly Supposition[];
  /** Every condition that nobody can see and that was asked on the way, with the value taken for it. */
  readonly suppositions: readonly Supposition[];
}

/** All differences found, and where to look for those of one rule or one set member. */
export interface FlowDifferences {
  readonly all: readonly FlowDifference[];
  readonly compared: number;
  /** Packets were led to every frontend that a difference touches. */
  readonly complete: boolean;
  /** Differences whose packet meets a rule, by {@link ruleKey}. */
  readonly byRule: ReadonlyMap<string, readonly FlowDifference[]>;
  /** Differences by the key of their frontend. */
  readonly byFrontend: ReadonlyMap<string, readonly FlowDifference[]>;
  /** Senders that were asked for. */
  readonly senders: readonly Sender[];
}

/** Names a rule of one side by its place. */
function ruleKey(side: 'before' | 'after', table: string, chain: string, number: number): string {
  return `${side} ${table} ${chain}#${number}`;
}

/** Frontends that packets are led to; what becomes of the packets to any more is left undecided. */
const MAX_FRONTENDS = 20_000;

/**
 * Leads a packet of each kind of sender to each frontend through both snapshots and keeps what differs. `everywhere`: a setting of the
 * kernel differs that touches all of them.
 */
export function flowDifferences(before: SideView, after: SideView, differences: Differences, everywhere = false): FlowDifferences {
  const touched = everywhere ? undefined : touchedFrontends(differences);
  const all: FlowDifference[] = [];
  let compared = 0;
  const frontends = new Map([...after.frontends, ...before.frontends]);
  for (const [key, frontend] of after.frontends) if (frontends.get(key)?.servicePort === undefined) frontends.set(key, frontend);
  const senders = { ipv4: sendersOf(before, after, 'ipv4'), ipv6: sendersOf(before, after, 'ipv6') };
  const named = new Set(
    [...frontends.values()]
      .filter(({ purpose, address }) => purpose === 'node port' && address !== undefined)
      .map(({ protocol, port }) => `${protocol} ${port}`),
  );
  let asked = 0;
  for (const frontend of frontends.values()) {
    // Which addresses of the node a node port on all of them means, the other side names.
    if (frontend.address === undefined && named.has(`${frontend.protocol} ${frontend.port}`)) continue;
    const same = touched !== undefined && !touched.has(frontend.key) && !touched.has(frontend.servicePort ?? '');
    if (!same) asked++;
    if (asked > MAX_FRONTENDS) continue;
    for (const sender of familiesOf(frontend, before, after).flatMap((family) => senders[family])) {
      const packet = packetTo(frontend, sender, before, after);
      if (packet === undefined) continue;
      compared++;
      if (same) continue;
      const difference = compareFlows(before, after, packet, sender, frontend);
      if (difference !== undefined && isAt(sender, difference.arrivesBy, routingsOf(familyOf(packet), before, after))) all.push(difference);
    }
  }
  return {
    all,
    compared,
    complete: asked <= MAX_FRONTENDS,
    byRule: byRule(all),
    byFrontend: byFrontend(all),
    senders: [...senders.ipv4, ...senders.ipv6],
  };
}

/**
 * The service ports and frontends that differing rules belong to; undefined where a difference may touch any packet. The chains of all
 * other service ports are equal, so their packets need not be led through both sides.
 */
function touchedFrontends({ tables, sets, ipvs, interfaces }: Differences): Set<string> | undefined {
  const shared =
    (sets?.changed.length ?? 0) +
    (sets?.added.length ?? 0) +
    (sets?.removed.length ?? 0) +
    (ipvs?.added.length ?? 0) +
    (ipvs?.removed.length ?? 0) +
    (ipvs?.changed.length ?? 0) +
    interfaces.length;
  if (shared > 0) return undefined;
  const touched = new Set<string>();
  for (const table of tables) {
    const addOwner = (chain: string): boolean => {
      const names = [table.before, table.after].map((side) => servicePortOfChain(side, chain)).filter((name) => name !== undefined);
      for (const name of names) touched.add(name);
      return names.length > 0;
    };
    for (const chain of [...table.added, ...table.removed, ...table.renamed.flatMap((pair) => [pair.before, pair.after])])
      addOwner(chain.name);
    for (const chain of table.changed) {
      if (chain.policyChanged) return undefined;
      if (isServiceChain(chain.after.name) && addOwner(chain.after.name)) continue;
      for (const rule of chain.rules) {
        if (rule.kind === 'comment-changed' || rule.kind === 'multiplicity-changed') continue;
        for (const entry of sidesOf(rule)) {
          const frontend = frontendOfRule(entry, chain.after.name);
          // A rule of others may ask for the address of an endpoint, which packets to other places have by then.
          if (frontend === undefined || rule.kind === 'moved' || chainRole(chain.after.name) === undefined) return undefined;
          touched.add(frontend.key);
          if (frontend.servicePort !== undefined) touched.add(frontend.servicePort);
        }
      }
    }
  }
  return touched;
}

/** What both snapshots do with one packet, if it is not the same. */
export function compareFlows(
  before: SideView,
  after: SideView,
  packet: Packet,
  sender: Sender,
  frontend?: Frontend,
): FlowDifference | undefined {
  const family = familyOf(packet);
  const restBefore = eachFlow(before.flowTables(family), packet, sender.hook, sender.endpoint);
  const restAfter = eachFlow(after.flowTables(family), packet, sender.hook, sender.endpoint);
  const one = restBefore.next().value as Flow;
  const other = restAfter.next().value as Flow;
  const always = differ(one, other);
  if (always && !isStopped(one) && !isStopped(other)) return difference(one, other, packet, sender, frontend, []);
  const pairs = differingPairs([one, ...restBefore], [other, ...restAfter]);
  // A translated packet that only what nobody can see keeps from its endpoint is told as it gets there.
  const arriving = pairs.filter((pair) => !pair.some(isStopped));
  if (always)
    return difference(
      ...(arriving.find((pair) => pair.some(({ endpoints }) => endpoints.length > 0)) ?? [one, other]),
      packet,
      sender,
      frontend,
      [],
    );
  const found = arriving[0] ?? pairs[0];
  return found === undefined ? undefined : difference(...found, packet, sender, frontend, holdingIn(found));
}

/** What becomes of a packet on each side where the same is supposed. */
type FlowPair = readonly [before: Flow, after: Flow];

/** Pairs that differ and suppose nothing contrary: those where least holds come first, in either direction of the comparison. */
function differingPairs(before: readonly Flow[], after: readonly Flow[]): FlowPair[] {
  const pairs = before.flatMap((flow) =>
    after
      .filter((partner) => agrees(flow.suppositions, partner.suppositions) && differ(flow, partner))
      .map((partner): FlowPair => [flow, partner]),
  );
  const nameOf = (pair: FlowPair): string =>
    holdingIn(pair)
      .map(({ condition }) => condition)
      .sort()
      .join('\n');
  return pairs
    .filter((pair) => canHold(holdingIn(pair)))
    .sort((first, second) => holdingIn(first).length - holdingIn(second).length || (nameOf(first) < nameOf(second) ? -1 : 1));
}

/** The conditions that nobody can see and that must hold for a pair. */
function holdingIn([before, after]: FlowPair): Supposition[] {
  const holding = [...before.suppositions, ...after.suppositions].filter(({ holds }) => holds);
  return [...new Map(holding.map((one) => [one.condition, one])).values()];
}

/** Translated, and then kept from its endpoint by a rule. */
function isStopped(flow: Flow): boolean {
  return isRefusal(flow) && flow.suppositions.length > 0 && flow.path.some((met) => met.rule?.target.kind === 'dnat');
}

/** Whether two flows are not treated alike. */
export function differ(flow: Flow, partner: Flow): boolean {
  return comparable(flow, partner) !== comparable(partner, flow);
}

/** The signature without what the partner's listings do not show. */
function comparable(flow: Flow, partner: Flow): string {
  if (partner.masqueraded !== undefined || flow.masqueraded === undefined) return flowSignature(flow);
  const { masqueraded: _, ...rest } = flow;
  return flowSignature(rest);
}

function agrees(one: readonly Supposition[], other: readonly Supposition[]): boolean {
  return one.every(({ condition, holds }) =>
    other.every((supposition) => supposition.condition !== condition || supposition.holds === holds),
  );
}

/** Two flows of one packet as a difference. */
export function difference(
  before: Flow,
  after: Flow,
  packet: Packet,
  sender: Sender,
  frontend: Frontend | undefined,
  onlyIf: readonly Supposition[],
): FlowDifference {
  const suppositions = [...new Map([...before.suppositions, ...after.suppositions].map((one) => [one.condition, one])).values()];
  const arrivesBy = onlyIf.flatMap(({ asks, holds }) => (holds && asks?.kind === 'interface' && asks.side === 'in' ? asks.name : []))[0];
  return {
    ...(frontend === undefined ? {} : { frontend }),
    sender,
    packet,
    ...(arrivesBy === undefined ? {} : { arrivesBy }),
    before,
    after,
    refusal: refusedShare(before) !== refusedShare(after),
    masquerade: before.masqueraded !== undefined && after.masqueraded !== undefined && masqueradedShare(before) !== masqueradedShare(after),
    endpoints: endpointText(before) !== endpointText(after),
    onlyIf,
    supposing: onlyIf.length > 0 ? [] : suppositions,
    suppositions,
  };
}

/** The part of what gets through whose source address is replaced. */
export function masqueradedShare({ endpoints, masqueraded = false }: Flow): number {
  const all = endpoints.reduce((sum, { share }) => sum + share, 0);
  const replaced = endpoints.reduce((sum, endpoint) => sum + (endpoint.masqueraded === false ? 0 : endpoint.share), 0);
  return !masqueraded ? 0 : all === 0 ? 1 : Math.round((replaced / all) * 1e4) / 1e4;
}

/** Refused or dropped by a rule: what no rule refuses is kept by IPVS, or by how the kernel routes. */
export function isRefusal<Part extends FlowPart>(part: Part): part is Part & Pick<Refusal, 'verdict' | 'decidedBy'> {
  const { verdict, decidedBy } = part;
  return (verdict === 'refused' || verdict === 'dropped') && decidedBy !== undefined && decidedBy !== 'ipvs';
}

/** All of it refused or dropped: by a rule, or by IPVS where a virtual service has no destination. */
export function isTurnedAway(flow: Flow): boolean {
  return flow.rest === undefined && (isRefusal(flow) || (flow.verdict === 'refused' && flow.decidedBy === 'ipvs'));
}

interface FlowPart {
  readonly verdict: Flow['verdict'];
  readonly decidedBy?: Flow['decidedBy'] | undefined;
}

/** The part of new connections that a rule refuses or drops, and which one does. */
export interface Refusal {
  readonly verdict: 'refused' | 'dropped';
  readonly share: number;
  readonly decidedBy: Met;
}

/** What of a flow a rule refuses or drops; undefined where no rule does. */
export function refusalIn({ verdict, rest = [], decidedBy }: Flow): Refusal | undefined {
  const share = rest.reduce((left, other) => left - other.share, 1);
  for (const part of [{ verdict, share, decidedBy }, ...rest]) {
    if (isRefusal(part)) return { verdict: part.verdict, share: part.share, decidedBy: part.decidedBy };
  }
  return undefined;
}

/** Whether a rule refuses or drops more of the second flow than of the first. */
export function refusesMore(before: Flow, after: Flow): boolean {
  return refusedShare(after) > refusedShare(before);
}

function refusedShare(flow: Flow): number {
  return Math.round((refusalIn(flow)?.share ?? 0) * 1e4) / 1e4;
}

function endpointText(flow: Flow): string {
  return flow.endpoints.map(({ address, share }) => `${address} ${share.toPrecision(4)}`).join();
}

function byRule(differences: readonly FlowDifference[]): Map<string, FlowDifference[]> {
  const groups = new Map<string, FlowDifference[]>();
  for (const found of differences) {
    const keys = new Set<string>();
    for (const met of metBy(found.before)) keys.add(metKey('before', met));
    for (const met of metBy(found.after)) keys.add(metKey('after', met));
    for (const key of keys) {
      addToGroup(groups, key, found);
    }
  }
  return groups;
}

function byFrontend(differences: readonly FlowDifference[]): Map<string, FlowDifference[]> {
  const groups = new Map<string, FlowDifference[]>();
  for (const found of differences) if (found.frontend !== undefined) addToGroup(groups, found.frontend.key, found);
  return groups;
}

/** The rules that a flow meets, with those that decide about a part of it. */
export function metBy({ path, rest = [] }: Flow): Met[] {
  return [...path, ...rulesAmong(rest)];
}

/** The rules and policies that decide about a flow, each about a part of it. */
export function decidedBy(flow: Flow): Met[] {
  return rulesAmong([flow, ...(flow.rest ?? [])]);
}

function rulesAmong(parts: readonly Pick<Flow, 'decidedBy'>[]): Met[] {
  return parts.flatMap(({ decidedBy: met }) => (met === undefined || met === 'ipvs' ? [] : [met]));
}

/** Whether a flow meets a rule: one of its table that asks for the same and does the same. */
export function meetsRule(flow: Flow, table: string, rule: RuleEntry | undefined): boolean {
  return rule !== undefined && metBy(flow).some((met) => met.table === table && met.rule?.key === rule.key);
}

function metKey(side: 'before' | 'after', met: Met): string {
  return ruleKey(side, met.table, met.chain, met.number);
}

/** The differences whose packet meets a rule before or after. */
export function differencesThrough(
  { flows, differences }: { readonly flows: FlowDifferences; readonly differences: Differences },
  table: string,
  before: { readonly chain: string; readonly rule: RuleEntry } | undefined,
  after: { readonly chain: string; readonly rule: RuleEntry } | undefined,
): FlowDifference[] {
  const found = new Set<FlowDifference>();
  if (before !== undefined)
    for (const one of flows.byRule.get(ruleKey('before', table, before.chain, before.rule.number)) ?? []) found.add(one);
  if (after !== undefined)
    for (const one of flows.byRule.get(ruleKey('after', table, after.chain, after.rule.number)) ?? []) found.add(one);
  // What IPVS no longer has, or has newly, is not the work of a rule.
  const changed = new Set([...(differences.ipvs?.added ?? []), ...(differences.ipvs?.removed ?? [])].map((service) => service.key));
  return [...found].filter((flow) => flow.frontend === undefined || !changed.has(flow.frontend.key));
}
