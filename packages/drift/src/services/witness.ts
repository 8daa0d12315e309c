import type { EntryHook, Flow } from '../packets/flow.ts';
import type { Packet } from '../packets/packet.ts';
import { SOME_NODE_ADDRESS } from '../proxy/facts/node-world.ts';
import type { Outcome, WitnessPacket } from '../report.ts';
import { addressText } from '../state/address-range.ts';

/** A packet as proof for programs. */
export function witnessPacket(packet: Packet, hook: EntryHook, from: WitnessPacket['from'], arrivesBy?: string): WitnessPacket {
  return {
    protocol: packet.protocol,
    source: placeText(packet.source),
    ...(hasPorts(packet) ? { sourcePort: packet.sourcePort } : {}),
    destination: placeText(packet.destination),
    ...(hasPorts(packet) ? { destinationPort: packet.destinationPort } : {}),
    hook,
    ...(arrivesBy === undefined ? {} : { interface: arrivesBy }),
    from,
  };
}

/** What becomes of it, for programs. */
export function witnessOutcome(flow: Flow): Outcome {
  return {
    verdict: flow.verdict,
    endpoints: flow.endpoints,
    ...(flow.rest === undefined ? {} : { rest: flow.rest.map(({ verdict, share }) => ({ verdict, share })) }),
    ...(flow.masqueraded === undefined ? {} : { masqueraded: flow.masqueraded }),
    path: flow.path.map(({ table, chain, number }) => ({ table, chain, rule: number })),
  };
}

/** Whether its protocol has ports. */
export function hasPorts({ protocol }: Packet): boolean {
  return !protocol.startsWith('icmp');
}

/** An address of a packet as a reader should see it. */
export function placeText(address: bigint): string {
  const text = addressText(address);
  return text === SOME_NODE_ADDRESS.ipv4 || text === SOME_NODE_ADDRESS.ipv6 ? 'this node' : text;
}
