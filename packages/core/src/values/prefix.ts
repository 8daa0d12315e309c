import { addressBytes, addressText } from './address.ts';

/** A set of addresses given by an address and its leading bits: `10.0.0.0/8`. A single address has all of its bits. */
export interface Prefix {
  readonly address: string;
  readonly prefixLength: number;
}

/** A set of addresses given by an address and a mask whose one bits are not all in front: `10.0.0.0/255.0.255.0`. */
export interface MaskedAddress {
  readonly address: string;
  readonly mask: string;
}

/** A set of addresses as a listing shows it. */
export type Network = Prefix | MaskedAddress;

/**
 * Reads what tools print for a set of addresses: `10.0.0.1`, `10.0.0.0/8`, `10.0.0.0/255.0.255.0`, `fd00::/64`,
 * `fd00::/ffff:0:ffff::`. A contiguous mask gives its prefix length; a text that is none of these gives `undefined`.
 *
 * Bits outside the mask are kept as written: what a tool does with them is its own matter.
 *
 * @example
 * parseNetwork('10.0.0.0/255.255.0.0') // => { address: '10.0.0.0', prefixLength: 16 }
 */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const bytes = addressBytes(address);
  if (bytes === undefined) return undefined;
  const bits = bytes.length * 8;
  const canonical = addressText(bytes);
  if (slash < 0) return { address: canonical, prefixLength: bits };
  const rest = text.slice(slash + 1);
  if (/^(0|[1-9][0-9]{0,2})$/.test(rest)) {
    return Number(rest) <= bits ? { address: canonical, prefixLength: Number(rest) } : undefined;
  }
  const mask = addressBytes(rest);
  if (mask === undefined || mask.length !== bytes.length) return undefined;
  const prefixLength = lengthOfMask(mask);
  return prefixLength === undefined ? { address: canonical, mask: addressText(mask) } : { address: canonical, prefixLength };
}

/**
 * The text of a set of addresses as iptables prints it: no `/32` or `/128`, `/0` written out.
 *
 * @example
 * printNetwork({ address: '0.0.0.0', prefixLength: 0 }) // => '0.0.0.0/0'
 */
export function printNetwork(network: Network): string {
  if ('mask' in network) return `${network.address}/${network.mask}`;
  const bits = network.address.includes(':') ? 128 : 32;
  return network.prefixLength === bits ? network.address : `${network.address}/${network.prefixLength}`;
}

/**
 * The number of leading one bits of a mask in bytes, or `undefined` where a one bit follows a zero bit.
 *
 * @example
 * lengthOfMask([255, 255, 240, 0]) // => 20
 */
export function lengthOfMask(mask: readonly number[]): number | undefined {
  let length = 0;
  let ended = false;
  for (const byte of mask) {
    for (let bit = 0x80; bit > 0; bit >>= 1) {
      if ((byte & bit) === 0) ended = true;
      else if (ended) return undefined;
      else length += 1;
    }
  }
  return length;
}

/**
 * The mask of a network in bytes, as long as its address.
 *
 * @example
 * maskBytes({ address: '10.0.0.0', prefixLength: 12 }) // => [255, 240, 0, 0]
 */
export function maskBytes(network: Network): readonly number[] {
  if ('mask' in network) return addressBytes(network.mask) ?? [];
  const size = network.address.includes(':') ? 16 : 4;
  return Array.from({ length: size }, (_, index) => {
    const ones = Math.min(8, Math.max(0, network.prefixLength - index * 8));
    return (0xff00 >> ones) & 0xff;
  });
}

/**
 * Whether every address of `inner` is in `outer`. Addresses of the other family never are.
 *
 * @example
 * networkContains({ address: '10.0.0.0', prefixLength: 8 }, { address: '10.1.2.3', prefixLength: 32 }) // => true
 */
export function networkContains(outer: Network, inner: Network): boolean {
  const outerAddress = addressBytes(outer.address);
  const innerAddress = addressBytes(inner.address);
  if (outerAddress === undefined || innerAddress?.length !== outerAddress.length) return false;
  const innerMask = maskBytes(inner);
  return maskBytes(outer).every((mask, index) => {
    const differing = (outerAddress[index] ?? 0) ^ (innerAddress[index] ?? 0);
    return (mask & ~(innerMask[index] ?? 0)) === 0 && (differing & mask) === 0;
  });
}

/**
 * Whether two networks have an address in common.
 *
 * @example
 * networksOverlap({ address: '10.0.0.0', prefixLength: 8 }, { address: '10.1.0.0', prefixLength: 16 }) // => true
 */
export function networksOverlap(one: Network, other: Network): boolean {
  const address = addressBytes(one.address);
  const otherAddress = addressBytes(other.address);
  if (address === undefined || otherAddress?.length !== address.length) return false;
  const otherMask = maskBytes(other);
  return maskBytes(one).every((mask, index) => {
    const differing = (address[index] ?? 0) ^ (otherAddress[index] ?? 0);
    return (differing & mask & (otherMask[index] ?? 0)) === 0;
  });
}
