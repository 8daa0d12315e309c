import type { Line } from '@netdrift/core';
import type { Persistence } from './ast.ts';

/**
 * Refuses a service whose persistence has the mask of the other family: an IPv4 service has an address there
 * (`mask 255.255.255.0`), an IPv6 service a prefix length (`mask 64`). `token` says which service it is.
 */
export function refuseOtherMask(
  line: Line,
  token: number,
  address: string | undefined,
  persistence: Partial<Persistence> | undefined,
): void {
  if (address === undefined || persistence === undefined) return;
  const isIpv6 = address.includes(':');
  if (isIpv6 && persistence.mask !== undefined) line.refuse(token, 'an IPv4 service, as its mask is an IPv4 address');
  if (!isIpv6 && persistence.prefixLength !== undefined) line.refuse(token, 'an IPv6 service, as its mask is a prefix length');
}
