import { addToGroup } from '../../common/add-to-group.ts';
import { balanceOf } from '../../ipvs/balance.ts';
import { servicePortAt } from '../../services/frontends.ts';
import type { IpvsService } from '../../state/model.ts';
import type { Comparison } from '../comparison.ts';

/** Virtual services that stand elsewhere now, in the order of their addresses: as many before as after. */
export interface Readdressed {
  readonly before: readonly IpvsService[];
  readonly after: readonly IpvsService[];
}

/** Virtual services of one port that lead to the same destinations: a node port is there at each address of the node. */
interface Places {
  readonly port: number;
  readonly addresses: string;
  readonly services: readonly IpvsService[];
}

/**
 * Virtual services that are gone and stand elsewhere: at another port of the same addresses with some of the same destinations, at other
 * addresses with the same port and destinations, or, where nothing else leads to these destinations, at both. Services of two names are two
 * services.
 */
export function readdressedServices({ differences, before, after }: Comparison, explained: ReadonlySet<object>): Readdressed[] {
  const [gone, come] = [differences.ipvs?.removed ?? [], differences.ipvs?.added ?? []].map((services) =>
    placesOf(services.filter((service) => !explained.has(service) && balanceOf(service).parts.length > 0)),
  );
  if (gone === undefined || come === undefined || gone.size === 0 || come.size === 0) return [];
  const counts = [before, after].map(({ model }) => signatureCounts(model.ipvs?.services.values() ?? []));
  const moved: Readdressed[] = [];
  const anywhere = [...come.values()].flat();
  for (const [signature, was] of gone) {
    const is = come.get(signature) ?? [];
    const alone = counts.every((count) => count.get(signature) === 1);
    for (const places of was) {
      const partner =
        only(is, (other) => other.addresses === places.addresses) ??
        only(anywhere, (other) => isAlike(places, other)) ??
        only(is, (other) => other.port === places.port && other.services.length === places.services.length) ??
        (alone ? is[0] : undefined);
      if (partner === undefined || partner.services.length !== places.services.length) continue;
      const pairs = places.services.map((service, index) => [service, partner.services[index] as IpvsService] as const);
      if (pairs.every(([one, other]) => isOne(one, other))) moved.push({ before: places.services, after: partner.services });
    }
  }
  return moved;

  function isOne(one: IpvsService, other: IpvsService): boolean {
    const [name, otherName] = [before.frontends.get(one.key)?.servicePort, after.frontends.get(other.key)?.servicePort];
    if (name !== undefined && otherName !== undefined && name !== otherName) return false;
    // The cluster still has, or had already, a service at the address.
    return (servicePortAt(after.model, one.key) ?? servicePortAt(before.model, other.key)) === undefined;
  }
}

/** At the same addresses with some of the same destinations: the port moved, and destinations came or went besides. */
function isAlike({ addresses, services: [one] }: Places, { addresses: others, services: [other] }: Places): boolean {
  if (addresses !== others || one === undefined || other === undefined || one.protocol !== other.protocol) return false;
  return [...one.destinations.keys()].some((key) => other.destinations.has(key));
}

function only(list: readonly Places[], fits: (places: Places) => boolean): Places | undefined {
  const found = list.filter(fits);
  return found.length === 1 ? found[0] : undefined;
}

function placesOf(services: readonly IpvsService[]): Map<string, Places[]> {
  const byPort = new Map<string, IpvsService[]>();
  for (const service of services) if (service.address !== undefined) addToGroup(byPort, `${service.port} ${signature(service)}`, service);
  const found = new Map<string, Places[]>();
  for (const group of byPort.values()) {
    const sorted = group.toSorted((one, other) => ((one.address ?? '') < (other.address ?? '') ? -1 : 1));
    const [first] = sorted as [IpvsService];
    addToGroup(found, signature(first), {
      port: first.port ?? 0,
      addresses: sorted.map(({ address }) => address).join(),
      services: sorted,
    });
  }
  return found;
}

function signature({ protocol = '', family, destinations }: IpvsService): string {
  return `${protocol} ${family} ${[...destinations.keys()].sort().join()}`;
}

function signatureCounts(services: Iterable<IpvsService>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const service of services) counts.set(signature(service), (counts.get(signature(service)) ?? 0) + 1);
  return counts;
}
