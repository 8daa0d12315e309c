import { balanceOf } from '../ipvs/balance.ts';
import { SCHEDULERS, type SchedulerKind } from '../ipvs/schedulers.ts';
import type { IpvsDestination, IpvsService } from '../state/model.ts';
import type { Value } from '../world/field.ts';
import { toAddress } from '../world/values.ts';
import type { ChosenBy } from './traveller.ts';

/** A destination of a virtual service and the part of new connections it gets. */
export interface Scheduled {
  /** Missing: the part that falls on a destination that takes nothing, and fails. */
  readonly destination?: IpvsDestination;
  /** Missing: the text of the destination is no address. */
  readonly address?: Value;
  readonly share: number;
}

/** How a virtual service spreads new connections. */
export interface Schedule {
  readonly by: ChosenBy;
  readonly parts: readonly Scheduled[];
}

const CHOSEN_BY: Readonly<Record<SchedulerKind, ChosenBy>> = {
  turn: 'turn',
  weight: 'turn',
  idle: 'turn',
  highest: 'turn',
  client: 'client',
  address: 'destination',
};

/**
 * The parts of new connections that the destinations of a virtual service get in the long run; equal ones where none can be given. What
 * falls on a destination that keeps its place and takes nothing is a part of its own.
 *
 * @example
 * // wrr, weights 3 and 1
 * scheduleOf(service).parts.map(({ share }) => share) // => [0.75, 0.25]
 */
export function scheduleOf(service: IpvsService): Schedule {
  const { parts, failing } = balanceOf(service);
  const even = 1 / Math.max(1, parts.length + failing.length);
  const kind = SCHEDULERS.get(service.scheduler ?? '')?.kind ?? 'weight';
  const served = parts.flatMap(({ address, share = even }) => {
    const destination = service.destinations.get(address);
    if (destination === undefined || share === 0) return [];
    const value = toAddress(destination.address);
    return [{ destination, share, ...(value === undefined ? {} : { address: value }) }];
  });
  const fails = failing.reduce((sum, { share = even }) => sum + share, 0);
  const total = served.reduce((sum, { share }) => sum + share, fails);
  const scheduled: Scheduled[] = fails > 0 && served.length > 0 ? [...served, { share: fails }] : served;
  return { by: CHOSEN_BY[kind], parts: scheduled.map((part) => ({ ...part, share: part.share / total })) };
}
