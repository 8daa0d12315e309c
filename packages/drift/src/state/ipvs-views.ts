import type { IpvsadmListing, IpvsadmSave } from '@netdrift/ipvsadm';
import { firstNames } from '../common/first-names.ts';
import { lacksAlike, lacksRows, whyIncomplete } from '../read/completeness.ts';
import type { Part } from '../read/snapshot.ts';
import { servicesOf } from './ipvs-table.ts';
import type { IpvsDestination, IpvsService, IpvsTable, ViewDisagreement } from './model.ts';

type Listing = IpvsadmListing | IpvsadmSave;

interface View {
  readonly part: Part;
  readonly listing: Listing;
  readonly services: ReadonlyMap<string, IpvsService>;
  /** True where services or destinations are shown by name (a listing without `-n`). */
  readonly named: boolean;
}

/** One IPVS table from all views of it: each view adds the facts that only it shows. */
export function ipvsTable(parts: readonly Part[], disagreements: ViewDisagreement[]): IpvsTable | undefined {
  const allViews: View[] = [];
  const answers = parts.filter(({ content }) => content.kind === 'tool-error' && content.error === 'ipvs-not-available');
  for (const part of parts) {
    if (part.content.kind !== 'ipvs') continue;
    const listing = part.content.value;
    allViews.push({ part, listing, services: servicesOf(listing, part), named: namesHosts(listing) });
  }
  // A name is no identity: where a view with addresses is given, one with names adds nothing that can be told apart.
  const withAddresses = allViews.filter((view) => !view.named);
  const views = (withAddresses.length > 0 ? withAddresses : allViews).toSorted((one, other) => rankOf(one) - rankOf(other));
  // A kernel without IPVS has no virtual service: that is an answer.
  if (views.length === 0 && answers.length > 0)
    return { services: new Map(), complete: true, notAvailable: true, origins: answers.map((part) => part.index) };
  if (views.length === 0) return undefined;
  const services = mergedViews(views);
  reportMissing(views, services, disagreements);
  const reasons = views.map(({ part }) => whyIncomplete(part.completeness));
  const [partialBecause] = reasons.includes(undefined) ? [] : reasons;
  const isCut = partialBecause !== undefined && views.every(({ part }) => lacksRows(part.completeness));
  return {
    services,
    complete: partialBecause === undefined,
    ...(partialBecause === undefined ? {} : { partialBecause }),
    ...(isCut ? { lacksRows: true } : {}),
    ...(views.every(({ part }) => lacksAlike(part.completeness)) ? { alike: true } : {}),
    origins: views.map((view) => view.part.index),
  };
}

/** A listing that shows no schedulers and weights, as `--stats`, adds to one that does: then evidence points at the row that shows them. */
function rankOf(view: View): number {
  return (view.part.completeness.state === 'complete' ? 0 : 2) + Number(countsOnly(view));
}

function mergedViews(views: readonly View[]): ReadonlyMap<string, IpvsService> {
  // The origin of a row is that of the view that shows most of it.
  const [first, ...others] = views.toSorted((one, other) => Number(countsOnly(one)) - Number(countsOnly(other)));
  if (first !== undefined && others.length === 0) return first.services;
  const services = new Map(first?.services);
  for (const view of others) {
    for (const [key, service] of view.services) {
      const known = services.get(key);
      services.set(key, known === undefined ? service : mergedService(known, service));
    }
  }
  return services;
}

/** `--stats` and `--rate` show neither schedulers nor weights. */
function countsOnly({ listing }: View): boolean {
  return listing.kind === 'IpvsadmListing' && (listing.layout.form === 'stats' || listing.layout.form === 'rate');
}

function namesHosts({ services }: Listing): boolean {
  return services.some((service) => service.name !== undefined || service.destinations.some(({ name }) => name !== undefined));
}

function reportMissing(views: readonly View[], services: ReadonlyMap<string, IpvsService>, disagreements: ViewDisagreement[]): void {
  if (views.length < 2) return;
  for (const view of views) {
    if (view.part.completeness.state !== 'complete') continue;
    reportOthers(view, services, disagreements);
    const missing = [...services.values()].filter((service) => !view.services.has(service.key));
    const [first] = missing;
    if (first === undefined) continue;
    const names = firstNames(
      missing.map(({ key }) => key),
      3,
    );
    disagreements.push({
      subject: view.part.source,
      text: `${view.part.source} does not show ${missing.length === 1 ? 'the virtual service' : `${missing.length} virtual services,`} ${names}, which another listing of the same table shows`,
      origins: [first.origin, { part: view.part.index, lines: [1, 1] }],
    });
  }
}

/** Services of which a view shows other destinations or weights than another view of the same table. */
function reportOthers(view: View, services: ReadonlyMap<string, IpvsService>, disagreements: ViewDisagreement[]): void {
  const others = [...view.services.values()].filter((shown) => {
    const merged = services.get(shown.key);
    return merged !== undefined && merged !== shown && !sameDestinations(shown.destinations, merged.destinations);
  });
  const [first] = others;
  if (first === undefined) return;
  const names = firstNames(
    others.map(({ key }) => key),
    3,
  );
  disagreements.push({
    subject: view.part.source,
    text: `${view.part.source} shows other destinations or weights of ${names} than another listing of the same table`,
    origins: [services.get(first.key)?.origin ?? first.origin, first.origin],
  });
}

function sameDestinations(shown: IpvsService['destinations'], merged: IpvsService['destinations']): boolean {
  if (shown.size !== merged.size) return false;
  for (const [key, destination] of merged) {
    const own = shown.get(key);
    if (own === undefined || (own.weight !== undefined && own.weight !== destination.weight)) return false;
  }
  return true;
}

function mergedService(one: IpvsService, other: IpvsService): IpvsService {
  const destinations = new Map(one.destinations);
  for (const [key, destination] of other.destinations) {
    const known = destinations.get(key);
    destinations.set(key, known === undefined ? destination : mergedDestination(known, destination));
  }
  const shownByOther = one.scheduler === undefined && other.scheduler !== undefined ? { schedulerOrigin: other.origin } : {};
  const { partialBecause: _one, ...shown } = one;
  const { partialBecause: _other, ...added } = other;
  // Where one listing shows all destinations, it does not matter what the other one lacks.
  const partial = one.partialBecause !== undefined && other.partialBecause !== undefined ? { partialBecause: one.partialBecause } : {};
  return {
    ...added,
    ...shown,
    ...shownByOther,
    ...partial,
    showsPersistence: one.showsPersistence || other.showsPersistence,
    destinations,
  };
}

/** The facts of both; evidence of what the first view does not show points at the row that does. */
function mergedDestination(one: IpvsDestination, other: IpvsDestination): IpvsDestination {
  const shown = (['weight', 'forward', 'upperThreshold', 'tunnel'] as const).filter(
    (name) => one[name] === undefined && other[name] !== undefined,
  );
  const origins = { ...other.origins, ...one.origins, ...Object.fromEntries(shown.map((name) => [name, other.origin])) };
  return { ...other, ...one, ...(Object.keys(origins).length === 0 ? {} : { origins }) };
}
