import { portOfName, printIpv4 } from '@netdrift/core';
import type { Destination, IpvsadmListing, IpvsadmSave, VirtualService } from '@netdrift/ipvsadm';
import { whyLacksRows } from '../read/completeness.ts';
import { CUT } from '../read/missing-parts.ts';
import type { Part } from '../read/snapshot.ts';
import { withDefaults } from './ipvs-defaults.ts';
import type { IpvsDestination, IpvsService } from './model.ts';
import type { Origin } from './origin.ts';

type Listing = IpvsadmListing | IpvsadmSave;

/** The virtual services that one listing shows, by their keys. */
export function servicesOf(listing: Listing, part: Part): Map<string, IpvsService> {
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
    destinations: destinationEntries(service, form === 'save', part),
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

function destinationEntries(service: VirtualService, isSave: boolean, part: Part): ReadonlyMap<string, IpvsDestination> {
  const { destinations } = service;
  if (destinations.length === 0) return NO_DESTINATIONS;
  const entries = new Map<string, IpvsDestination>();
  for (const destination of destinations) {
    if (part.lastRow !== undefined && destination.span.end >= part.lastRow) continue;
    const entry = destinationEntry(isSave ? withDefaults(destination, service) : destination, part);
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
  const { forward, upperThreshold, lowerThreshold, tunnel, activeConnections, inactiveConnections, states } = destination;
  // Of dpvs: one that is inhibited or has too many connections takes no new ones, whatever its weight.
  const weight = states === undefined ? destination.weight : 0;
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

/** Where a node of a part stands. */
export function originOf(part: Part, span: { readonly start: number; readonly end: number }): Origin {
  const first = part.lineAt(span.start);
  return { part: part.index, lines: [first, Math.max(first, part.lineAt(Math.max(span.start, span.end - 1)))] };
}

/** Address and port, IPv6 in brackets; without a port where none is shown. */
export function endpointText(address: string, port: number | string): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return port === '' ? host : `${host}:${port}`;
}

/** The address of {@link endpointText}, without its brackets. */
export function endpointAddress(endpoint: string): string {
  const colon = endpoint.lastIndexOf(':');
  return (endpoint.endsWith(']') || colon < 0 ? endpoint : endpoint.slice(0, colon)).replace(/^\[|\]$/g, '');
}
