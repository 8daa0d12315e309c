import { CHAIN } from '../proxy/names/fixed-names.ts';
import type { FlowTables } from '../packets/flow-tables.ts';
import { PROTOCOL_NUMBERS } from '../packets/packet.ts';
import { type UsualFlow, usualFlow } from '../packets/usual-flow.ts';
import { SENDERS } from '../proxy/senders.ts';
import { isKubeProxyTableName } from '../proxy/nftables/names.ts';
import type { Value } from '../world/field.ts';
import type { RefusalReason, ServicePath, SourceKind } from '../proxy/service-table.ts';
import { refusalComment } from './chain-traits.ts';
import { firstPacketTo, sourceOf, type TraceSources } from './paths-with-traces.ts';

/** Where a packet goes. */
export interface Destination {
  readonly protocol: string;
  readonly address: Value;
  readonly port: number;
}

/** What becomes of a new connection from each kind of source, and what translated it. */
export interface PathsAndTranslator {
  readonly paths: readonly ServicePath[];
  readonly by: 'ipvs' | 'iptables' | 'nftables' | 'none';
}

/** Leads a packet of each kind of source to a place. `ranges`: sources that may use it; the outside packet comes from the first. */
export function pathsAndTranslator(
  tables: FlowTables,
  sources: TraceSources,
  to: Destination,
  ranges: readonly string[] | undefined,
): PathsAndTranslator {
  const protocolNumber = PROTOCOL_NUMBERS.get(to.protocol);
  if (protocolNumber === undefined) return { paths: [], by: 'none' };
  const place = { ...to, protocol: protocolNumber };
  const paths: ServicePath[] = [];
  let by: PathsAndTranslator['by'] = 'none';
  for (const from of SENDERS) {
    const source = sourceOf(from, tables.tracer, sources, to, ranges);
    if (source === undefined) continue;
    const flow = usualFlow(tables, firstPacketTo(place, source, from));
    paths.push(pathOf(from, flow));
    if (by !== 'iptables' && by !== 'nftables') by = translatorOf(flow) ?? by;
  }
  return { paths, by };
}

function pathOf(from: SourceKind, flow: UsualFlow): ServicePath {
  const { endpoints, masqueraded } = flow;
  // kubelet fills KUBE-MARK-DROP and drops what carries its mark; without kubelet the chain is empty, and the intention the same.
  const dropping = flow.rules.find(({ rule }) => rule?.target.kind === 'jump' && rule.target.chain === CHAIN.markDrop);
  if (dropping !== undefined)
    return { from, verdict: 'dropped', endpoints: [], reason: refusalComment(dropping.rule) ?? 'source not allowed' };
  if (flow.verdict === 'delivered') return { from, verdict: 'delivered', endpoints, ...(masqueraded === undefined ? {} : { masqueraded }) };
  const reason = flow.verdict === 'passed' ? undefined : reasonOf(flow);
  return { from, verdict: flow.verdict, endpoints: [], ...(reason === undefined ? {} : { reason }) };
}

/** Chains whose rules drop packets for the address they come from. */
const RANGE_CHAINS: ReadonlySet<string> = new Set([CHAIN.sourceRangesFirewall, CHAIN.ipvsOutFilter, CHAIN.proxyFirewall]);

function reasonOf({ verdict, decidedBy }: UsualFlow): RefusalReason {
  if (verdict === 'unknown') return 'cannot tell';
  if (decidedBy === undefined || decidedBy === 'ipvs') return 'no endpoints';
  const told = refusalComment(decidedBy.rule);
  if (told !== undefined) return told;
  return RANGE_CHAINS.has(decidedBy.chain) ? 'source not allowed' : 'rule';
}

function translatorOf(flow: UsualFlow): Exclude<PathsAndTranslator['by'], 'none'> | undefined {
  if (flow.rules.some(({ rule }) => rule?.target.kind === 'dnat')) return 'iptables';
  const { decidedBy } = flow;
  if (decidedBy === 'ipvs' || flow.balanced === true) return 'ipvs';
  if (flow.endpoints.length > 0) return flow.rules.some(({ table }) => isKubeProxyTableName(table)) ? 'nftables' : 'ipvs';
  if (decidedBy !== undefined && isKubeProxyTableName(decidedBy.table)) return 'nftables';
  return refusalComment(decidedBy?.rule) === undefined ? undefined : 'iptables';
}
