import { nodeKnowledge, realTroubles } from '../read/kinds/node-knowledge.ts';
import { podRangesOf, worldsOf } from '../proxy/facts/known-node.ts';
import { SOME_NODE_ADDRESS } from '../proxy/facts/node-world.ts';
import { OUTSIDE_ADDRESS, podAddress } from '../proxy/facts/pod-addresses.ts';
import { SENDERS, SOURCE_PORT } from '../proxy/senders.ts';
import { addressText } from '../state/address-range.ts';
import { buildModel } from '../state/build-model.ts';
import { tracerOf } from '../packets/trace.ts';
import type { Tracer, Trace } from '../packets/traced.ts';
import type { Snapshot } from '../read/snapshot.ts';
import { isLocal } from '../world/local-addresses.ts';
import { toAddress } from '../world/values.ts';
import type { PacketQuestion } from './question.ts';
import { type PacketTrace, packetTrace } from './packet-trace.ts';

/** Who sends the packet. */
export type Sender = 'pod' | 'node' | 'outside';

/** How to ask. */
export interface TraceOptions {
  /**
   * Who sends it, or the sender's address. Missing: told by the packet's source; without a source all three kinds of sender are asked
   * about.
   */
  readonly from?: string;
  /** The interface it comes in by. */
  readonly in?: string;
}

/** What a snapshot does with a packet. */
export interface SnapshotTrace {
  readonly schemaVersion: '1.0';
  readonly traces: readonly PacketTrace[];
  readonly troubles: Snapshot['troubles'];
}

const NOTHING_SHOWN = {
  code: 'snapshot/nothing-to-trace',
  message: 'shows neither rules nor an IPVS table: what becomes of a packet is not known',
} as const;

const PORTED = new Set([6, 17, 33, 132, 136]);
/** Echo requests, type × 256. */
const ECHO: ReadonlyMap<number, number> = new Map([
  [1, 8 * 256],
  [58, 128 * 256],
]);

/**
 * Leads the first packet of a connection through a node as its kernel would: every rule it matches, where it goes, in which shares, with
 * which source address, and what had to be assumed.
 *
 * @example
 * traceSnapshot(snapshot, { family: 'ipv4', protocol: 17, protocolName: 'udp', source: '10.244.3.9', destination: '10.96.0.10',
 * destinationPort: 53 }, {})
 *   .traces[0]?.outcomes[0]?.endpoints // => [{ address: '10.244.0.2:53', share: 0.5 }, { address: '10.244.0.3:53', share: 0.5 }]
 */
export function traceSnapshot(snapshot: Snapshot, question: PacketQuestion, options: TraceOptions): SnapshotTrace {
  const model = buildModel(snapshot);
  if (model.tables.size === 0 && model.ipvs === undefined && model.nft === undefined)
    return { schemaVersion: '1.0', traces: [], troubles: [...realTroubles(snapshot), NOTHING_SHOWN] };
  const knowledge = nodeKnowledge(snapshot);
  const podRanges = podRangesOf([model, knowledge]);
  const world = worldsOf(model, { ...knowledge, podRanges })[question.family];
  const tracer = tracerOf(world);
  const pod = podAddress(model, question.family, podRanges);
  const nodeAddress =
    knowledge.nodeAddresses.find((address) => address.includes(':') === (question.family === 'ipv6')) ?? SOME_NODE_ADDRESS[question.family];
  const sourceFor = (sender: Sender): string | undefined => {
    if (sender === 'outside') return OUTSIDE_ADDRESS[question.family];
    if (sender === 'pod') return pod === undefined ? undefined : addressText(pod);
    const destination = toAddress(question.destination);
    // A connection from the node to an address of its own has that address as its source.
    return destination !== undefined && isLocal(world.addresses, destination) === true ? question.destination : nodeAddress;
  };
  const asked = askedFor(question, options, sourceFor, (address) => isLocal(world.addresses, toAddress(address) ?? 0) === true);
  const traces = asked.flatMap(({ source, sender }) => tracedFrom(tracer, question, options, source, sender) ?? []);
  return { schemaVersion: '1.0', traces, troubles: realTroubles(snapshot) };
}

interface Asked {
  readonly source: string;
  readonly sender: Sender | undefined;
}

function askedFor(
  question: PacketQuestion,
  { from }: TraceOptions,
  sourceFor: (sender: Sender) => string | undefined,
  isOwn: (address: string) => boolean,
): Asked[] {
  const kinds = SENDERS.filter((sender) => from === undefined || sender === from);
  const given = question.source ?? (kinds.length === 0 ? from : undefined);
  if (given !== undefined) {
    const sender = kinds.length === 1 ? kinds[0] : isOwn(given) ? 'node' : undefined;
    return [{ source: given, sender }];
  }
  return kinds.flatMap((sender) => {
    const source = sourceFor(sender);
    return source === undefined ? [] : [{ source, sender }];
  });
}

function tracedFrom(
  tracer: Tracer,
  question: PacketQuestion,
  options: TraceOptions,
  sourceText: string,
  sender: Sender | undefined,
): PacketTrace | undefined {
  const source = toAddress(sourceText);
  const destination = toAddress(question.destination);
  if (source === undefined || destination === undefined || typeof source !== typeof destination) return undefined;
  const hasPorts = PORTED.has(question.protocol);
  const icmpType = ECHO.get(question.protocol);
  const found: Trace[] = [
    ...tracer.traces({
      protocol: question.protocol,
      source,
      destination,
      sourcePort: hasPorts ? (question.sourcePort ?? SOURCE_PORT) : 0,
      destinationPort: question.destinationPort ?? 0,
      ...(icmpType === undefined ? {} : { icmpType }),
      own: sender === 'node',
      ...(options.in === undefined ? {} : { in: options.in }),
    }),
  ];
  return packetTrace(question.protocolName, hasPorts, sender, found, tracer.world);
}
