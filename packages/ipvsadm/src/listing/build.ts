import type { Line } from '@netdrift/core';
import type { Destination, ListingForm, NumericLocation, Persistence, Tunnel, Traffic, VirtualService } from '../ast.ts';
import type { Draft } from '../draft.ts';
import { hexLocation, listedLocation, type Location } from '../location.ts';
import {
  engineName,
  flagList,
  hexMark,
  hexWord,
  mark as markValue,
  persistenceMask,
  schedulerName,
  serviceProtocol,
  stateList,
  tableSize,
  trafficCount,
  tunnelInfo,
} from '../values.ts';
import { refuseOtherMask } from '../mask-family.ts';
import { tellMask } from './proc-mask.ts';
import { ipv4Colon, portBehind, readMethod, readNatural, readWeight } from './quick.ts';

/** `IP Virtual Server version 1.2.1 (size=4096)` */
export interface Banner {
  readonly kind: 'Banner';
  readonly version: string;
  readonly size: number;
}

/** A title, as far as it tells the form. `second` titles have `narrow`: one blank before their columns, as the kernel's own file. */
export interface Title {
  readonly kind: 'Title';
  readonly second: boolean;
  readonly form?: ListingForm;
  readonly narrow?: boolean;
}

export function banner(line: Line, version: number, size: number): Banner {
  return { kind: 'Banner', version: line.name(version), size: line.read(size, tableSize) };
}

const firstTitle = (form: ListingForm) => (): Title => ({ kind: 'Title', second: false, form });
export const plainTitle = firstTitle('plain');
export const thresholdsTitle = firstTitle('thresholds');
export const persistentTitle = firstTitle('persistent-conn');
export const statsTitle = firstTitle('stats');
export const rateTitle = firstTitle('rate');

/** Gives the token of `TunnelInfo` and that of `Forward`'s place on to the title. */
export function configuredColumns(line: Line, tunnel: number): Title {
  return { kind: 'Title', second: true, form: line.flag(tunnel) ? 'tun-info' : 'plain' };
}

export function secondTitle(line: Line, arrow: number, remote: number, configured: Title | number): Title {
  if (typeof configured === 'number') return { kind: 'Title', second: true };
  const gap = (line.starts[remote + 1] ?? 0) - (line.ends[remote] ?? 0);
  return { ...configured, narrow: gap === 1 && arrow === 0 };
}

/** What a service line says behind the service's identity. */
export interface Settings {
  readonly scheduler?: string;
  readonly flags?: readonly string[];
  readonly persistence?: Persistence;
  readonly ops?: true;
  readonly counters?: Traffic;
  readonly rate?: Traffic;
  readonly otherWords?: readonly string[];
}

export function configuration(
  line: Line,
  scheduler: number,
  flags: number,
  early: number,
  persistence: Persistence | number,
  late: number,
  extra: readonly number[],
): Settings {
  const settings: Draft<Settings> = { scheduler: line.read(scheduler, schedulerName) };
  if (line.flag(flags)) settings.flags = line.read(flags, flagList);
  if (typeof persistence !== 'number') settings.persistence = persistence;
  if (line.flag(early) || line.flag(late)) settings.ops = true;
  if (extra.length > 0) settings.otherWords = extra.map((index) => line.name(index));
  return settings;
}

export function listedPersistence(line: Line, seconds: number, mask: number, engine: number): Persistence {
  const persistence: Draft<Persistence> = { timeout: readNatural(line, seconds) };
  if (line.flag(mask)) Object.assign(persistence, line.read(mask, persistenceMask));
  if (line.flag(engine)) persistence.engine = line.read(engine, engineName);
  return persistence;
}

export function procPersistence(line: Line, ticks: number, mask: number): Persistence {
  return { timeoutTicks: readNatural(line, ticks), maskWord: line.read(mask, hexWord) };
}

export function counters(line: Line, ...figures: number[]): Settings {
  return { counters: traffic(line, figures) };
}

export function rate(line: Line, ...figures: number[]): Settings {
  return { rate: traffic(line, figures) };
}

function traffic(line: Line, figures: readonly number[]): Traffic {
  const [connections = 0, inPackets = 0, outPackets = 0, inBytes = 0, outBytes = 0] = figures;
  return {
    connections: line.read(connections, trafficCount),
    inPackets: line.read(inPackets, trafficCount),
    outPackets: line.read(outPackets, trafficCount),
    inBytes: line.read(inBytes, trafficCount),
    outBytes: line.read(outBytes, trafficCount),
  };
}

type Identity = { readonly protocol: string } & Location;

function service(
  line: Line,
  identity: Identity | { readonly fwmark: number; readonly family?: 'ipv4' | 'ipv6' } | { readonly match: string },
  settings: Settings,
): VirtualService {
  return { kind: 'VirtualService', ...identity, ...settings, destinations: [], span: line.lineSpan() };
}

/** Stands for an address that could not be read, in a node that is thrown away. */
const UNREAD: NumericLocation = { address: '', port: 0 };

export function addressService(line: Line, protocol: number, place: number, settings: Settings): VirtualService {
  const plain = plainService(line, protocol, place, settings);
  if (plain !== undefined) return plain;
  const at: Location = line.read(place, listedLocation) ?? UNREAD;
  refuseOtherMask(line, place, at.address, settings.persistence);
  return service(line, { protocol: line.read(protocol, serviceProtocol), ...at }, settings);
}

