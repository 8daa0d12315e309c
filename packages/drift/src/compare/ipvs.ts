import type { IpvsDestination, IpvsService, IpvsTable } from '../model/model.ts';
import type { DestinationAttribute, DestinationDifference, IpvsDifference, ServiceAttribute, ServiceDifference } from './difference.ts';

/**
 * Compares two IPVS tables: services by protocol, address and port or by mark, destinations by address and port inside their
 * service. Order means nothing; an attribute is compared where both sides show it.
 */
export function compareIpvs(before: IpvsTable, after: IpvsTable): IpvsDifference {
  const changed: ServiceDifference[] = [];
  for (const [key, service] of before.services) {
    const other = after.services.get(key);
    if (other === undefined) continue;
    const difference = compareService(service, other);
    if (difference !== undefined) changed.push(difference);
  }
  return {
    added: [...after.services.values()].filter((service) => !before.services.has(service.key)),
    removed: [...before.services.values()].filter((service) => !after.services.has(service.key)),
    changed,
  };
}

function compareService(before: IpvsService, after: IpvsService): ServiceDifference | undefined {
  const attributes: ServiceAttribute[] = [];
  if (differ(before.scheduler, after.scheduler)) attributes.push('scheduler');
  if (before.showsPersistence && after.showsPersistence && persistenceText(before) !== persistenceText(after)) attributes.push('persistence');
  if (differ(before.flags?.join(), after.flags?.join()) || differ(before.onePacket, after.onePacket)) attributes.push('flags');
  const added = [...after.destinations.values()].filter((destination) => !before.destinations.has(destination.key));
  const removed = [...before.destinations.values()].filter((destination) => !after.destinations.has(destination.key));
  const changed: DestinationDifference[] = [];
  for (const [key, destination] of before.destinations) {
    const other = after.destinations.get(key);
    const changes = other === undefined ? [] : destinationAttributes(destination, other);
    if (other !== undefined && changes.length > 0) changed.push({ before: destination, after: other, attributes: changes });
  }
  if (attributes.length + added.length + removed.length + changed.length === 0) return undefined;
  return { before, after, attributes, added, removed, changed };
}

/** Persistence in words: `360 s`, `360 s for clients equal under 255.255.255.0`, `none`. */
export function persistenceText(service: IpvsService): string {
  if (service.persistence === undefined) return 'none';
  const { timeout, mask, engine } = service.persistence;
  return `${timeout} s${mask === undefined ? '' : ` for clients equal under ${mask}`}${engine === undefined ? '' : `, engine ${engine}`}`;
}

function destinationAttributes(before: IpvsDestination, after: IpvsDestination): DestinationAttribute[] {
  const attributes: DestinationAttribute[] = [];
  if (differ(before.weight, after.weight)) attributes.push('weight');
  if (differ(before.forward, after.forward)) attributes.push('forward');
  if (differ(before.upperThreshold, after.upperThreshold) || differ(before.lowerThreshold, after.lowerThreshold)) attributes.push('limits');
  if (differ(before.tunnel, after.tunnel)) attributes.push('tunnel');
  return attributes;
}

/** Two facts that both sides show, and that are not the same. */
function differ<T>(before: T | undefined, after: T | undefined): boolean {
  return before !== undefined && after !== undefined && before !== after;
}
