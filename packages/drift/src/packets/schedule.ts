import type { IpvsDestination, IpvsService } from '../model/model.ts';
import type { ChosenBy } from './traveller.ts';

/** A destination of a virtual service and the part of new connections it gets. */
export interface Scheduled {
  /** Missing: the part that finds no server, and fails. */
  readonly destination?: IpvsDestination;
  readonly share: number;
}

/** How a virtual service spreads new connections. */
export interface Schedule {
  readonly by: ChosenBy;
  readonly parts: readonly Scheduled[];
}

/** By turn or by load, weights looked at. Linux net/netfilter/ipvs/ip_vs_wrr.c, ip_vs_wlc.c, ip_vs_sed.c, ip_vs_nq.c, ip_vs_twos.c. */
const WEIGHTED = new Set(['wrr', 'wlc', 'sed', 'nq', 'twos']);
/** All to the server of the highest weight (ip_vs_fo.c; ip_vs_ovf.c until it has as many connections as its weight). */
const HIGHEST = new Set(['fo', 'ovf']);
/** A hash of the client's address, over servers as they were set up: one of weight 0 keeps its part, and what falls there fails (ip_vs_sh.c, ip_vs_mh.c). */
const CLIENT_HASH = new Set(['sh', 'mh']);
/** By the address asked for: all connections to one address go to one server, which no listing names (ip_vs_dh.c, ip_vs_lblc.c, ip_vs_lblcr.c). */
const DESTINATION = new Set(['dh', 'lblc', 'lblcr']);

/** Whether a scheduler divides connections by weight. An unknown one is taken to do so. */
export function looksAtWeights(scheduler: string | undefined): boolean {
  return scheduler === undefined || !['rr', 'lc', 'dh', 'lblc', 'lblcr'].includes(scheduler);
}

/**
 * The parts of new connections that the destinations of a virtual service get in the long run; a destination without a weight shown counts as 1.
 *
 * @example
 * // wrr, weights 3 and 1
 * scheduleOf(service).parts.map(({ share }) => share) // => [0.75, 0.25]
 */
export function scheduleOf(service: IpvsService): Schedule {
  const destinations = [...service.destinations.values()];
  const { scheduler = 'wlc' } = service;
  const fallsBack = service.flags?.some((flag) => flag.endsWith('fallback')) === true;
  if (CLIENT_HASH.has(scheduler)) return { by: 'client', parts: hashed(destinations, fallsBack) };
  if (scheduler === 'dh') return { by: 'destination', parts: withFailures(destinations, () => 1) };
  const weights = destinations.map(weightOf);
  const highest = HIGHEST.has(scheduler) ? Math.max(0, ...weights) : undefined;
  const parts = weights.map((weight) => {
    if (weight <= 0 || (highest !== undefined && weight < highest)) return 0;
    return highest === undefined && (WEIGHTED.has(scheduler) || looksAtWeights(scheduler)) ? weight : 1;
  });
  return { by: DESTINATION.has(scheduler) ? 'destination' : 'turn', parts: normalised(destinations, parts) };
}

function weightOf({ weight }: IpvsDestination): number {
  return weight ?? 1;
}

function hashed(destinations: readonly IpvsDestination[], fallsBack: boolean): Scheduled[] {
  if (fallsBack) return normalised(destinations, destinations.map((one) => Math.max(0, weightOf(one))));
  return withFailures(destinations, (one) => Math.max(1, weightOf(one)));
}

/** What falls on a server of weight 0 finds none. */
function withFailures(destinations: readonly IpvsDestination[], part: (destination: IpvsDestination) => number): Scheduled[] {
  const all = normalised(destinations, destinations.map(part));
  const served = all.filter(({ destination }) => destination !== undefined && weightOf(destination) > 0);
  const failing = 1 - served.reduce((sum, { share }) => sum + share, 0);
  return failing > 1e-12 && served.length > 0 ? [...served, { share: failing }] : served;
}

function normalised(destinations: readonly IpvsDestination[], parts: readonly number[]): Scheduled[] {
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (total === 0) return [];
  return destinations.flatMap((destination, index) => {
    const part = parts[index] ?? 0;
    return part === 0 ? [] : [{ destination, share: part / total }];
  });
}
