import { append } from '../common/append.ts';
import { firstNames } from '../common/first-names.ts';
import type { IpvsDestination, IpvsService, IpvsTable } from '../state/model.ts';
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
    const certain = difference === undefined ? undefined : withoutLost(difference, before, after);
    if (certain !== undefined) changed.push(certain);
  }
  return {
    added: showsAll(before) ? missingFrom(before, after) : [],
    removed: showsAll(after) ? missingFrom(after, before) : [],
    changed,
  };
}

/** Whether what a table lacks is not there, as far as the other side can show it. */
function showsAll({ complete, alike }: IpvsTable): boolean {
  return complete || alike === true;
}

/** A difference without the destinations that a side may have lost on the way here; nothing where nothing else differs. */
function withoutLost(difference: ServiceDifference, before: IpvsTable, after: IpvsTable): ServiceDifference | undefined {
  const added = before.lacksRows === true ? [] : difference.added;
  const removed = after.lacksRows === true ? [] : difference.removed;
  const { attributes, changed } = difference;
  return attributes.length + added.length + removed.length + changed.length === 0 ? undefined : { ...difference, added, removed };
}

/** Services that one side alone shows while the other does not show all it has: they are neither gone nor new. In sentences. */
export function servicesNotCompared(before: IpvsTable, after: IpvsTable): string[] {
  const sentences: string[] = [];
  const alone = (one: IpvsTable, other: IpvsTable, side: string, cut: string): void => {
    const names = showsAll(other) ? [] : missingFrom(other, one).map(({ key }) => key);
    if (names.length > 0)
      sentences.push(
        `virtual ${names.length === 1 ? 'service' : 'services'} ${firstNames(names, 5)} ${names.length === 1 ? 'is' : 'are'} listed by ${side} alone, and ${cut} does not show all services`,
      );
  };
  alone(before, after, 'before', 'after');
  alone(after, before, 'after', 'before');
  append(sentences, destinationsNotCompared(before, after, 'before', 'after'));
  append(sentences, destinationsNotCompared(after, before, 'after', 'before'));
  if (before.complete !== after.complete && sentences.length === 0) {
    const [side, { partialBecause }] = before.complete ? ['after', after] : ['before', before];
    sentences.push(
      `IPVS: ${side} is cut (${partialBecause ?? 'lines are missing'}), so what it lacks cannot be told from what was taken away`,
    );
  }
  return sentences;
}

function destinationsNotCompared(one: IpvsTable, other: IpvsTable, side: string, cut: string): string[] {
  if (other.lacksRows !== true) return [];
  const lacking = [...one.services.values()].filter(({ key, destinations }) =>
    [...destinations.keys()].some((destination) => other.services.get(key)?.destinations.has(destination) === false),
  );
  const names = lacking.map(({ key }) => key);
  return names.length === 0
    ? []
    : [
        `some destinations of ${firstNames(names, 5)} are listed by ${side} alone, and ${cut} lacks lines (${other.partialBecause ?? 'cut'})`,
      ];
}

function missingFrom(one: IpvsTable, other: IpvsTable): IpvsService[] {
  return [...other.services.values()].filter(({ key }) => !one.services.has(key));
}

/** What differs between two virtual services that are taken for one, beside their addresses. */
export function compareService(before: IpvsService, after: IpvsService): ServiceDifference | undefined {
  const attributes: ServiceAttribute[] = [];
  if (differ(before.scheduler, after.scheduler)) attributes.push('scheduler');
  if (before.showsPersistence && after.showsPersistence && persistenceDiffers(before, after)) attributes.push('persistence');
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

function persistenceDiffers({ persistence: before }: IpvsService, { persistence: after }: IpvsService): boolean {
  if (before === undefined || after === undefined) return before !== after;
  // /proc/net/ip_vs shows ticks in place of seconds, and no engine.
  if ((before.timeout === undefined) !== (after.timeout === undefined)) return before.mask !== after.mask;
  return before.timeout !== after.timeout || before.ticks !== after.ticks || before.mask !== after.mask || before.engine !== after.engine;
}

/** Persistence in words: `360 s`, `90000 kernel ticks`, `360 s for clients equal under 255.255.255.0`, `none`. */
export function persistenceText(service: IpvsService): string {
  if (service.persistence === undefined) return 'none';
  const { timeout, ticks, mask, engine } = service.persistence;
  const shown = ticks === undefined ? 'unknown' : `${ticks} kernel ticks`;
  return `${timeout === undefined ? shown : `${timeout} s`}${mask === undefined ? '' : ` for clients equal under ${mask}`}${engine === undefined ? '' : `, engine ${engine}`}`;
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
