import { portOfName, printIpv4 } from '@netdrift/core';
import type { Destination, IpvsadmListing, IpvsadmSave, VirtualService } from '@netdrift/ipvsadm';
import { firstNames } from '../common/first-names.ts';
import { lacksAlike, lacksRows, whyIncomplete, whyLacksRows } from '../read/completeness.ts';
import { CUT } from '../read/missing-parts.ts';
import type { Part } from '../read/snapshot.ts';
import type { IpvsDestination, IpvsService, IpvsTable, ViewDisagreement } from './model.ts';
import type { Origin } from './origin.ts';

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
function rankOf({ part, listing }: View): number {
  const showsLittle = listing.kind === 'IpvsadmListing' && (listing.layout.form === 'stats' || listing.layout.form === 'rate');
  return (part.completeness.state === 'complete' ? 0 : 2) + (showsLittle ? 1 : 0);
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

function servicesOf(listing: Listing, part: Part): Map<string, IpvsService> {
  const services = new Map<string, IpvsService>();
  for (const [index, service] of listing.services.entries()) {
    const entry = serviceEntry(service, listing, part, index);
    if (entry === undefined) continue;
    const known = services.get(entry.key);
    if (known?.familyNotShown === true && entry.fwmark !== undefined)
      services.set(markIdentity(entry.fwmark, 'ipv6').key, { ...entry, ...markIdentity(entry.fwmark, 'ipv6') });
    else addByKey(services, entry, service.name !== undefined);
  }
  return services;
}

/** Two addresses can have one name, or names that are cut to the same text: they stay apart. */
function addByKey<Entry extends { readonly key: string }>(entries: Map<string, Entry>, entry: Entry, named: boolean): void {
  let { key } = entry;
  if (named) for (let copy = 2; entries.has(key); copy++) key = `${entry.key} (${copy})`;
  entries.set(key, key === entry.key ? entry : { ...entry, key });
}

function serviceEntry(service: VirtualService, listing: Listing, part: Part, index: number): IpvsService | undefined {
  const form = listing.kind === 'IpvsadmSave' ? 'save' : listing.layout.form;
  const identity = serviceIdentity(service, form);
  if (identity === undefined) return undefined;
  const isCut = part.lastRow !== undefined && index === listing.services.length - 1;
  // A row that ends where the text does may have gone on: `rr` with `persistent 300`, `wr` as `wrr`.
  const isOpen = isCut && service.destinations.length === 0;
  // `-A -u 192.168.10.11:3`: its address may have gone on too.
  if (isOpen && form === 'save' && service.scheduler === undefined) return undefined;
  const showsPersistence = form !== 'stats' && form !== 'rate' && !isOpen;
  const persistence = service.persistence === undefined ? undefined : persistenceOf(service.persistence, identity.family);
  const partialBecause = isCut
    ? CUT
    : part.completeness.state === 'partial'
      ? whyLacksRows(part.completeness, { services: index })
      : undefined;
  // What is always there comes first: V8 makes an object that begins with a copied one in ten times the time and the memory.
  return {
    showsPersistence,
    destinations: destinationEntries(service, part),
    origin: originOf(part, service.span),
    ...identity,
    ...(service.scheduler === undefined || isOpen ? {} : { scheduler: service.scheduler }),
    // /proc/net/ip_vs shows no flags of the scheduler, and one-packet scheduling for IPv4 and marks alone.
    ...(showsPersistence && form !== 'proc' ? { flags: service.flags?.toSorted() ?? NO_FLAGS } : {}),
    ...(showsPersistence && (form !== 'proc' || identity.family === 'ipv4') ? { onePacket: service.ops === true } : {}),
    ...(persistence === undefined || isOpen ? {} : { persistence }),
    ...(partialBecause === undefined ? {} : { partialBecause }),
  };
}

const NO_FLAGS: readonly string[] = [];
const NO_DESTINATIONS: ReadonlyMap<string, IpvsDestination> = new Map();

function destinationEntries({ destinations }: VirtualService, part: Part): ReadonlyMap<string, IpvsDestination> {
  if (destinations.length === 0) return NO_DESTINATIONS;
  const entries = new Map<string, IpvsDestination>();
  for (const destination of destinations) {
    if (part.lastRow !== undefined && destination.span.end >= part.lastRow) continue;
    const entry = destinationEntry(destination, part);
    if (entry !== undefined) addByKey(entries, entry, destination.name !== undefined);
  }
  return entries;
}

type Identity = Pick<IpvsService, 'key' | 'protocol' | 'address' | 'port' | 'fwmark' | 'family' | 'familyNotShown'>;

/** The identity of a service of a mark. */
export function markIdentity(fwmark: number, family: IpvsService['family']): Identity {
  return { key: `fwmark ${fwmark} ${family}`, fwmark, family };
}

function serviceIdentity(service: VirtualService, form: string): Identity | undefined {
  if (service.fwmark !== undefined) {
    if (service.family !== undefined || form !== 'proc') return markIdentity(service.fwmark, service.family ?? 'ipv4');
    const servers = service.destinations;
    const family = servers.length > 0 && servers.every(({ address }) => address?.includes(':') === true) ? 'ipv6' : 'ipv4';
    return { ...markIdentity(service.fwmark, family), familyNotShown: true };
  }
  if (service.protocol === undefined) return undefined;
  const address = service.address ?? service.name;
  if (address === undefined) return undefined;
  const protocol = service.protocol.toLowerCase();
  const shownPort = portNumber(service);
  const port = shownPort ?? 0;
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  return { key: `${protocol} ${endpointText(address, shownPort ?? service.portName ?? '')}`, protocol, address, port, family };
}

function persistenceOf(
  persistence: NonNullable<VirtualService['persistence']>,
  family: IpvsService['family'],
): NonNullable<IpvsService['persistence']> {
  const { timeout, timeoutTicks, engine, maskWord } = persistence;
  const prefixLength = persistence.prefixLength ?? (maskWord !== undefined && family === 'ipv6' ? maskWord >>> 24 : undefined);
  const mask =
    persistence.mask ?? (prefixLength === undefined ? (maskWord === undefined ? undefined : printIpv4(maskWord)) : `/${prefixLength}`);
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(timeoutTicks === undefined ? {} : { ticks: timeoutTicks }),
    ...(mask === undefined || mask === '255.255.255.255' || mask === '/128' ? {} : { mask }),
    ...(engine === undefined ? {} : { engine }),
  };
}

