import { servicePortAt } from '../kubernetes/frontends.ts';
import type { IpvsService } from '../model/model.ts';
import type { Judgement } from './judgement.ts';

/** One virtual service under two addresses. */
export interface Readdressed {
  readonly before: IpvsService;
  readonly after: IpvsService;
}

/**
 * Virtual services that are gone and stand at another address: of one protocol, with the same destinations, which no other virtual service
 * of either side has. Services of two names are two services.
 */
export function readdressedServices({ differences, before, after, told }: Judgement): Readdressed[] {
  const removed = (differences.ipvs?.removed ?? []).filter((service) => !told.has(service));
  const added = new Map((differences.ipvs?.added ?? []).filter((service) => !told.has(service)).map((service) => [signature(service), service]));
  if (removed.length === 0 || added.size === 0) return [];
  const counts = [before, after].map(({ model }) => signatureCounts(model.ipvs?.services.values() ?? []));
  return removed.flatMap((service): Readdressed[] => {
    const key = signature(service);
    const other = added.get(key);
    const alone = counts.every((count) => count.get(key) === 1);
    const usable = [...service.destinations.values()].some(({ weight }) => weight !== 0);
    if (other === undefined || service.address === undefined || !alone || !usable) return [];
    const name = before.frontends.get(service.key)?.servicePort;
    const otherName = after.frontends.get(other.key)?.servicePort;
    const two = name !== undefined && otherName !== undefined && name !== otherName;
    // The cluster still has, or had already, a service at the address.
    const kept = servicePortAt(after.model, service.key) ?? servicePortAt(before.model, other.key);
    return two || kept !== undefined ? [] : [{ before: service, after: other }];
  });
}

function signature({ protocol = '', family, destinations }: IpvsService): string {
  return `${protocol} ${family} ${[...destinations.keys()].sort().join()}`;
}

function signatureCounts(services: Iterable<IpvsService>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const service of services) counts.set(signature(service), (counts.get(signature(service)) ?? 0) + 1);
  return counts;
}
