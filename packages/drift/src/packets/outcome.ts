import type { IpvsService } from '../state/model.ts';
import { type ChosenBy, type Condition, type Endpoint, type Hop, type Traveller, toArray } from './traveller.ts';

/** What becomes of a part of the new connections. */
export interface Outcome {
  /** 0 to 1; the shares of a trace make 1. */
  readonly share: number;
  /**
   * `delivered`: to an endpoint that a rule or IPVS gave it. `node`: to the node itself, unchanged. `leaves`: to its own destination,
   * elsewhere. `refused`: the sender is told. `dropped`: nobody is told. `unknown`: it cannot be told.
   */
  readonly verdict: 'delivered' | 'node' | 'leaves' | 'refused' | 'dropped' | 'unknown';
  readonly endpoint?: Endpoint;
  /** How the endpoint was chosen, where there was a choice. */
  readonly chosenBy?: ChosenBy;
  /** The virtual service that took it, and how it forwards (`Masq`, `Route`, `Tunnel`). */
  readonly service?: IpvsService;
  readonly method?: string;
  /** Whether its source address is replaced; `unknown` where no nat table was given. */
  readonly source: 'kept' | 'replaced' | 'unknown';
  readonly mark: number;
  readonly hops: readonly Hop[];
  /** What decided it where it is refused, dropped or unknown. */
  readonly decidedBy?: Hop | 'ipvs' | 'routing';
  /** What the sender is told: `icmp-port-unreachable`. */
  readonly with?: string;
  /** Why it is unknown. */
  readonly reason?: string;
  readonly conditions: readonly Condition[];
}

/** How a way ends, apart from what it was like. */
export type Ending = Pick<Outcome, 'verdict' | 'decidedBy' | 'with' | 'reason'>;

/** The outcome of a traveller that has come to an end. */
export function outcomeOf(traveller: Traveller, ending: Ending, showsNat: boolean): Outcome {
  const { share, endpoint, chosenBy, balanced, mark, translated } = traveller;
  const source = translated.source ? 'replaced' : showsNat ? 'kept' : 'unknown';
  const hops = toArray(traveller.hops);
  const conditions = toArray(traveller.conditions);
  // Most outcomes are of this kind.
  if (endpoint !== undefined && chosenBy !== undefined && balanced === undefined)
    return { share, ...ending, endpoint, chosenBy, source, mark, hops, conditions };
  return {
    share,
    ...ending,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(endpoint === undefined || chosenBy === undefined ? {} : { chosenBy }),
    ...(balanced === undefined ? {} : { service: balanced.service, method: balanced.method }),
    source,
    mark,
    hops,
    conditions,
  };
}
