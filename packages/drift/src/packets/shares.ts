import type { IpvsService } from '../model/model.ts';

/** One endpoint and the part of new connections it gets, 0 to 1. */
export interface Share {
  readonly address: string;
  readonly share: number;
}

/**
 * Schedulers of the kernel that look at no weight but 0 (Linux `net/netfilter/ipvs/ip_vs_rr.c`, `ip_vs_lc.c`, `ip_vs_dh.c`): a
 * weight of 5 changes nothing there.
 */
const WEIGHT_BLIND = new Set(['rr', 'lc', 'dh']);

/** Whether a scheduler divides connections by weight. An unknown one is taken to do so. */
export function looksAtWeights(scheduler: string | undefined): boolean {
  return scheduler === undefined || !WEIGHT_BLIND.has(scheduler);
}

/** The parts of new connections that the destinations of a virtual service get in the long run; none for weight 0. */
export function ipvsShares(service: IpvsService): Share[] {
  const destinations = [...service.destinations.values()];
  // fo sends everything to the highest weight.
  const highest = service.scheduler === 'fo' ? destinations.reduce((most, { weight }) => Math.max(most, weight ?? 1), 0) : undefined;
  const parts = destinations.map((destination) => {
    const weight = destination.weight ?? 1;
    if (weight <= 0 || (highest !== undefined && weight < highest)) return 0;
    return looksAtWeights(service.scheduler) && highest === undefined ? weight : 1;
  });
  const total = parts.reduce((sum, part) => sum + part, 0);
  return destinations.map((destination, index) => ({ address: destination.key, share: total === 0 ? 0 : (parts[index] as number) / total }));
}
