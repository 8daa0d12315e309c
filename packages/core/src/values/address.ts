import { parseIpv4, printIpv4 } from './ipv4.ts';
import { parseIpv6, printIpv6 } from './ipv6.ts';

/** The two families of addresses, as `family` is written everywhere. */
export type Family = 'ipv4' | 'ipv6';

/**
 * The bytes of an address, most significant first: 4 for IPv4, 16 for IPv6; `undefined` where a text is neither.
 *
 * @example
 * addressBytes('::1')?.length // => 16
 */
export function addressBytes(text: string): readonly number[] | undefined {
  const number = parseIpv4(text);
  if (number !== undefined) return [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255];
  return parseIpv6(text)?.flatMap((group) => [group >>> 8, group & 255]);
}

/**
 * The text of an address given as 4 or 16 bytes, as the tools print it.
 *
 * @throws Error when there are neither 4 nor 16 bytes.
 *
 * @example
 * addressText([10, 0, 0, 1]) // => '10.0.0.1'
 */
export function addressText(bytes: readonly number[]): string {
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes;
  if (bytes.length === 4) return printIpv4(first * 0x100_0000 + second * 0x1_0000 + third * 0x100 + fourth);
  if (bytes.length !== 16) throw new Error(`an address has 4 or 16 bytes, not ${bytes.length}`);
  return printIpv6(Array.from({ length: 8 }, (_, index) => (bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0)));
}

/**
 * The family of an address in any valid spelling, or `undefined` where a text is not an address (a host name, say).
 *
 * @example
 * familyOf('fd00::1') // => 'ipv6'
 */
export function familyOf(text: string): Family | undefined {
  if (parseIpv4(text) !== undefined) return 'ipv4';
  return text.includes(':') && parseIpv6(text) !== undefined ? 'ipv6' : undefined;
}

/**
 * The one spelling of an address that the tools print, whatever spelling it comes in; `undefined` where a text is not one.
 *
 * @example
 * canonicalAddress('2001:DB8:0:0::1') // => '2001:db8::1'
 */
export function canonicalAddress(text: string): string | undefined {
  if (parseIpv4(text) !== undefined) return text;
  const groups = parseIpv6(text);
  return groups === undefined ? undefined : printIpv6(groups);
}

/**
 * Whether a text is an address exactly as the tools print it.
 *
 * @example
 * isPrintedAddress('2001:DB8::1') // => false
 */
export function isPrintedAddress(text: string): boolean {
  return canonicalAddress(text) === text;
}

/**
 * The order of two addresses by value, IPv4 before IPv6: negative, zero or positive as `sort` wants it. A text that is not
 * an address comes last, in the order of its characters.
 *
 * @example
 * ['10.0.0.10', '10.0.0.9'].sort(compareAddresses) // => ['10.0.0.9', '10.0.0.10']
 */
export function compareAddresses(one: string, other: string): number {
  const bytes = addressBytes(one);
  const otherBytes = addressBytes(other);
  if (bytes === undefined || otherBytes === undefined) {
    if (bytes !== undefined) return -1;
    if (otherBytes !== undefined) return 1;
    return one < other ? -1 : one > other ? 1 : 0;
  }
  if (bytes.length !== otherBytes.length) return bytes.length - otherBytes.length;
  const differs = bytes.findIndex((byte, index) => byte !== otherBytes[index]);
  return differs < 0 ? 0 : (bytes[differs] ?? 0) - (otherBytes[differs] ?? 0);
}
