import { balanceOf } from '../ipvs/balance.ts';
import type { IpvsService } from '../state/model.ts';

/** One endpoint and the part of new connections it gets, 0 to 1. */
export interface Share {
  readonly address: string;
  readonly share: number;
}

/**
 * The parts of new connections that the destinations of a virtual service get in the long run, none for weight 0; equal ones where none can
 * be given.
 */
export function ipvsShares(service: IpvsService): Share[] {
  const { parts } = balanceOf(service);
  const shares = new Map(parts.map(({ address, share }) => [address, share ?? 1 / parts.length]));
  return [...service.destinations.keys()].map((address) => ({ address, share: shares.get(address) ?? 0 }));
}
