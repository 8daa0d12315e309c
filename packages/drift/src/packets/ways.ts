import { addToGroup } from '../add-to-group.ts';
import type { IpvsTable, RuleTable } from '../model/model.ts';
import { balancedBy, markServiceFor, serviceFor } from './balancing.ts';
import { destinationClass } from './destination-class.ts';
import type { World } from './match.ts';
import type { Packet } from './packet.ts';
import type { Share } from './shares.ts';
import { translated } from './translation.ts';
import { type Leaf, type Met, type Supposition, walk } from './walk.ts';

/** The listings a packet is led through. A missing table was not given: it is taken to let everything pass. */
export interface FlowTables {
  /** Given where marks of its rules may lead to virtual services. */
  readonly mangle?: RuleTable;
  readonly nat?: RuleTable;
  readonly filter?: RuleTable;
  readonly ipvs?: IpvsTable;
  readonly world: World;
}

/** Where a packet enters: from outside and from pods, or from the node itself. */
export type Hook = 'PREROUTING' | 'OUTPUT';

/** One way through everything, and the part of new connections that chance sends there. */
export interface Way {
  readonly share: number;
  /** `passed`: no service takes it, it goes on to its own destination. `refused`: the sender is told. */
  readonly verdict: 'delivered' | 'refused' | 'dropped' | 'passed' | 'unknown';
  /** Where it is delivered, with the part of this way that each endpoint gets. */
  readonly to?: readonly Share[];
  /** The firewall-mark service that sends it there. */
  readonly markService?: string;
  /** Missing = no nat table was given, or it cannot be told. */
  readonly masqueraded?: boolean;
  /** What decided where it is refused, dropped or unknown: a rule, or `ipvs`. */
  readonly decidedBy?: Met | 'ipvs';
  readonly path: readonly Met[];
  readonly suppositions: readonly Supposition[];
  readonly reason?: string;
}

/** Leads one packet again and again, each time supposing something else, and walks no chain twice for the same. */
export interface Course {
  readonly tables: FlowTables;
  readonly packet: Packet;
  readonly hook: Hook;
  readonly walked: Map<string, (readonly Leaf[])[]>;
  readonly bundles: Map<object | string, readonly Traveller[]>;
  /** The courses behind the mangle table, by how a packet left it. */
  readonly marked: Map<Leaf, Course>;
}

/** A packet on its way, to one of several places that no rule before it tells apart. */
interface Traveller {
  readonly packet: Packet;
  readonly to?: readonly Share[];
  readonly markService?: string;
  /** It goes to the node itself. */
  readonly local: boolean;
  readonly share: number;
  readonly mark: number;
  readonly path: readonly Met[];
  readonly suppositions: readonly Supposition[];
}

/** Starts to lead a packet. */
export function courseOf(tables: FlowTables, packet: Packet, hook: Hook): Course {
  return { tables, packet, hook, walked: new Map(), bundles: new Map(), marked: new Map() };
}

/** The ways of a packet where the conditions in `holding` hold and no other one that nobody can see: their shares make 1. */
export function waysOf(course: Course, holding: ReadonlySet<string>): Way[] {
  const { tables, packet, hook } = course;
  const start: Traveller = { packet, local: tables.world.isLocal(packet.destination) === true, share: 1, mark: 0, path: [], suppositions: [] };
  if (tables.mangle === undefined) return sentOn(course, start, holding);
  return leavesOf(course, tables.mangle, hook, start, holding).flatMap((leaf) => {
    const marked = arriving(start, leaf);
    return isEnd(leaf) ? [ended(leaf, marked)] : sentOn(courseBehind(course, leaf), marked, holding);
  });
}

/** What mangle did with a packet tells its travellers apart: they are not bundled with others. */
function courseBehind(course: Course, leaf: Leaf): Course {
  const behind = course.marked.get(leaf) ?? { ...course, bundles: new Map() };
  course.marked.set(leaf, behind);
  return behind;
}