/** What most services are, `TCP  10.0.0.1:443 rr`, made as one object; undefined where the line says more. */
function plainService(line: Line, protocol: number, place: number, settings: Settings): VirtualService | undefined {
  const { scheduler, flags, persistence, ops, counters: counted, rate: rated, otherWords } = settings;
  const isMore = flags !== undefined || persistence !== undefined || ops !== undefined || otherWords !== undefined;
  if (scheduler === undefined || isMore || counted !== undefined || rated !== undefined) return undefined;
  const colon = ipv4Colon(line, place);
  const port = colon < 0 ? -1 : portBehind(line, place, colon);
  if (port < 0) return undefined;
  return {
    kind: 'VirtualService',
    protocol: line.read(protocol, serviceProtocol),
    address: line.source.slice(line.starts[place] ?? 0, colon),
    port,
    scheduler,
    destinations: [],
    span: line.lineSpan(),
  };
}

export function procService(line: Line, protocol: number, place: number, settings: Settings): VirtualService {
  const { address, port } = line.read(place, hexLocation) ?? UNREAD;
  const { persistence, ...others } = settings;
  const told = persistence === undefined ? {} : { persistence: tellMask(persistence, address.includes(':') ? 'ipv6' : 'ipv4') };
  return service(line, { protocol: line.read(protocol, serviceProtocol), address, port }, { ...others, ...told });
}

export function markService(line: Line, mark: number, family: number, settings: Settings): VirtualService {
  refuseOtherMask(line, mark, line.flag(family) ? '::' : '0.0.0.0', settings.persistence);
  return service(line, { fwmark: line.read(mark, markValue), family: line.flag(family) ? 'ipv6' : 'ipv4' }, settings);
}

export function procMarkService(line: Line, mark: number, settings: Settings): VirtualService {
  return service(line, { fwmark: line.read(mark, hexMark) }, settings);
}

export function matchService(line: Line, match: number, settings: Settings): VirtualService {
  return service(line, { match: line.text(match) }, settings);
}

export function plainDestination(
  line: Line,
  place: number,
  forward: number,
  weigh: number,
  active: number,
  inactive: number,
  states: number,
): Destination {
  const colon = ipv4Colon(line, place);
  const port = colon < 0 ? -1 : portBehind(line, place, colon);
  const start = line.starts[place] ?? 0;
  // Two literals of one shape: nearly all destinations are of the first kind, and need no object in between.
  if (port >= 0 && !line.flag(states)) {
    return {
      kind: 'Destination',
      address: line.source.slice(start, colon),
      port,
      forward: readMethod(line, forward),
      weight: readWeight(line, weigh),
      activeConnections: readNatural(line, active),
      inactiveConnections: readNatural(line, inactive),
      span: line.lineSpan(),
    };
  }
  return {
    kind: 'Destination',
    ...line.read(place, listedLocation),
    forward: readMethod(line, forward),
    weight: readWeight(line, weigh),
    activeConnections: readNatural(line, active),
    inactiveConnections: readNatural(line, inactive),
    ...(line.flag(states) ? { states: line.read(states, stateList) } : {}),
    span: line.lineSpan(),
  };
}

export function procDestination(line: Line, place: number, forward: number, weigh: number, active: number, inactive: number): Destination {
  return {
    kind: 'Destination',
    ...line.read(place, hexLocation),
    forward: readMethod(line, forward),
    weight: readWeight(line, weigh),
    activeConnections: readNatural(line, active),
    inactiveConnections: readNatural(line, inactive),
    span: line.lineSpan(),
  };
}

export function tunnelDestination(
  line: Line,
  place: number,
  forward: number,
  tunnel: number,
  weigh: number,
  active: number,
  inactive: number,
): Destination {
  return {
    kind: 'Destination',
    ...line.read(place, listedLocation),
    forward: readMethod(line, forward),
    ...tunnelOf(line.read(tunnel, tunnelInfo)),
    weight: readWeight(line, weigh),
    activeConnections: readNatural(line, active),
    inactiveConnections: readNatural(line, inactive),
    span: line.lineSpan(),
  };
}

/** `n/a` stands for a destination that is no tunnel. */
function tunnelOf(tunnel: Tunnel | null): { readonly tunnel?: Tunnel } {
  return tunnel === null ? {} : { tunnel };
}

export function thresholdDestination(
  line: Line,
  place: number,
  upper: number,
  lower: number,
  active: number,
  inactive: number,
): Destination {
  return {
    kind: 'Destination',
    ...line.read(place, listedLocation),
    upperThreshold: readNatural(line, upper),
    lowerThreshold: readNatural(line, lower),
    activeConnections: readNatural(line, active),
    inactiveConnections: readNatural(line, inactive),
    span: line.lineSpan(),
  };
}

export function persistentDestination(
  line: Line,
  place: number,
  weigh: number,
  held: number,
  active: number,
  inactive: number,
): Destination {
  return {
    kind: 'Destination',
    ...line.read(place, listedLocation),
    weight: readWeight(line, weigh),
    persistentConnections: readNatural(line, held),
    activeConnections: readNatural(line, active),
    inactiveConnections: readNatural(line, inactive),
    span: line.lineSpan(),
  };
}

export function countedDestination(line: Line, place: number, settings: Settings): Destination {
  return { kind: 'Destination', ...line.read(place, listedLocation), ...settings, span: line.lineSpan() };
}
