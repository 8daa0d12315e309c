import type {
  AddressDestination,
  AddressService,
  Destination,
  IpvsadmListing,
  IpvsadmSave,
  IpvsadmValue,
  MarkService,
  MatchService,
  NamedService,
  VirtualService,
} from './ast.ts';

/**
 * Whether a value holds virtual services: a listing of any form, or a save.
 *
 * @example
 * hasServices(parseIpvsadm('-A -t 10.0.0.1:80 -s rr\n').value) // => true
 */
export function hasServices(value: IpvsadmValue): value is IpvsadmListing | IpvsadmSave {
  return value.kind === 'IpvsadmListing' || value.kind === 'IpvsadmSave';
}

/** Whether a service is known by protocol, address and port in figures: an identity that can be compared. */
export function isAddressService(service: VirtualService): service is AddressService {
  return service.address !== undefined && service.port !== undefined;
}

/** Whether a service is known by a firewall mark. */
export function isMarkService(service: VirtualService): service is MarkService {
  return service.fwmark !== undefined;
}

/** Whether a service is known by a condition, as dpvs prints them. */
export function isMatchService(service: VirtualService): service is MatchService {
  return service.match !== undefined;
}

/** Whether a service was printed in names or not whole, so that it cannot be compared. */
export function isNamedService(service: VirtualService): service is NamedService {
  return !isAddressService(service) && !isMarkService(service) && !isMatchService(service);
}

/** Whether a destination is known by address and port in figures. */
export function isAddressDestination(destination: Destination): destination is AddressDestination {
  return destination.address !== undefined && destination.port !== undefined;
}
