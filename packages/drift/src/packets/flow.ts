import { addressNumber, addressText } from '../model/address-range.ts';
import { endpointText } from '../model/ipvs-table.ts';
import type { IpvsTable, RuleTable } from '../model/model.ts';
import type { World } from './match.ts';
import type { Packet } from './packet.ts';
import { ipvsShares, type Share } from './shares.ts';
import { type Leaf, type Met, type Supposition, walk } from './walk.ts';

/** The listings a packet is led through. A missing table was not given: it is taken to let everything pass. */
export interface FlowTables {
  readonly nat?: RuleTable;
  readonly filter?: RuleTable;
  readonly ipvs?: IpvsTable;
  readonly world: World;
}

/** What becomes of the first packet of a flow. */
export interface Flow {
  /** `passed`: no service takes it, it goes on to its own destination. `refused`: the sender is told. */
  readonly verdict: 'delivered' | 'refused' | 'dropped' | 'passed' | 'unknown';
  readonly endpoints: readonly Share[];
  /** Whether its source address is replaced; missing = no nat table was given, or it cannot be told. */
  readonly masqueraded?: boolean;
  /** What decided where it is refused, dropped or unknown: a rule, or `ipvs`. */
  readonly decidedBy?: Met | 'ipvs';
  readonly path: readonly Met[];
  readonly suppositions: readonly Supposition[];
  readonly reason?: string;
}

interface Way {
  readonly share: number;
  readonly mark: number;
  readonly destination: string | undefined;
  readonly verdict: Leaf['verdict'];
  readonly path: readonly Met[];
  readonly suppositions: readonly Supposition[];
  readonly reason?: string;
}

/** More ways than this for one packet are not followed. */
const MAX_FLOWS = 16;

/**
 * Leads a packet through nat, filter, IPVS and nat again, as the kernel does: from outside and from pods by PREROUTING, then INPUT
 * (to an address of the node) or FORWARD; from the node itself by OUTPUT; at the end by POSTROUTING.
 *
 * One flow for each way to decide the conditions that nobody can see; the first one has them all false where possible.
 */
export function flowsOf(tables: FlowTables, packet: Packet, hook: 'PREROUTING' | 'OUTPUT'): Flow[] {
  const groups = bySuppositions(translate(tables, packet, hook));
  const flows: Flow[] = [];
  for (const ways of groups) {
    flows.push(...filtered(tables, packet, hook, ways));
    if (flows.length >= MAX_FLOWS) break;
  }
  return flows.sort((one, other) => suppositionRank(one) - suppositionRank(other)).slice(0, MAX_FLOWS);
}

function suppositionRank(flow: Flow): number {
  return flow.suppositions.filter((supposition) => supposition.holds).length;
}

function translate(tables: FlowTables, packet: Packet, hook: string): Way[] {
  const { nat, world } = tables;
  if (nat === undefined) return [{ share: 1, mark: 0, destination: undefined, verdict: 'accept', path: [], suppositions: [] }];
  return walk(nat, hook, packet, 0, world).map((leaf) => ({ ...leaf, destination: leaf.verdict === 'dnat' ? leaf.to : undefined }));
}

/** Ways that suppose the same are parts of one flow: they differ by chance only. */
function bySuppositions(ways: readonly Way[]): Way[][] {
  const groups = new Map<string, Way[]>();
  for (const way of ways) {
    const key = way.suppositions.map(({ condition, holds }) => `${condition} ${holds}`).sort().join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [way]);
    else group.push(way);
  }
  return [...groups.values()];
}

