import type { Asked } from '../../../world/asked.ts';
import type { Value } from '../../../world/field.ts';
import type { Action, Verdict } from '../../../world/ir.ts';
import type { Quantity } from '../../../world/unknown-test.ts';
import type { Box } from '../sets/box.ts';

/** What a step asks that is no box of the packet as it arrived. */
export type Question =
  /** A condition nobody decides. */
  | {
      readonly kind: 'unknown';
      readonly identity: string;
      readonly text: string;
      readonly asks?: Asked;
      readonly not: boolean;
      readonly counts: boolean;
      readonly about: readonly string[] | 'every';
      readonly usually?: boolean;
      readonly quantity?: Quantity;
    }
  /** Whether an address that no listing tells of is the node's. */
  | { readonly kind: 'local'; readonly field: 'source' | 'destination' }
  /** A field as it was before any translation. */
  | { readonly kind: 'original'; readonly box: Box }
  | { readonly kind: 'translated'; readonly side: 'source' | 'destination'; readonly not: boolean }
  | { readonly kind: 'balanced'; readonly not: boolean }
  /** Holds of a part of the connections. */
  | { readonly kind: 'chance'; readonly share: number };

/** Where a packet goes, as far as it is known. */
export interface Destination {
  /** First and last address; missing = kept. */
  readonly addresses?: readonly [low: Value, high: Value];
  /** First and last port; missing = kept. */
  readonly ports?: readonly [low: number, high: number];
  /** To the node itself. */
  readonly node?: true;
  /** Equal for equal destinations, as `10.244.0.5:53`. */
  readonly text: string;
  /** Of IPVS: the real server, and the service where it is one of a firewall mark. */
  readonly server?: string;
  /** The server takes packets at the port they ask for: `server` is its address alone. */
  readonly keepsPort?: true;
  readonly markService?: string;
}

/** What a step does where it holds. */
export type StepVerdict =
  | Exclude<Verdict, { readonly kind: 'translate' | 'map' | 'draw' }>
  | { readonly kind: 'translate'; readonly to: Destination }
  /** One of several, by weight: the weights make 1. */
  | { readonly kind: 'draw'; readonly among: readonly { readonly weight: number; readonly verdict: StepVerdict }[] }
  /** IPVS sends the packet to one of the destinations; to none of them: it is refused. */
  | { readonly kind: 'balance'; readonly service: string; readonly among: readonly Balanced[] }
  /** Goes on at another part of the kernel's path. */
  | { readonly kind: 'enter'; readonly track: Track }
  /** The packet has arrived: at the node, or on the wire. */
  | { readonly kind: 'arrive'; readonly where: 'here' | 'sent' };

/** A destination of a virtual service. */
export interface Balanced {
  readonly weight: number;
  readonly to: Destination;
  /** It is this node's: the packet goes on where it is. */
  readonly here: boolean;
  /** It is never sent there. */
  readonly kept?: true;
}

/** Parts of the kernel's path, in the order in which a packet can come to them. */
export type Track = 'prerouting' | 'output' | 'forward' | 'input' | 'balanced' | 'leaving' | 'loopback';

/**
 * The smallest part of a rule: a box of packets and what becomes of those in it. Both ways lead forward, so a rule of any form is a few
 * steps one behind the other.
 */
export interface Step {
  /** Of the packet as it is here: translated, marked. */
  readonly box: Box;
  readonly questions: readonly Question[];
  readonly actions: readonly Action[];
  readonly verdict: StepVerdict;
  /** How many steps further packets go on that meet it, where the verdict is to continue. */
  hit: number;
  /** How many steps further packets go on that do not meet it. */
  miss: number;
}
