import { addressText, inRange } from '../model/address-range.ts';
import type { Condition, PortRange } from '../model/condition.ts';
import type { IpSetEntry } from '../model/model.ts';
import { packetInSet } from './set-membership.ts';
import type { Packet } from './packet.ts';

/** What is known beside the rules when a packet is matched. */
export interface World {
  /** Undefined where no listing of sets was given; then membership cannot be decided. */
  readonly sets?: ReadonlyMap<string, IpSetEntry>;
  /** Whether an address is one of the node's own; undefined where nothing tells. */
  readonly isLocal: (address: bigint) => boolean | undefined;
}

/** `undefined` = the condition cannot be decided from what is known. */
export type Decision = boolean | undefined;

/** Decides one condition for a packet with the mark it carries. The first packet of a flow is NEW. */
export function decide(condition: Condition, packet: Packet, mark: number, world: World): Decision {
  const plain = decidePlain(condition, packet, mark, world);
  return plain === undefined ? undefined : plain !== condition.not;
}

function decidePlain(condition: Condition, packet: Packet, mark: number, world: World): Decision {
  switch (condition.kind) {
    case 'protocol':
      return packet.protocolNumber === condition.number;
    case 'source':
      return condition.range === undefined ? undefined : inRange(condition.range, packet.source);
    case 'destination':
      return condition.range === undefined ? undefined : inRange(condition.range, packet.destination);
    case 'source-port':
      return inPorts(condition.ranges, packet.sourcePort);
    case 'destination-port':
      return inPorts(condition.ranges, packet.destinationPort);
    case 'either-port':
      return inPorts(condition.ranges, packet.sourcePort) || inPorts(condition.ranges, packet.destinationPort);
    case 'mark':
      return (mark & condition.mask) >>> 0 === condition.value;
    case 'state':
      return condition.states.includes('NEW');
    case 'set': {
      const set = world.sets?.get(condition.set);
      return set === undefined ? undefined : packetInSet(set, condition.dimensions, packet, addressText);
    }
    case 'source-local':
      return world.isLocal(packet.source);
    case 'destination-local':
      return world.isLocal(packet.destination);
    case 'other':
      // `-m recent --set` enters the address in a list and always matches.
      return condition.match === 'recent' && condition.text.startsWith('-m recent action=set ') ? true : undefined;
    default:
      return undefined;
  }
}

function inPorts(ranges: readonly PortRange[], port: number): boolean {
  return ranges.some(([low, high]) => low <= port && port <= high);
}
