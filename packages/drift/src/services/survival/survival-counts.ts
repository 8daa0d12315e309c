import type { ServicePath } from '../../proxy/service-table.ts';
import { isLoopback } from './served-places.ts';
import type { ServedPlace, ServedSender, Survival } from './served.ts';

/** How many of a kind were served before, and how many of them are served still. */
export interface Survived {
  readonly of: number;
  readonly survived: number;
}

/**
 * What survived, in numbers: a frontend is an address, a port and a kind of sender; all addresses of the node but loopback count as one.
 */
export interface SurvivalCounts {
  readonly servicePorts: Survived;
  readonly frontends: Survived;
  readonly endpoints: Survived;
  /** Of the frontends that did not survive, those of which nobody can tell. */
  readonly undecided: number;
}

/**
 * What became of connections from one kind of sender to one place. `moved`: the place is an address of the node that has no node ports any
 * more, and the port answers at another one.
 */
export type Fate = 'not served' | 'kept' | 'lost' | 'undecided' | 'moved';

/** The fate of each sender of each place. */
export function fatesOf({ places }: Survival): ReadonlyMap<ServedSender, Fate> {
  const answering = new Set<string>();
  for (const place of places)
    for (const sender of place.senders) if (sender.after.verdict === 'delivered') answering.add(frontendKey(place, sender));
  return new Map(
    places.flatMap((place) =>
      place.senders.map((sender) => [sender, fateOf(sender, isNodeAddress(place) && answering.has(frontendKey(place, sender)))] as const),
    ),
  );
}

function fateOf({ before, after }: ServedSender, answersElsewhere: boolean): Fate {
  if (before.verdict !== 'delivered') return 'not served';
  if (after.verdict === 'delivered') return delivered(after) < delivered(before) - 0.001 ? 'lost' : 'kept';
  if (after.verdict === 'unknown') return 'undecided';
  return after.verdict === 'passed' && answersElsewhere ? 'moved' : 'lost';
}

/** The part of new connections that gets to an endpoint. */
function delivered({ endpoints }: ServicePath): number {
  return endpoints.reduce((sum, { share }) => sum + share, 0);
}

/** Whether a place is one of the addresses at which the node answers a node port. */
export function isNodeAddress({ purpose, address }: ServedPlace): boolean {
  return purpose === 'node port' && !isLoopback(address);
}

function frontendKey(place: ServedPlace, { from }: ServedSender): string {
  return isNodeAddress(place)
    ? `${place.protocol} ${place.address.includes(':') ? 'ipv6' : 'ipv4'} ${place.port} ${from}`
    : `${place.place} ${from}`;
}

/** Endpoints of each service port that connections got to from anywhere before, and do not after. */
export function lostEndpoints(survival: Survival): ReadonlyMap<string, readonly string[]> {
  const { was, is } = endpointsOf(survival);
  const lost = [...was].map(
    ([service, addresses]) => [service, [...addresses].filter((address) => is.get(service)?.has(address) !== true)] as const,
  );
  return new Map(lost.filter(([, addresses]) => addresses.length > 0));
}

/** Counts what survived. An endpoint survives where its service port still leads to it from anywhere. */
export function survivalCounts(survival: Survival): SurvivalCounts {
  const fates = fatesOf(survival);
  const frontends = new Map<string, Fate>();
  const services = new Set<string>();
  const lostServices = new Set<string>();
  for (const place of survival.places) {
    for (const sender of place.senders) {
      const fate = fates.get(sender) ?? 'not served';
      if (fate === 'not served') continue;
      const key = frontendKey(place, sender);
      frontends.set(key, worse(frontends.get(key), fate));
      services.add(place.service);
      if (fate === 'lost' || fate === 'undecided') lostServices.add(place.service);
    }
  }
  const fatesFound = [...frontends.values()];
  const { was } = endpointsOf(survival);
  const endpoints = [...was.values()].reduce((sum, { size }) => sum + size, 0);
  const endpointsGone = [...lostEndpoints(survival).values()].reduce((sum, { length }) => sum + length, 0);
  return {
    servicePorts: { of: services.size, survived: services.size - lostServices.size },
    frontends: { of: frontends.size, survived: fatesFound.filter((fate) => fate === 'kept' || fate === 'moved').length },
    endpoints: { of: endpoints, survived: endpoints - endpointsGone },
    undecided: fatesFound.filter((fate) => fate === 'undecided').length,
  };
}

const RANKS: readonly Fate[] = ['not served', 'moved', 'kept', 'undecided', 'lost'];

function worse(one: Fate | undefined, other: Fate): Fate {
  return one !== undefined && RANKS.indexOf(one) > RANKS.indexOf(other) ? one : other;
}

function endpointsOf({ places }: Survival): {
  readonly was: ReadonlyMap<string, Set<string>>;
  readonly is: ReadonlyMap<string, Set<string>>;
} {
  const was = new Map<string, Set<string>>();
  const is = new Map<string, Set<string>>();
  for (const { service, senders } of places) {
    for (const { before, after } of senders) {
      gather(was, service, before);
      gather(is, service, after);
    }
  }
  return { was, is };
}

function gather(into: Map<string, Set<string>>, service: string, { verdict, endpoints }: ServicePath): void {
  if (verdict !== 'delivered') return;
  const known = into.get(service) ?? new Set();
  for (const { address, share } of endpoints) if (share > 0) known.add(address);
  into.set(service, known);
}
