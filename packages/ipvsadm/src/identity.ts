import type { Destination, VirtualService } from './ast.ts';
import { isAddressDestination, isAddressService, isMarkService } from './guards.ts';

/**
 * What ties two nodes to one service of the kernel: protocol, address and port, or mark and family; unique in a table.
 * `undefined` where the text does not tell: a service in names, a mark of `/proc/net/ip_vs`, a condition of dpvs.
 *
 * @example
 * serviceKey(service) // => 'TCP 10.0.0.1:443'
 */
export function serviceKey(service: VirtualService): string | undefined {
  if (isMarkService(service)) return service.family === undefined ? undefined : `FWM ${service.fwmark} ${service.family}`;
  return isAddressService(service) ? `${service.protocol} ${service.address}:${service.port}` : undefined;
}

/**
 * What ties two nodes to one destination of a service: address and port. `undefined` where the text shows names.
 *
 * @example
 * destinationKey(destination) // => '192.168.0.1:6443'
 */
export function destinationKey(destination: Destination): string | undefined {
  return isAddressDestination(destination) ? `${destination.address}:${destination.port}` : undefined;
}
