import { parseIpv4, printIpv4 } from '@netdrift/core';
import type { Persistence } from '../ast.ts';
import type { Draft } from '../draft.ts';

const ALL = 0xffff_ffff;
const WHOLE_PREFIX = 128;

/**
 * Tells the mask word of `/proc/net/ip_vs` by the service's family: an IPv4 mask, or an IPv6 prefix length in the byte
 * order of a little-endian machine (64 is `40000000`). A mask of all bits is left out, as ipvsadm does; a word that
 * fits neither stays.
 */
export function tellMask(persistence: Persistence, family: 'ipv4' | 'ipv6'): Persistence {
  const { maskWord: word, ...rest } = persistence;
  if (word === undefined) return persistence;
  const told: Draft<Persistence> = rest;
  if (family === 'ipv4') {
    if (word !== ALL) told.mask = printIpv4(word);
    return told;
  }
  const prefixLength = word >>> 24;
  if ((word & 0xff_ffff) !== 0 || prefixLength > WHOLE_PREFIX) return persistence;
  if (prefixLength !== WHOLE_PREFIX) told.prefixLength = prefixLength;
  return told;
}

/** The mask word that the kernel prints for persistence of a service of this family. */
export function maskWordOf({ maskWord, mask, prefixLength }: Persistence, family: 'ipv4' | 'ipv6'): number {
  if (maskWord !== undefined) return maskWord;
  if (mask !== undefined) return parseIpv4(mask) ?? ALL;
  return family === 'ipv4' ? ALL : (prefixLength ?? WHOLE_PREFIX) * 0x100_0000;
}
