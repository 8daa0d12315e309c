import { parseIpv4, parseIpv6, printIpv4, printIpv6 } from '@netdrift/core';
import type { Value } from './field.ts';

/**
 * An address as a value: a number for IPv4, a bigint for IPv6; undefined for text that is no address.
 *
 * @example
 * toAddress('10.0.0.1') // => 167772161
 * toAddress('::1') // => 1n
 */
export function toAddress(text: string): Value | undefined {
  if (!text.includes(':')) return parseIpv4(text);
  const groups = parseIpv6(text);
  if (groups === undefined) return undefined;
  let number = 0n;
  for (const group of groups) number = (number << 16n) | BigInt(group);
  return number;
}

/** The text of an address value. */
export function addressOf(value: Value): string {
  if (typeof value === 'number') return printIpv4(value);
  const groups: number[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) groups.push(Number((value >> shift) & 0xffffn));
  return printIpv6(groups);
}

/** First and last address of a prefix. A length too large counts as the longest. */
export function prefixBounds(address: Value, length: number): readonly [low: Value, high: Value] {
  if (typeof address === 'number') {
    const size = 2 ** (32 - Math.min(32, Math.max(0, length)));
    const low = Math.floor(address / size) * size;
    return [low, low + size - 1];
  }
  const size = 1n << BigInt(128 - Math.min(128, Math.max(0, length)));
  const low = (address / size) * size;
  return [low, low + size - 1n];
}

/** The value one above. */
export function above(value: Value): Value {
  return typeof value === 'bigint' ? value + 1n : value + 1;
}

/** The value one below. */
export function below(value: Value): Value {
  return typeof value === 'bigint' ? value - 1n : value - 1;
}
