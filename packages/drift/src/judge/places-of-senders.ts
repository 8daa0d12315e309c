import type { ServedPlace } from '../services/survival/served.ts';

/** Places of one service, and who differs at each of them: no name of a sender where all of them do. */
export interface PlacesOfSenders {
  readonly service: string;
  /** ` from outside and the node` */
  readonly whom: string;
  readonly places: readonly ServedPlace[];
  /** Whether others differ at other places of the service. */
  readonly isPart: boolean;
}
