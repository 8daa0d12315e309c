import type { Diagnostic } from '@netdrift/core';
import type { AddressService, IpvsadmValue, VirtualService } from './ast.ts';
import { report } from './diagnostics.ts';
import { hasServices, isAddressDestination, isAddressService } from './guards.ts';
import { destinationKey, serviceKey } from './identity.ts';

type Tell = (diagnostic: Diagnostic) => void;

/** Reports what a table holds twice though the kernel holds it once. */
export function checkDuplicates(value: IpvsadmValue, tell: Tell): void {
  if (!hasServices(value)) return;
  const addresses = new Map<string, AddressService | Map<string, VirtualService>>();
  const others = new Map<string, VirtualService>();
  for (const service of value.services) {
    checkDestinations(service, tell);
    const first = isAddressService(service) ? firstAtAddress(addresses, service) : firstOf(others, service);
    if (first === undefined) continue;
    tell(
      report('ipvsadm/duplicate-service', service.span, 'service is listed twice', {
        labels: [{ span: first.span, message: 'first listed here' }],
        help: 'ipvsadm before 1.28 prints SCTP services as UDP',
      }),
    );
  }
}

/** Most addresses have one service, so a table of the services of an address is made for the second one. */
function firstAtAddress(
  addresses: Map<string, AddressService | Map<string, VirtualService>>,
  service: AddressService,
): VirtualService | undefined {
  const known = addresses.get(service.address);
  if (known instanceof Map) return firstOf(known, service);
  if (known === undefined) {
    addresses.set(service.address, service);
    return undefined;
  }
  const table = new Map<string, VirtualService>();
  addresses.set(service.address, table);
  firstOf(table, known);
  return firstOf(table, service);
}

/** The service that was there before; else this one is now. */
function firstOf(services: Map<string, VirtualService>, service: VirtualService): VirtualService | undefined {
  const key = serviceKey(service);
  if (key === undefined) return undefined;
  const first = services.get(key);
  if (first === undefined) services.set(key, service);
  return first;
}

/** Up to this many destinations are compared one by one. */
const FEW = 8;

function checkDestinations({ destinations }: VirtualService, tell: Tell): void {
  if (destinations.length < 2) return;
  const seen = destinations.length > FEW ? new Set<string>() : undefined;
  for (let index = 0; index < destinations.length; index += 1) {
    const destination = destinations[index];
    if (destination === undefined || !isAddressDestination(destination)) continue;
    const key = seen === undefined ? '' : (destinationKey(destination) ?? '');
    const twice = seen === undefined ? standsBefore(destinations, index, destination) : seen.has(key);
    if (twice) tell(report('ipvsadm/duplicate-destination', destination.span, 'destination is listed twice under one service'));
    seen?.add(key);
  }
}

function standsBefore(
  destinations: VirtualService['destinations'],
  index: number,
  { address, port }: VirtualService['destinations'][number],
): boolean {
  for (let before = 0; before < index; before += 1) {
    const other = destinations[before];
    if (other?.address === address && other?.port === port) return true;
  }
  return false;
}
