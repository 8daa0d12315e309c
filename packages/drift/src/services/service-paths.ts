import { addressText, blockRange } from '../state/address-range.ts';
import { eachFlow, type Flow, type FlowTables } from '../packets/flow.ts';
import { type Packet, PROTOCOL_NUMBERS } from '../packets/packet.ts';
import { isKubeProxyTableName } from '../proxy/nftables/names.ts';
import { isLocal } from '../world/local-addresses.ts';
import { toAddress } from '../world/values.ts';
import { refusalComment } from './service-frontends.ts';
import type { RefusalReason, ServicePath, SourceKind } from '../proxy/service-table.ts';

/** Addresses from which a snapshot is asked. */
export interface Sources {
  /** Missing: nothing tells what a pod's address looks like. */
  readonly pod?: bigint;
  readonly node: bigint;
  readonly outside: bigint;
}

/** Where a packet goes. */
export interface Destination {
  readonly protocol: string;
  readonly address: bigint;
  readonly port: number;
}

const SOURCE_PORT = 40_000;

/** What becomes of a new connection from each kind of source, and what translated it. */
export interface TracedPaths {
  readonly paths: readonly ServicePath[];
  readonly by: 'ipvs' | 'iptables' | 'nftables' | 'none';
}

/** Leads a packet of each kind of source to a place. `ranges`: sources that may use it; the outside packet comes from the first. */
export function tracePaths(tables: FlowTables, sources: Sources, to: Destination, ranges: readonly string[] | undefined): TracedPaths {
  const protocolNumber = PROTOCOL_NUMBERS.get(to.protocol);
  if (protocolNumber === undefined) return { paths: [], by: 'none' };
  const paths: ServicePath[] = [];
  let by: TracedPaths['by'] = 'none';
  for (const from of ['pod', 'node', 'outside'] as const) {
    const source = sourceOf(from, sources, to, tables, ranges);
    if (source === undefined) continue;
    const packet: Packet = {
      protocol: to.protocol,
      protocolNumber,
      source,
      sourcePort: SOURCE_PORT,
      destination: to.address,
      destinationPort: to.port,
    };
    const flow = eachFlow(tables, packet, from === 'node' ? 'OUTPUT' : 'PREROUTING').next().value;
    if (flow === undefined) continue;
    paths.push(pathOf(from, flow));
    if (by !== 'iptables' && by !== 'nftables') by = translatorOf(flow) ?? by;
  }
  return { paths, by };
}

/** A connection from the node to an address of its own has that address as its source, unless it is bound to another one. */
function sourceOf(
  from: SourceKind,
  sources: Sources,
  to: Destination,
  tables: FlowTables,
  ranges: readonly string[] | undefined,
): bigint | undefined {
  if (from === 'pod') return sources.pod;
  if (from === 'node') return isOwn(tables, to.address) ? to.address : sources.node;
  const [allowed] = (ranges ?? []).map(blockRange).filter((range) => range !== undefined);
  if (allowed === undefined) return sources.outside;
  return allowed.low === allowed.high ? allowed.low : allowed.low + 1n;
}

function isOwn({ tracer }: FlowTables, address: bigint): boolean {
  return isLocal(tracer.world.addresses, toAddress(addressText(address)) ?? 0) === true;
}

function pathOf(from: SourceKind, flow: Flow): ServicePath {
  const { endpoints, masqueraded } = flow;
  // kubelet fills KUBE-MARK-DROP and drops what carries its mark; without kubelet the chain is empty, and the intention the same.
  const dropping = flow.path.find(({ rule }) => rule?.target.kind === 'jump' && rule.target.chain === 'KUBE-MARK-DROP');
  if (dropping !== undefined)
    return { from, verdict: 'dropped', endpoints: [], reason: refusalComment(dropping.rule) ?? 'source not allowed' };
  if (flow.verdict === 'delivered') return { from, verdict: 'delivered', endpoints, ...(masqueraded === undefined ? {} : { masqueraded }) };
  const reason = flow.verdict === 'passed' ? undefined : reasonOf(flow);
  return { from, verdict: flow.verdict, endpoints: [], ...(reason === undefined ? {} : { reason }) };
}

/** Chains whose rules drop packets for the address they come from. */
const RANGE_CHAINS = new Set(['KUBE-SOURCE-RANGES-FIREWALL', 'KUBE-IPVS-OUT-FILTER', 'KUBE-PROXY-FIREWALL']);

function reasonOf({ verdict, decidedBy }: Flow): RefusalReason {
  if (verdict === 'unknown') return 'cannot tell';
  if (decidedBy === undefined || decidedBy === 'ipvs') return 'no endpoints';
  const told = refusalComment(decidedBy.rule);
  if (told !== undefined) return told;
  return RANGE_CHAINS.has(decidedBy.chain) ? 'source not allowed' : 'rule';
}

function translatorOf(flow: Flow): Exclude<TracedPaths['by'], 'none'> | undefined {
  if (flow.path.some(({ rule }) => rule?.target.kind === 'dnat')) return 'iptables';
  const { decidedBy } = flow;
  if (decidedBy === 'ipvs' || flow.balanced === true) return 'ipvs';
  if (flow.endpoints.length > 0) return flow.path.some(({ table }) => isKubeProxyTableName(table)) ? 'nftables' : 'ipvs';
  if (decidedBy !== undefined && isKubeProxyTableName(decidedBy.table)) return 'nftables';
  return refusalComment(decidedBy?.rule) === undefined ? undefined : 'iptables';
}
