import { SET } from '../../proxy/names/fixed-names.ts';
import { endpointAddress } from '../../state/ipvs-table.ts';
import type { Outcome } from '../../packets/outcome.ts';
import type { Tracer } from '../../packets/traced.ts';
import { listedHairpins } from '../../proxy/nftables/nft-endpoints.ts';
import { isLocal } from '../../world/local-addresses.ts';
import { toAddress } from '../../world/values.ts';
import { firstPacketTo, type TraceDestination } from '../paths-with-traces.ts';
import type { Hairpin, ServedSender, ServedSide } from './served.ts';

/** Endpoints asked about at one place. */
const MAX_ENDPOINTS = 16;

/**
 * The addresses of endpoints on this node, as a set of ipvs or nftables mode or the objects name them; `undefined` where nothing tells.
 * What other nodes' endpoints send to themselves does not pass this node.
 */
export function localEndpoints(sides: readonly ServedSide[]): ReadonlySet<string> | undefined {
  const found = new Set<string>();
  let isTold = false;
  for (const { model, knowledge } of sides) {
    for (const { table } of model.nft?.tables.values() ?? []) {
      const listed = listedHairpins(table);
      isTold ||= listed !== undefined;
      for (const address of listed ?? []) found.add(address);
    }
    for (const name of [SET.loopBack, SET.loopBack6])
      for (const member of model.sets?.sets.get(name)?.members?.keys() ?? []) found.add(member.slice(0, member.indexOf(',')));
    if (knowledge.nodeName === undefined) continue;
    for (const { value } of knowledge.endpointPorts)
      for (const { address, node } of value.endpoints) if (node === knowledge.nodeName) found.add(address);
  }
  return found.size === 0 && !isTold ? undefined : found;
}

/** The hairpins at one place that one side alone masquerades. */
export function hairpinsAt(
  [before, after]: readonly [Tracer, Tracer],
  to: TraceDestination,
  senders: readonly ServedSender[],
  local: ReadonlySet<string> | undefined,
): Hairpin[] {
  const path = senders.find(({ from }) => from === 'pod') ?? senders.find(({ from }) => from === 'outside');
  if (path === undefined) return [];
  const still = new Set(path.after.endpoints.map(({ address }) => address));
  const asked = path.before.endpoints
    .filter(({ address }) => still.has(address) && (local?.has(endpointAddress(address)) ?? true))
    .slice(0, MAX_ENDPOINTS);
  return asked.flatMap(({ address: endpoint }) => {
    const [was, is] = [before, after].map((tracer) => isMasqueraded(tracer, to, endpoint));
    return was === undefined || is === undefined || was === is ? [] : [{ endpoint, before: was, after: is }];
  });
}

function isMasqueraded(tracer: Tracer, to: TraceDestination, endpoint: string): boolean | undefined {
  const [back] = waysToItself(tracer, to, endpoint);
  const isGuess = back?.conditions.some(({ about, counts }) => about === 'rule' && counts !== true) === true;
  return back === undefined || isGuess || back.source === 'unknown' ? undefined : back.source === 'replaced';
}

/** How an endpoint, `10.244.0.5:80`, gets to itself through a place. One of the node's own address is no pod, and goes no such way. */
export function waysToItself({ trace, world }: Tracer, to: TraceDestination, endpoint: string): Outcome[] {
  const source = toAddress(endpointAddress(endpoint));
  if (source === undefined || isLocal(world.addresses, source) === true) return [];
  const { outcomes } = trace(firstPacketTo(to, source, 'pod'));
  return outcomes.filter((outcome) => outcome.verdict === 'delivered' && outcome.endpoint?.text === endpoint);
}