/** The ways by nat, and on. */
function sentOn(course: Course, traveller: Traveller, holding: ReadonlySet<string>): Way[] {
  const { tables, hook } = course;
  if (tables.nat === undefined) return filtered(course, traveller, holding);
  const leaves = leavesOf(course, tables.nat, hook, traveller, holding);
  const ends = leaves.filter(isEnd).map((leaf) => ended(leaf, arriving(traveller, leaf)));
  const others = bundled(course, leaves, () => leaves.filter((leaf) => !isEnd(leaf)).map((leaf) => translatedBy(leaf, arriving(traveller, leaf), tables)));
  return [...ends, ...others.flatMap((other) => filtered(course, other, holding))];
}

function translatedBy(leaf: Leaf, traveller: Traveller, { world }: FlowTables): Traveller {
  const target = leaf.path.at(-1)?.rule?.target;
  if (leaf.verdict !== 'dnat' || target?.kind !== 'dnat') return traveller;
  const { packet, endpoint, toNode } = translated(traveller.packet, target, world.isLocal);
  return { ...traveller, packet, to: [{ address: endpoint, share: 1 }], local: toNode || world.isLocal(packet.destination) === true };
}

/** Travellers that nothing can tell apart from here on become one. */
function bundled(course: Course, made: object | string, travellers: () => readonly Traveller[]): readonly Traveller[] {
  const known = course.bundles.get(made);
  if (known !== undefined) return known;
  const groups = new Map<string, Traveller[]>();
  for (const traveller of travellers()) {
    const { local, mark, suppositions, to } = traveller;
    const key = to === undefined ? '' : [local, mark, placeClass(course, traveller), ...suppositions.map(({ condition, holds }) => `${condition} ${holds}`)].join('\n');
    addToGroup(groups, key, traveller);
  }
  const bundles = [...groups.values()].flatMap((group) => (group[0]?.to === undefined ? group : [joined(group as [Traveller])]));
  course.bundles.set(made, bundles);
  return bundles;
}

/** Equal for travellers that go to places no rule to come tells apart. */
function placeClass({ tables, hook }: Course, traveller: Traveller): string {
  const { packet, mark } = traveller;
  const { filter, nat, world } = tables;
  const filtering = filter === undefined ? '' : destinationClass(filter, filterChain(hook, isForNode(tables, traveller)), packet, world);
  const service = serviceFor(tables.ipvs, packet, mark);
  // Destinations of a mark may keep the port.
  const balancing = service?.fwmark === undefined ? (service?.key ?? '') : `${service.key} ${packet.destinationPort}`;
  return `${filtering}|${nat === undefined ? '' : destinationClass(nat, 'POSTROUTING', packet, world)}|${balancing}`;
}

function joined(group: readonly [Traveller, ...Traveller[]]): Traveller {
  const share = group.reduce((sum, one) => sum + one.share, 0);
  const to = group.flatMap((one) => (one.to ?? []).map((place) => ({ address: place.address, share: share === 0 ? 0 : (place.share * one.share) / share })));
  return { ...group[0], share, to };
}

function filterChain(hook: Hook, local: boolean): 'OUTPUT' | 'INPUT' | 'FORWARD' {
  return hook === 'OUTPUT' ? 'OUTPUT' : local ? 'INPUT' : 'FORWARD';
}

/** What a firewall-mark service takes counts as the node's own: whoever sets one up has the node take such packets, or IPVS does not see them. */
function isForNode({ ipvs }: FlowTables, { local, packet, mark }: Traveller): boolean {
  return local || markServiceFor(ipvs, packet, mark) !== undefined;
}

function filtered(course: Course, sent: Traveller, holding: ReadonlySet<string>): Way[] {
  const { tables, hook } = course;
  const traveller = { ...sent, local: isForNode(tables, sent) };
  if (tables.filter === undefined) return balanced(course, traveller, holding);
  return leavesOf(course, tables.filter, filterChain(hook, traveller.local), traveller, holding).flatMap((leaf) => {
    const passing = arriving(traveller, leaf);
    return isEnd(leaf) ? [ended(leaf, passing)] : balanced(course, passing, holding);
  });
}

