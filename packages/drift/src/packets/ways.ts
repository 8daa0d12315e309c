import { addressNumber, addressText } from '../model/address-range.ts';
import { endpointText } from '../model/ipvs-table.ts';
import type { IpvsTable, RuleTable } from '../model/model.ts';
import { destinationClass } from './destination-class.ts';
import type { World } from './match.ts';
import type { Packet } from './packet.ts';
import { ipvsShares } from './shares.ts';
import { sentTo, type Translated, translated } from './translation.ts';
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
  /** Where it is delivered. */
  readonly endpoint?: string;
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
}

/** A packet on its way. */
interface Traveller {
  readonly packet: Packet;
  readonly share: number;
  readonly mark: number;
  readonly path: readonly Met[];
  readonly suppositions: readonly Supposition[];
}

/** The ways of a packet where the conditions in `holding` hold and no other one that nobody can see: their shares make 1. */
export function waysOf(course: Course, holding: ReadonlySet<string>): Way[] {
  const { tables, packet, hook } = course;
  const start: Traveller = { packet, share: 1, mark: 0, path: [], suppositions: [] };
  return through(course, tables.nat, hook, start, holding).flatMap(({ leaf, traveller }) => {
    if (isEnd(leaf)) return [ended(leaf, traveller)];
    const target = leaf.path.at(-1)?.rule?.target;
    const to = leaf.verdict === 'dnat' && target?.kind === 'dnat' ? translated(packet, target, tables.world.isLocal) : undefined;
    return filtered(course, to === undefined ? traveller : { ...traveller, packet: to.packet }, to, holding);
  });
}

function filtered(course: Course, arriving: Traveller, to: Translated | undefined, holding: ReadonlySet<string>): Way[] {
  const { tables, hook } = course;
  const local = to?.toNode === true || tables.world.isLocal(arriving.packet.destination) === true;
  const chain = hook === 'OUTPUT' ? 'OUTPUT' : local ? 'INPUT' : 'FORWARD';
  return through(course, tables.filter, chain, arriving, holding).flatMap(({ leaf, traveller }) => {
    if (isEnd(leaf)) return [ended(leaf, traveller)];
    const balanced = ipvsWays(course, traveller, local);
    if (balanced !== undefined) return balanced.flatMap((way) => ('verdict' in way ? [way] : leaving(course, way.traveller, way.endpoint, holding)));
    return leaving(course, traveller, to?.endpoint, holding);
  });
}

/**
 * The ways that IPVS divides a packet into, or undefined for a packet that no virtual service takes. IPVS looks at packets of the node itself,
 * and at those that the routing table gives to the node.
 */
function ipvsWays({ tables, hook }: Course, traveller: Traveller, local: boolean): (Way | { readonly traveller: Traveller; readonly endpoint: string })[] | undefined {
  const { packet } = traveller;
  if (tables.ipvs === undefined || (hook !== 'OUTPUT' && !local)) return undefined;
  const service = tables.ipvs.services.get(`${packet.protocol} ${endpointText(addressText(packet.destination), packet.destinationPort)}`);
  if (service === undefined) return undefined;
  const served = ipvsShares(service).filter(({ share }) => share > 0);
  if (served.length === 0) return [{ verdict: 'refused', decidedBy: 'ipvs', ...record(traveller) }];
  return served.map(({ address, share }) => {
    const destination = service.destinations.get(address);
    return { traveller: { ...traveller, packet: sentTo(packet, addressNumber(destination?.address ?? ''), destination?.port), share: traveller.share * share }, endpoint: address };
  });
}

/**
 * The ways out by POSTROUTING. What stays on the node is asked there too, although the kernel does not: whether a service hides its
 * clients is told the same of all its endpoints, on whichever node they are.
 */
function leaving(course: Course, traveller: Traveller, endpoint: string | undefined, holding: ReadonlySet<string>): Way[] {
  const { nat } = course.tables;
  if (nat === undefined) return [arrived(traveller, endpoint)];
  return through(course, nat, 'POSTROUTING', traveller, holding).map(({ leaf, traveller: left }) => ({
    ...arrived(left, endpoint),
    ...(leaf.verdict === 'unknown' ? {} : { masqueraded: leaf.verdict === 'snat' }),
  }));
}

interface Passage {
  readonly leaf: Leaf;
  readonly traveller: Traveller;
}

/** Leads a packet through one chain of a table, or lets it pass where the table was not given. */
function through(course: Course, table: RuleTable | undefined, chain: string, traveller: Traveller, holding: ReadonlySet<string>): Passage[] {
  if (table === undefined) return [{ leaf: { share: 1, verdict: 'accept', mark: traveller.mark, path: [], suppositions: [] }, traveller }];
  return leavesOf(course, table, chain, traveller, holding).map((leaf) => ({
    leaf,
    traveller: {
      packet: traveller.packet,
      share: traveller.share * leaf.share,
      mark: leaf.mark,
      path: [...traveller.path, ...leaf.path],
      suppositions: merged(traveller.suppositions, leaf.suppositions),
    },
  }));
}

/** Packets of one course that go to places no rule tells apart are walked once, and again only where something else is supposed. */
function leavesOf({ tables, walked }: Course, table: RuleTable, chain: string, { packet, mark }: Traveller, holding: ReadonlySet<string>): readonly Leaf[] {
  const key = `${table.name} ${chain} ${mark} ${destinationClass(table, chain, packet, tables.world)}`;
  const known = walked.get(key) ?? [];
  const fitting = known.find((leaves) => leaves.every(({ suppositions }) => suppositions.every(({ condition, holds }) => holding.has(condition) === holds)));
  if (fitting !== undefined) return fitting;
  const leaves = walk(table, chain, { packet, mark, world: tables.world, holding });
  walked.set(key, [...known, leaves]);
  return leaves;
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

function arrived(traveller: Traveller, endpoint: string | undefined): Way {
  return { verdict: endpoint === undefined ? 'passed' : 'delivered', ...(endpoint === undefined ? {} : { endpoint }), ...record(traveller) };
}

function record({ share, path, suppositions }: Traveller): Pick<Way, 'share' | 'path' | 'suppositions'> {
  return { share, path, suppositions };
}
