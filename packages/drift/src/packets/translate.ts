import type { Value } from '../world/field.ts';
import type { Translation } from '../world/ir.ts';
import { addressOf, prefixBounds } from '../world/values.ts';
import type { Endpoint, PacketFields } from './traveller.ts';

/** Where a translation sends a packet, and the part of its clients. */
export interface Place {
  readonly fields: PacketFields;
  readonly endpoint: Endpoint;
  readonly toNode: boolean;
  readonly share: number;
}

/** Of a range of more addresses than this the first stands for all. */
const MAX_ADDRESSES = 32;

const LOOPBACK = { ipv4: 0x7f00_0001, ipv6: 1n } as const;

/**
 * What a new destination makes of a packet. Of several addresses the kernel takes one by the client's address, so that each gets an equal
 * part of the clients (Linux nf_nat_core.c `find_best_ips_proto`); a port is kept where it lies in the range asked for, and free ones are
 * taken else.
 */
export function placesOf(to: Translation, fields: PacketFields, isOwn: boolean): Place[] {
  const port = portOf(to, fields.destinationPort);
  if (to.node === true) {
    const family = typeof fields.destination === 'bigint' ? 'ipv6' : 'ipv4';
    // REDIRECT takes the address of the interface, which the walk need not know.
    const destination = isOwn ? fields.destination : LOOPBACK[family];
    return [
      {
        fields: { ...fields, destination, destinationPort: port },
        endpoint: { address: destination, port, text: `this node:${port}` },
        toNode: true,
        share: 1,
      },
    ];
  }
  const addresses = addressesOf(to, fields.destination);
  return addresses.map((destination) => ({
    fields: { ...fields, destination, destinationPort: port },
    endpoint: {
      address: destination,
      port,
      text: endpointText(addresses.length === 1 && isWide(to) ? to.text : undefined, destination, port),
    },
    toNode: false,
    share: 1 / addresses.length,
  }));
}

/** An address that a source translation gives, where it is one. */
export function sourceOf(to: Translation | undefined, source: Value): Value {
  if (to?.addresses === undefined) return source;
  return to.prefixLength === undefined ? to.addresses[0] : mapped(to.addresses[0], to.prefixLength, source);
}

function portOf({ ports }: Translation, port: Value): number {
  const asked = Number(port);
  if (ports === undefined || (ports[0] <= asked && asked <= ports[1])) return asked;
  return ports[0];
}

function isWide({ addresses, prefixLength }: Translation): boolean {
  return prefixLength === undefined && addresses !== undefined && addresses[0] !== addresses[1];
}

function addressesOf({ addresses, prefixLength }: Translation, destination: Value): Value[] {
  if (addresses === undefined) return [destination];
  const [low, high] = addresses;
  if (prefixLength !== undefined) return [mapped(low, prefixLength, destination)];
  if (low === high) return [low];
  const count = Number(BigInt(high) - BigInt(low)) + 1;
  if (count > MAX_ADDRESSES) return [low];
  return Array.from({ length: count }, (_, index) => (typeof low === 'bigint' ? low + BigInt(index) : low + index));
}

/** The network of one address with the host of another (NETMAP). */
function mapped(network: Value, prefixLength: number, address: Value): Value {
  const [start] = prefixBounds(network, prefixLength);
  const [own] = prefixBounds(address, prefixLength);
  return typeof start === 'bigint' ? start + (BigInt(address) - BigInt(own)) : start + (Number(address) - Number(own));
}

/** `10.244.0.2:53`, `[fd00::2]:53`; without a port the address alone. */
export function endpointText(range: string | undefined, address: Value, port: number): string {
  if (range !== undefined) return range;
  const text = addressOf(address);
  return `${text.includes(':') ? `[${text}]` : text}:${port}`;
}
