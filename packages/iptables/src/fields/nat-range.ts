import { canonicalAddress } from '@netdrift/core';
import type { Codec } from '../codec.ts';
import { decodeWhole } from '../codec.ts';
import { portRange, type PortRange } from './port-condition.ts';

/** Where NAT sends a connection: `address` up to `addressEnd` (both missing: address kept), `ports` (missing: port kept). */
export interface NatRange {
  readonly address?: string;
  readonly addressEnd?: string;
  readonly ports?: PortRange;
  /** First port of the range the offsets are counted from (`/B` after the ports). */
  readonly basePort?: number;
}

const PORTS = portRange('-');

/**
 * `10.0.0.1`, `10.0.0.1-10.0.0.9:80-90/1080`, `:80`, `fd00::1`, `[fd00::1-fd00::9]:80`: an IPv6 address stands in brackets
 * where ports follow.
 */
export const NAT_RANGE: Codec<NatRange> = {
  expected: 'an address or a range of addresses, with or without ports',
  decode(text) {
    const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
    if (bracketed !== null) return join(bracketed[1] ?? '', bracketed[2]);
    const colon = text.indexOf(':');
    if (colon !== text.lastIndexOf(':') && !text.includes('.')) return join(text, undefined);
    if (colon !== text.lastIndexOf(':') && !/^[0-9.-]*:/.test(text)) return join(text, undefined);
    return colon < 0 ? join(text, undefined) : join(text.slice(0, colon), text.slice(colon + 1));
  },
  print({ address, addressEnd, ports, basePort }) {
    const range = address === undefined ? '' : address + (addressEnd === undefined ? '' : `-${addressEnd}`);
    if (ports === undefined) return range;
    const addresses = range.includes(':') ? `[${range}]` : range;
    return `${addresses}:${PORTS.print(ports)}${basePort === undefined ? '' : `/${basePort}`}`;
  },
};

function join(addresses: string, tail: string | undefined): NatRange | undefined {
  const dash = addresses.indexOf('-');
  const address = addresses === '' ? undefined : canonicalAddress(dash < 0 ? addresses : addresses.slice(0, dash));
  const addressEnd = dash < 0 ? undefined : canonicalAddress(addresses.slice(dash + 1));
  if ((addresses !== '' && address === undefined) || (dash >= 0 && addressEnd === undefined)) return undefined;
  if (tail === undefined) {
    if (address === undefined) return undefined;
    return addressEnd === undefined ? { address } : { address, addressEnd };
  }
  const slash = tail.indexOf('/');
  const ports = PORTS.decode(slash < 0 ? tail : tail.slice(0, slash));
  const basePort = slash < 0 ? undefined : decodeWhole(tail.slice(slash + 1), 0xffff);
  if (ports === undefined || (slash >= 0 && basePort === undefined)) return undefined;
  // What every DNAT of kube-proxy looks like.
  if (address !== undefined && addressEnd === undefined && basePort === undefined) return { address, ports };
  return {
    ...(address === undefined ? {} : { address }),
    ...(addressEnd === undefined ? {} : { addressEnd }),
    ports,
    ...(basePort === undefined ? {} : { basePort }),
  };
}