function destinationEntry(destination: Destination, part: Part): IpvsDestination | undefined {
  const address = destination.address ?? destination.name;
  if (address === undefined) return undefined;
  const port = portNumber(destination);
  const { weight, forward, upperThreshold, lowerThreshold, tunnel, activeConnections, inactiveConnections } = destination;
  return {
    key: endpointText(address, port ?? destination.portName ?? ''),
    address,
    port: port ?? 0,
    origin: originOf(part, destination.span),
    ...(weight === undefined ? {} : { weight }),
    ...(forward === undefined ? {} : { forward }),
    ...(upperThreshold === undefined ? {} : { upperThreshold }),
    ...(lowerThreshold === undefined ? {} : { lowerThreshold }),
    ...(tunnel === undefined ? {} : { tunnel: tunnelText(tunnel) }),
    ...(activeConnections === undefined ? {} : { activeConnections }),
    ...(inactiveConnections === undefined ? {} : { inactiveConnections }),
  };
}

/** The port as a number, also where it is shown by a standard name. */
function portNumber({ port, portName }: VirtualService | Destination): number | undefined {
  return port ?? (portName === undefined ? undefined : portOfName(portName));
}

function tunnelText(tunnel: NonNullable<Destination['tunnel']>): string {
  return [tunnel.type, tunnel.port, tunnel.checksum].filter((word) => word !== undefined).join(' ');
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

/** Where a node of a part stands. */
export function originOf(part: Part, span: { readonly start: number; readonly end: number }): Origin {
  const first = part.lineAt(span.start);
  return { part: part.index, lines: [first, Math.max(first, part.lineAt(Math.max(span.start, span.end - 1)))] };
}

/** Address and port, IPv6 in brackets. */
export function endpointText(address: string, port: number | string): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The address of {@link endpointText}, without its brackets. */
export function endpointAddress(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}
