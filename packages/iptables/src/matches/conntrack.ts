import type { AddressCondition } from '../address-condition.ts';
import type { PortCondition } from '../port-condition.ts';

/** A list of states or statuses, in the order of the text; the order has no meaning. */
export interface WordsCondition {
  readonly not: boolean;
  readonly values: readonly string[];
}

/** `-m conntrack`: every condition given must hold. */
export interface ConntrackMatch {
  readonly kind: 'ConntrackMatch';
  readonly state?: WordsCondition;
  readonly protocol?: { readonly not: boolean; readonly value: number | string };
  readonly originalSource?: AddressCondition;
  readonly originalDestination?: AddressCondition;
  readonly replySource?: AddressCondition;
  readonly replyDestination?: AddressCondition;
  readonly originalSourcePorts?: PortCondition;
  readonly originalDestinationPorts?: PortCondition;
  readonly replySourcePorts?: PortCondition;
  readonly replyDestinationPorts?: PortCondition;
  readonly status?: WordsCondition;
  readonly expire?: { readonly not: boolean; readonly low: number; readonly high: number };
  readonly direction?: { readonly not: boolean; readonly value: 'ORIGINAL' | 'REPLY' };
}
