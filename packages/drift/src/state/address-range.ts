import { parseIpv4, parseIpv6, printIpv4, printIpv6 } from '@netdrift/core';
import type { AddressRange } from './condition.ts';

const IPV4_MAX = 0xffff_ffffn;
/** IPv6 addresses stand above all IPv4 addresses, so that one number line holds both. */
const IPV6_BASE = 1n << 128n;

/**
 * The number of an address on a line that holds both families, or undefined for text that is no address.
 *
 * @example
 * addressNumber('10.0.0.1') // => 167772161n
 */
export function addressNumber(text: string): bigint | undefined {
  if (!text.includes(':')) {
    const number = parseIpv4(text);
    return number === undefined ? undefined : BigInt(number);
  }
  const groups = parseIpv6(text);
  if (groups === undefined) return undefined;
  let number = 0n;
  for (const group of groups) number = (number << 16n) | BigInt(group);
  return IPV6_BASE + number;
}

/** The family of an address number. */
export function addressFamily(number: bigint): 'ipv4' | 'ipv6' {
  return number >= IPV6_BASE ? 'ipv6' : 'ipv4';
}

/** The text of an address number. */
export function addressText(number: bigint): string {
  if (number <= IPV4_MAX) return printIpv4(Number(number));
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((number >> shift) & 0xffffn));
  return printIpv6(groups);
}

/** The addresses of a prefix, or undefined for text that is no address. A length too large counts as the longest. */
export function prefixRange(address: string, length: number): AddressRange | undefined {
  const number = addressNumber(address);
  if (number === undefined) return undefined;
  const version6 = number >= IPV6_BASE;
  const bits = version6 ? 128 : 32;
  if (length >= bits) return { low: number, high: number };
  const size = 1n << BigInt(bits - Math.max(0, length));
  const base = version6 ? IPV6_BASE : 0n;
  const low = base + ((number - base) / size) * size;
  return { low, high: low + size - 1n };
}

/** The addresses of `10.0.0.0/8` or of one address, or undefined for other text. */
export function blockRange(text: string): AddressRange | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return prefixRange(text, 128);
  const length = Number(text.slice(slash + 1));
  return Number.isInteger(length) ? prefixRange(text.slice(0, slash), length) : undefined;
}

/** Tells whether an address lies in a range. */
export function inRange(range: AddressRange, address: bigint): boolean {
  return range.low <= address && address <= range.high;
}
