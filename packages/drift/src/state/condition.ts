/** Inclusive range of addresses, as numbers. */
export interface AddressRange {
  readonly low: bigint;
  readonly high: bigint;
}

/** Inclusive range of ports. */
export type PortRange = readonly [number, number];

interface ConditionBase {
  readonly not: boolean;
  /** Canonical text, as the options of `iptables -A`: equal for equal conditions. */
  readonly text: string;
}

/**
 * One condition of a rule. `OtherCondition` is a condition whose meaning is not modelled; it is compared by its text and never
 * decided.
 */
export type Condition =
  | ProtocolCondition
  | AddressCondition
  | InterfaceCondition
  | PortCondition
  | SetCondition
  | MarkCondition
  | StateCondition
  | LocalCondition
  | ProbabilityCondition
  | OtherCondition;

export interface ProtocolCondition extends ConditionBase {
  readonly kind: 'protocol';
  /** As the listing names it: `tcp`, `132`. */
  readonly name: string;
  readonly number: number;
}

/** Source or destination address. `range` is missing where the listing shows a name, or a mask with holes. */
export interface AddressCondition extends ConditionBase {
  readonly kind: 'source' | 'destination';
  readonly range?: AddressRange;
  /** The listing shows the name of a host or network, which stands for an address that is not known. */
  readonly named?: true;
  /** Address or prefix alone, as `10.244.0.0/16`. */
  readonly block: string;
}

export interface InterfaceCondition extends ConditionBase {
  readonly kind: 'in' | 'out';
  readonly name: string;
}

/** `either` = source or destination port. */
export interface PortCondition extends ConditionBase {
  readonly kind: 'source-port' | 'destination-port' | 'either-port';
  readonly ranges: readonly PortRange[];
}

export interface SetCondition extends ConditionBase {
  readonly kind: 'set';
  readonly set: string;
  /** `src` or `dst` for each dimension. */
  readonly dimensions: readonly string[];
}

export interface MarkCondition extends ConditionBase {
  readonly kind: 'mark';
  readonly value: number;
  readonly mask: number;
}

/** Connection state; the first packet of a flow is NEW. */
export interface StateCondition extends ConditionBase {
  readonly kind: 'state';
  readonly states: readonly string[];
}

/** `addrtype` with `LOCAL` on one side. */
export interface LocalCondition extends ConditionBase {
  readonly kind: 'source-local' | 'destination-local';
}

/** `statistic --mode random`. */
export interface ProbabilityCondition extends ConditionBase {
  readonly kind: 'probability';
  readonly probability: number;
}

export interface OtherCondition extends ConditionBase {
  readonly kind: 'other';
  /** Name of the match, as `recent`. */
  readonly match: string;
  /** For how many seconds `recent` remembers an address. */
  readonly seconds?: number;
  /** The list on which `recent` remembers addresses. */
  readonly list?: {
    readonly name: string;
    /** The condition without the name of its list. */
    readonly asked: string;
  };
}

/** DNAT or REDIRECT. */
export interface DestinationTranslation {
  readonly kind: 'dnat';
  /** As the rule says it: `10.244.0.2:53`, `this node:8080`. */
  readonly to: string;
  /** The first one of a range; missing where the packet keeps its address, and for REDIRECT. */
  readonly address?: bigint;
  /** The first one of a range; missing where the packet keeps its port. */
  readonly port?: number;
  /** The packet goes to the node itself (REDIRECT). */
  readonly toNode?: true;
  readonly text: string;
}

/** What a rule does with a packet that meets its conditions. */
export type RuleTarget =
  | { readonly kind: 'none'; readonly text: '' }
  | { readonly kind: 'verdict'; readonly name: string; readonly text: string }
  | { readonly kind: 'jump'; readonly chain: string; readonly goto: boolean; readonly text: string }
  | DestinationTranslation
  /** `to`: the new source and ports, as `SNAT --to-source 10.0.0.1`, without how one of several is chosen. */
  | { readonly kind: 'snat'; readonly name: string; readonly to: string; readonly text: string }
  | { readonly kind: 'mark'; readonly andMask: number; readonly xorValue: number; readonly text: string }
  /** `continues`: the packet surely goes on to the next rule, as after LOG. */
  | { readonly kind: 'other'; readonly name: string; readonly continues: boolean; readonly text: string };