/** IPVS looks at packets of the node itself, and at those that the routing table gives to the node. */
function balanced(course: Course, traveller: Traveller, holding: ReadonlySet<string>): Way[] {
  const { tables, hook } = course;
  const service = hook === 'OUTPUT' || traveller.local ? serviceFor(tables.ipvs, traveller.packet, traveller.mark) : undefined;
  if (service === undefined) return leaving(course, traveller, holding);
  const taken = { ...traveller, ...(service.fwmark === undefined ? {} : { markService: service.key }) };
  const sent = bundled(course, `${service.key} ${traveller.packet.destinationPort}`, () =>
    balancedBy(service, traveller.packet).map(({ packet, address, share }) => ({ ...traveller, packet, to: [{ address, share: 1 }], share })),
  );
  if (sent.length === 0) return [{ verdict: 'refused', decidedBy: 'ipvs', ...record(taken) }];
  return sent.flatMap((one) => leaving(course, { ...taken, packet: one.packet, ...(one.to === undefined ? {} : { to: one.to }), share: traveller.share * one.share }, holding));
}

/**
 * The ways out by POSTROUTING. What stays on the node is asked there too, although the kernel does not: whether a service hides its
 * clients is told the same of all its endpoints, on whichever node they are.
 */
function leaving(course: Course, traveller: Traveller, holding: ReadonlySet<string>): Way[] {
  const { nat } = course.tables;
  if (nat === undefined) return [arrived(traveller)];
  return leavesOf(course, nat, 'POSTROUTING', traveller, holding).map((leaf) => ({
    ...arrived(arriving(traveller, leaf)),
    ...(leaf.verdict === 'unknown' ? {} : { masqueraded: leaf.verdict === 'snat' }),
  }));
}

/** Packets of one course that go to places no rule tells apart are walked once, and again only where something else is supposed. */
function leavesOf({ tables, walked }: Course, table: RuleTable, chain: string, { packet, mark, to }: Traveller, holding: ReadonlySet<string>): readonly Leaf[] {
  const place = to === undefined ? '' : destinationClass(table, chain, packet, tables.world);
  const key = `${table.name} ${chain} ${mark} ${place}`;
  const known = walked.get(key) ?? [];
  const fitting = known.find((leaves) => leaves.every(({ suppositions }) => suppositions.every(({ condition, holds }) => holding.has(condition) === holds)));
  if (fitting !== undefined) return fitting;
  const leaves = walk(table, chain, { packet, mark, world: tables.world, holding });
  walked.set(key, [...known, leaves]);
  return leaves;
}

/** A traveller behind a chain. */
function arriving(traveller: Traveller, leaf: Leaf): Traveller {
  return {
    ...traveller,
    share: traveller.share * leaf.share,
    mark: leaf.mark,
    path: [...traveller.path, ...leaf.path],
    suppositions: merged(traveller.suppositions, leaf.suppositions),
  };
}

function merged(one: readonly Supposition[], other: readonly Supposition[]): readonly Supposition[] {
  if (other.length === 0) return one;
  return [...one, ...other.filter(({ condition }) => !one.some((made) => made.condition === condition))];
}

function isEnd({ verdict }: Leaf): boolean {
  return verdict === 'unknown' || verdict === 'drop' || verdict === 'reject';
}

function ended({ verdict, reason }: Leaf, traveller: Traveller): Way {
  const decidedBy = traveller.path.at(-1);
  return {
    verdict: verdict === 'drop' ? 'dropped' : verdict === 'reject' ? 'refused' : 'unknown',
    ...(decidedBy === undefined ? {} : { decidedBy }),
    ...record(traveller),
    ...(reason === undefined ? {} : { reason }),
  };
}

function arrived(traveller: Traveller): Way {
  return { verdict: traveller.to === undefined ? 'passed' : 'delivered', ...(traveller.to === undefined ? {} : { to: traveller.to }), ...record(traveller) };
}

function record({ share, path, suppositions, markService }: Traveller): Pick<Way, 'share' | 'path' | 'suppositions' | 'markService'> {
  return { share, path, suppositions, ...(markService === undefined ? {} : { markService }) };
}
