import type { ServiceDifference } from '../../differences/difference.ts';
import { addToGroup } from '../../common/add-to-group.ts';
import type { IpvsDestination, IpvsService, Model } from '../../state/model.ts';
import { type Balance, balanceOf } from '../../ipvs/balance.ts';
import type { EndpointShare } from '../../report.ts';
import { baseName } from '../services/service-groups.ts';
import type { Comparison } from '../comparison.ts';
import { percent } from '../words.ts';

/** How one side divides new connections, by endpoint. */
interface Division extends Balance {
  /** Endpoints that get new connections, or may, with their part where one can be given. */
  readonly usable: ReadonlyMap<string, number | undefined>;
  /** All endpoints, whether they get any or not. */
  readonly keys: ReadonlySet<string>;
}

/** What is true of all endpoints of a service together. */
export interface EndpointFacts {
  readonly before: Division;
  readonly after: Division;
  /** The part of the usable endpoints that is gone and not made up for by others. */
  readonly capacityLost: number;
  /** The largest share that weights alone move. */
  readonly movedByWeights: number;
  /** Endpoints of the service in the cluster, where it is shown. */
  readonly inCluster: ReadonlySet<string>;
  /** Of each endpoint that came: the services that had it before and have it still, and that had none in common with this one. */
  readonly ofOthers: ReadonlyMap<string, readonly IpvsService[]>;
}

/** The virtual services that have a destination on both sides, by destination. */
export function keptDestinations(before: Model, after: Model): Map<string, IpvsService[]> {
  const found = new Map<string, IpvsService[]>();
  for (const service of before.ipvs?.services.values() ?? []) {
    const later = after.ipvs?.services.get(service.key)?.destinations;
    for (const key of service.destinations.keys()) if (later?.has(key) === true) addToGroup(found, key, service);
  }
  return found;
}

export function endpointFacts(difference: ServiceDifference, { after: side, keptDestinations: kept }: Comparison): EndpointFacts {
  const before = divisionOf(difference.before);
  const after = divisionOf(difference.after);
  const had = before.usable.size;
  const name = side.frontends.get(difference.before.key)?.servicePort;
  return {
    before,
    after,
    capacityLost: had === 0 || difference.after.partialBecause !== undefined ? 0 : Math.max(0, had - after.usable.size) / had,
    movedByWeights: shareMovedByWeights(difference),
    inCluster: new Set(name === undefined ? undefined : side.model.endpoints?.get(baseName(name))?.addresses),
    ofOthers: new Map(had === 0 ? [] : difference.added.map(({ key }) => [key, strangers(difference.before, kept().get(key) ?? [])])),
  };
}

function strangers({ destinations }: IpvsService, services: readonly IpvsService[]): IpvsService[] {
  return services.filter((other) => ![...other.destinations.keys()].some((key) => destinations.has(key)));
}

function divisionOf(service: IpvsService): Division {
  const balance = balanceOf(service);
  return {
    ...balance,
    usable: new Map(balance.parts.map(({ address, share }) => [address, share])),
    keys: new Set(service.destinations.keys()),
  };
}

/** The part of new connections where one can be given; 0 where it gets none. */
export function shareFact(gets: boolean, share: number | undefined): { readonly share?: number } {
  if (!gets) return { share: 0 };
  return share === undefined ? {} : { share };
}

/** Active connections; for UDP, where nothing is ever active, the inactive ones. */
export function connectionsOf(destination: IpvsDestination, service: IpvsService): number {
  return (service.protocol === 'udp' ? destination.inactiveConnections : destination.activeConnections) ?? 0;
}

/** The largest share that weights alone move: what the destinations of both sides would get if there were no others. */
function shareMovedByWeights({ before, after }: ServiceDifference): number {
  const common = [...before.destinations.keys()].filter((key) => after.destinations.has(key));
  const part = (service: IpvsService): Map<string, number> => {
    const weights = common.map((key) => service.destinations.get(key)?.weight ?? 1);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return new Map(common.map((key, index) => [key, total === 0 ? 0 : (weights[index] as number) / total]));
  };
  const one = part(before);
  const other = part(after);
  return common.reduce((most, key) => Math.max(most, Math.abs((one.get(key) ?? 0) - (other.get(key) ?? 0))), 0);
}

export function endpointShares({ keys, usable }: Division): EndpointShare[] {
  return [...keys].map((address) => ({ address, ...shareFact(usable.has(address), usable.get(address)) }));
}

/** Parts of new connections before and after; in words where a side gives none. */
export function sharesText({ before, after }: EndpointFacts): string {
  const isKnown = ({ parts }: Balance): boolean => parts.every(({ share }) => share !== undefined);
  if (!isKnown(before) || !isKnown(after)) {
    const words = (side: Balance): string => side.words ?? 'divided by weight';
    return before.words === after.words ? words(after) : `${words(before)} → ${words(after)}`;
  }
  const texts = [...new Set([...before.keys, ...after.keys])].sort().map((address) => {
    const was = partText(before, address);
    const is = partText(after, address);
    if (is === undefined) return `${address} ${was} → gone`;
    if (was === undefined) return `${address} new, ${is}`;
    return was === is ? `${address} ${is}` : `${address} ${was} → ${is}`;
  });
  return texts.length > 8 ? `${texts.slice(0, 7).join(', ')}, ${texts.length - 7} more` : texts.join(', ');
}

/** The part of an endpoint of a side; undefined where the side does not have it. */
function partText({ usable, failing, keys }: Division, address: string): string | undefined {
  const share = usable.get(address);
  if (share !== undefined) return percent(share);
  const fails = failing.find((part) => part.address === address);
  if (fails !== undefined) return fails.share === undefined ? 'failing' : `${percent(fails.share)} failing`;
  return keys.has(address) ? '0 %' : undefined;
}