function filtered(tables: FlowTables, packet: Packet, hook: 'PREROUTING' | 'OUTPUT', ways: readonly Way[]): Flow[] {
  const first = ways[0] as Way;
  const bad = ways.find((way) => way.verdict === 'unknown' || way.verdict === 'drop' || way.verdict === 'reject');
  if (bad !== undefined) return [ended(bad)];
  const translated = ways.filter((way) => way.destination !== undefined);
  const endpoints = translated.map((way) => ({ address: way.destination as string, share: way.share })).sort(byAddress);
  const chain = hook === 'OUTPUT' ? 'OUTPUT' : endpoints.length === 0 && tables.world.isLocal(packet.destination) === true ? 'INPUT' : 'FORWARD';
  const seen = endpoints.length === 0 ? packet : redirected(packet, (endpoints[0] as Share).address);
  const leaves: readonly Leaf[] =
    tables.filter === undefined
      ? [{ share: 1, verdict: 'accept', mark: first.mark, path: [], suppositions: first.suppositions }]
      : walk(tables.filter, chain, seen, first.mark, tables.world, first.suppositions);
  return leaves.flatMap((leaf) => {
    const path = [...first.path, ...leaf.path];
    if (leaf.verdict !== 'accept') return [ended({ ...leaf, path })];
    // IPVS looks at packets of the node itself, and at those that the routing table gives to the node.
    const looked = hook === 'OUTPUT' || tables.world.isLocal(packet.destination) !== false;
    return [delivered(looked ? tables : withoutIpvs(tables), packet, endpoints, { ...leaf, path })];
  });
}

function withoutIpvs({ ipvs: _, ...tables }: FlowTables): FlowTables {
  return tables;
}

function ended(leaf: Pick<Leaf, 'verdict' | 'path' | 'suppositions' | 'reason'>): Flow {
  const verdict = leaf.verdict === 'drop' ? 'dropped' : leaf.verdict === 'reject' ? 'refused' : 'unknown';
  const decidedBy = leaf.path.at(-1);
  return {
    verdict,
    endpoints: [],
    ...(decidedBy === undefined ? {} : { decidedBy }),
    path: leaf.path,
    suppositions: leaf.suppositions,
    ...(leaf.reason === undefined ? {} : { reason: leaf.reason }),
  };
}

function delivered(tables: FlowTables, packet: Packet, translated: readonly Share[], leaf: Leaf): Flow {
  const service = translated.length > 0 ? undefined : tables.ipvs?.services.get(`${packet.protocol} ${endpointText(addressText(packet.destination), packet.destinationPort)}`);
  const endpoints = service === undefined ? translated : ipvsShares(service).filter((share) => share.share > 0).sort(byAddress);
  if (service !== undefined && endpoints.length === 0) {
    return { verdict: 'refused', endpoints: [], decidedBy: 'ipvs', path: leaf.path, suppositions: leaf.suppositions };
  }
  const last = endpoints[0] === undefined ? packet : redirected(packet, endpoints[0].address);
  const sourced = tables.nat === undefined ? undefined : walk(tables.nat, 'POSTROUTING', last, leaf.mark, tables.world, leaf.suppositions)[0];
  const masqueraded = sourced === undefined || sourced.verdict === 'unknown' ? undefined : sourced.verdict === 'snat';
  return {
    verdict: endpoints.length === 0 ? 'passed' : 'delivered',
    endpoints,
    ...(masqueraded === undefined ? {} : { masqueraded }),
    path: sourced === undefined ? leaf.path : [...leaf.path, ...sourced.path],
    suppositions: leaf.suppositions,
  };
}

function redirected(packet: Packet, endpoint: string): Packet {
  const colon = endpoint.lastIndexOf(':');
  const destination = addressNumber(endpoint.slice(0, colon).replace(/^\[|\]$/g, ''));
  const destinationPort = Number(endpoint.slice(colon + 1));
  return destination === undefined || Number.isNaN(destinationPort) ? packet : { ...packet, destination, destinationPort };
}

function byAddress(one: Share, other: Share): number {
  return one.address < other.address ? -1 : one.address > other.address ? 1 : 0;
}

/** What a sender and an endpoint can tell apart, as text: equal for flows that are treated alike. */
export function flowSignature(flow: Flow): string {
  const endpoints = flow.endpoints.map(({ address, share }) => `${address} ${share.toPrecision(4)}`);
  return [flow.verdict, String(flow.masqueraded ?? '-'), ...endpoints].join(' ');
}
