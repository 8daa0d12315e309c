import { parseProtocol } from '@netdrift/core';
import type { IpvsService, IpvsTable } from '../state/model.ts';
import type { Lookup, LookupEntry } from './lookup.ts';
import { toAddress } from './values.ts';
import type { IpvsWorld } from './world.ts';

/**
 * The IPVS table of one family as lookups. A service with port 0 takes what no other service of its address takes (Linux
 * `ip_vs_service_find`).
 */
export function ipvsWorld(table: IpvsTable, family: 'ipv4' | 'ipv6', conntrack: boolean): IpvsWorld {
  const exact: LookupEntry<IpvsService>[] = [];
  const anyPort: LookupEntry<IpvsService>[] = [];
  const marks: LookupEntry<IpvsService>[] = [];
  for (const service of table.services.values()) {
    if (service.family !== family) continue;
    if (service.fwmark !== undefined) {
      marks.push({ bounds: [service.fwmark, service.fwmark], value: service, origin: service.origin });
      continue;
    }
    const address = toAddress(service.address ?? '');
    const protocol = parseProtocol(service.protocol ?? '')?.number;
    if (address === undefined || protocol === undefined) continue;
    const { port = 0 } = service;
    const place = port === 0 ? anyPort : exact;
    place.push({
      bounds: [protocol, protocol, address, address, ...(port === 0 ? [0, 65_535] : [port, port])],
      value: service,
      origin: service.origin,
    });
  }
  const partial = !table.complete;
  return {
    byAddress: { name: 'the IPVS table', key: ['protocol', 'destination', 'destinationPort'], entries: [...exact, ...anyPort], partial },
    byMark: { name: 'the IPVS table', key: ['mark'], entries: marks, partial } satisfies Lookup<IpvsService>,
    conntrack,
  };
}
