import { addressNumber, addressText } from '../model/address-range.ts';
import { endpointText } from '../model/ipvs-table.ts';
import type { IpvsService, IpvsTable, RuleTable } from '../model/model.ts';
import { destinationClass } from './destination-class.ts';
import type { World } from './match.ts';
import type { Packet } from './packet.ts';
import { ipvsShares, type Share } from './shares.ts';
import { sentTo, translated } from './translation.ts';
import { type Leaf, type Met, type Supposition, walk } from './walk.ts';

/** The listings a packet is led through. A missing table was not given: it is taken to let everything pass. */
export interface FlowTables {
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
  readonly bundles: Map<object, readonly Traveller[]>;
}

/** A packet on its way, to one of several places that no rule before it tells apart. */
interface Traveller {
  readonly packet: Packet;
  readonly to?: readonly Share[];
  /** It goes to the node itself. */
  readonly local: boolean;
  readonly share: number;
  readonly mark: number;
  readonly path: readonly Met[];
  readonly suppositions: readonly Supposition[];
}

/** Starts to lead a packet. */
export function courseOf(tables: FlowTables, packet: Packet, hook: Hook): Course {
  return { tables, packet, hook, walked: new Map(), bundles: new Map() };
}

/** The ways of a packet where the conditions in `holding` hold and no other one that nobody can see: their shares make 1. */
export function waysOf(course: Course, holding: ReadonlySet<string>): Way[] {
  const { tables, packet, hook } = course;
  const start: Traveller = { packet, local: tables.world.isLocal(packet.destination) === true, share: 1, mark: 0, path: [], suppositions: [] };
  if (tables.nat === undefined) return filtered(course, start, holding);
  const leaves = leavesOf(course, tables.nat, hook, start, holding);
  const ends = leaves.filter(isEnd).map((leaf) => ended(leaf, arriving(start, leaf)));
  const others = bundled(course, leaves, () => leaves.filter((leaf) => !isEnd(leaf)).map((leaf) => translatedBy(leaf, arriving(start, leaf), tables)));
  return [...ends, ...others.flatMap((traveller) => filtered(course, traveller, holding))];
}

function translatedBy(leaf: Leaf, traveller: Traveller, { world }: FlowTables): Traveller {
  const target = leaf.path.at(-1)?.rule?.target;
  if (leaf.verdict !== 'dnat' || target?.kind !== 'dnat') return traveller;
  const { packet, endpoint, toNode } = translated(traveller.packet, target, world.isLocal);
  return { ...traveller, packet, to: [{ address: endpoint, share: 1 }], local: toNode || world.isLocal(packet.destination) === true };
}

/** Travellers that nothing can tell apart from here on become one. */
function bundled(course: Course, made: object, travellers: () => readonly Traveller[]): readonly Traveller[] {
  const known = course.bundles.get(made);
  if (known !== undefined) return known;
  const groups = new Map<string, Traveller[]>();
  for (const traveller of travellers()) {
    const { local, mark, suppositions, to } = traveller;
    const key = to === undefined ? '' : [local, mark, placeClass(course, traveller), ...suppositions.map(({ condition, holds }) => `${condition} ${holds}`)].join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [traveller]);
    else group.push(traveller);
  }
  const bundles = [...groups.values()].flatMap((group) => (group[0]?.to === undefined ? group : [joined(group as [Traveller])]));
  course.bundles.set(made, bundles);
  return bundles;
}

/** Equal for travellers that go to places no rule to come tells apart. */
function placeClass({ tables, hook }: Course, { packet, local }: Traveller): string {
  const { filter, nat, world } = tables;
  const filtering = filter === undefined ? '' : destinationClass(filter, filterChain(hook, local), packet, world);
  return `${filtering}|${nat === undefined ? '' : destinationClass(nat, 'POSTROUTING', packet, world)}|${serviceAt(tables, packet)?.key ?? ''}`;
}

function joined(group: readonly [Traveller, ...Traveller[]]): Traveller {
  const share = group.reduce((sum, one) => sum + one.share, 0);
  const to = group.flatMap((one) => (one.to ?? []).map((place) => ({ address: place.address, share: share === 0 ? 0 : (place.share * one.share) / share })));
  return { ...group[0], share, to };
}

function filterChain(hook: Hook, local: boolean): 'OUTPUT' | 'INPUT' | 'FORWARD' {
  return hook === 'OUTPUT' ? 'OUTPUT' : local ? 'INPUT' : 'FORWARD';
}

function filtered(course: Course, traveller: Traveller, holding: ReadonlySet<string>): Way[] {
  const { tables, hook } = course;
  if (tables.filter === undefined) return balanced(course, traveller, holding);
  return leavesOf(course, tables.filter, filterChain(hook, traveller.local), traveller, holding).flatMap((leaf) => {
    const passing = arriving(traveller, leaf);
    return isEnd(leaf) ? [ended(leaf, passing)] : balanced(course, passing, holding);
  });
}

/** IPVS looks at packets of the node itself, and at those that the routing table gives to the node. */
function balanced(course: Course, traveller: Traveller, holding: ReadonlySet<string>): Way[] {
  const { tables, hook } = course;
  const service = hook === 'OUTPUT' || traveller.local ? serviceAt(tables, traveller.packet) : undefined;
  if (service === undefined) return leaving(course, traveller, holding);
  const sent = bundled(course, service, () => destinationsOf(service, traveller));
  if (sent.length === 0) return [{ verdict: 'refused', decidedBy: 'ipvs', ...record(traveller) }];
  return sent.flatMap((one) => leaving(course, { ...traveller, packet: one.packet, ...(one.to === undefined ? {} : { to: one.to }), share: traveller.share * one.share }, holding));
}

function serviceAt({ ipvs }: FlowTables, { protocol, destination, destinationPort }: Packet): IpvsService | undefined {
  return ipvs?.services.get(`${protocol} ${endpointText(addressText(destination), destinationPort)}`);
}

function destinationsOf(service: IpvsService, traveller: Traveller): Traveller[] {
  return ipvsShares(service).filter(({ share }) => share > 0).map(({ address, share }) => {
    const destination = service.destinations.get(address);
    return { ...traveller, packet: sentTo(traveller.packet, addressNumber(destination?.address ?? ''), destination?.port), to: [{ address, share: 1 }], share };
  });
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

function record({ share, path, suppositions }: Traveller): Pick<Way, 'share' | 'path' | 'suppositions'> {
  return { share, path, suppositions };
}
