import type { ServicePath, SourceKind } from '../kubernetes/service-table.ts';
import type { ServedPlace, Survival } from './survival.ts';

/** How many of a kind were served before, and how many of them are served still. */
export interface Survived {
  readonly of: number;
  readonly survived: number;
}

/** What survived, in numbers: a frontend is an address, a port and a kind of sender. */
export interface SurvivalCounts {
  readonly servicePorts: Survived;
  readonly frontends: Survived;
  readonly endpoints: Survived;
}

/** A frontend that was served before and is no more, or of which nobody can tell. */
export interface LostFrontend {
  readonly place: ServedPlace;
  readonly from: SourceKind;
  readonly after: ServicePath;
}

export function lostFrontends({ places }: Survival): readonly LostFrontend[] {
  return places.flatMap((place) =>
    place.senders.flatMap(({ from, before, after }) => (before.verdict === 'delivered' && after.verdict !== 'delivered' ? [{ place, from, after }] : [])),
  );
}

/** Counts what survived. An endpoint survives where its service port still leads to it from anywhere. */
export function survivalCounts(survival: Survival): SurvivalCounts {
  const was = new Map<string, Set<string>>();
  const is = new Map<string, Set<string>>();
  let frontends = 0;
  const lostServices = new Set(lostFrontends(survival).map(({ place }) => place.service));
  for (const { service, senders } of survival.places) {
    for (const { before, after } of senders) {
      if (before.verdict === 'delivered') frontends += 1;
      gather(was, service, before);
      gather(is, service, after);
    }
  }
  const endpoints = [...was].flatMap(([service, addresses]) => [...addresses].map((address) => is.get(service)?.has(address) === true));
  return {
    servicePorts: { of: was.size, survived: [...was.keys()].filter((service) => !lostServices.has(service)).length },
    frontends: { of: frontends, survived: frontends - lostFrontends(survival).length },
    endpoints: { of: endpoints.length, survived: endpoints.filter(Boolean).length },
  };
}

function gather(into: Map<string, Set<string>>, service: string, { verdict, endpoints }: ServicePath): void {
  if (verdict !== 'delivered') return;
  const known = into.get(service) ?? new Set();
  for (const { address, share } of endpoints) if (share > 0) known.add(address);
  into.set(service, known);
}
