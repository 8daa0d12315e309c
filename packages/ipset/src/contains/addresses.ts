import { addressBytes } from '@netdrift/core';
import type { AddressElement, AddressRangeElement, NetElement, SetOptions } from '../ast.ts';
import type { PacketAddress } from './packet.ts';

/** The bits of an address that a set keeps, byte by byte; `undefined` keeps all. */
export type AddressMask = readonly number[] | undefined;

/** The mask that `netmask` or `bitmask` of a set puts on every address before it is stored or looked up. */
export function maskOfSet({ family, netmask, bitmask }: SetOptions): AddressMask {
  if (bitmask !== undefined) return addressBytes(bitmask);
  return netmask === undefined ? undefined : maskOfPrefix(netmask, family === 'inet6' ? 16 : 4);
}

function maskOfPrefix(length: number, bytes: number): readonly number[] {
  return Array.from({ length: bytes }, (_, index) => 256 - 2 ** (8 - Math.min(Math.max(length - 8 * index, 0), 8)));
}

/** Whether an address is the one of an element, or in its network or range. */
export function holdsAddress(
  element: AddressElement | NetElement | AddressRangeElement,
  address: PacketAddress,
  mask: AddressMask,
): boolean {
  switch (element.kind) {
    case 'AddressElement':
      return mask === undefined ? element.address === address.text : sameUnder(element.address, address, mask);
    case 'NetElement':
      return sameUnder(element.address, address, combined(maskOfPrefix(element.prefixLength, address.bytes.length), mask));
    case 'AddressRangeElement':
      return isBetween(element, address);
  }
}

function combined(one: readonly number[], other: AddressMask): readonly number[] {
  return other === undefined ? one : one.map((byte, index) => byte & (other[index] ?? 255));
}

function sameUnder(written: string, { bytes }: PacketAddress, mask: readonly number[]): boolean {
  const other = addressBytes(written);
  return other?.length === bytes.length && bytes.every((byte, index) => ((byte ^ (other[index] ?? 0)) & (mask[index] ?? 255)) === 0);
}

function isBetween({ first, last }: AddressRangeElement, { bytes }: PacketAddress): boolean {
  const low = addressBytes(first);
  const high = addressBytes(last);
  return low?.length === bytes.length && high?.length === bytes.length && compare(low, bytes) <= 0 && compare(bytes, high) <= 0;
}

function compare(one: readonly number[], other: readonly number[]): number {
  const differs = one.findIndex((byte, index) => byte !== other[index]);
  return differs < 0 ? 0 : (one[differs] ?? 0) - (other[differs] ?? 0);
}
