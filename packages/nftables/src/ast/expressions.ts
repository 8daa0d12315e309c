import type { Span } from '@netdrift/core';
import type { Statement, Verdict } from './statements.ts';

/** A number: a port, a mark, a protocol under `-n`. */
export interface NumberValue {
  readonly kind: 'Number';
  readonly value: number;
  /** As written, where that is not the plain decimal number: `0x00004000`, `3h`. JSON shows no such form. */
  readonly text?: string;
}

/** A word: `tcp`, `established`, `local`, the name of an interface. */
export interface SymbolValue {
  readonly kind: 'Symbol';
  readonly name: string;
  /** The text has quotes around it; JSON quotes everything and so does not show it. */
  readonly quoted?: true;
}

/** An IPv4 or IPv6 address in its canonical form. */
export interface AddressValue {
  readonly kind: 'Address';
  readonly address: string;
}

/** `10.0.0.0/8` */
export interface PrefixValue {
  readonly kind: 'Prefix';
  readonly address: string;
  readonly length: number;
}

/** `10.0.0.1-10.0.0.9`, `1000-2000`: both ends belong to it. */
export interface RangeValue {
  readonly kind: 'Range';
  readonly first: Expression;
  readonly last: Expression;
}

/** Flags or values joined by commas: `established,related`. A packet matches with any of them. */
export interface ListValue {
  readonly kind: 'List';
  readonly values: readonly Expression[];
}

/** `*`: every key that no other element of a map has. */
export interface WildcardValue {
  readonly kind: 'Wildcard';
}

/** `@service-ips`: a named set or map of the same table. */
export interface SetReference {
  readonly kind: 'SetReference';
  readonly name: string;
}

/** `{ 22, 80 }`, or `{ 0 : goto a, 1 : goto b }` where a map is asked for. */
export interface AnonymousSet {
  readonly kind: 'AnonymousSet';
  readonly elements: readonly SetElement[];
}

/** `ip daddr . meta l4proto . th dport`, and an element of such a set. */
export interface Concatenation {
  readonly kind: 'Concatenation';
  readonly parts: readonly Expression[];
}

/** `meta mark & 0x4000` */
export interface BinaryExpression {
  readonly kind: 'Binary';
  readonly operator: '&' | '|' | '^' | '<<' | '>>';
  readonly left: Expression;
  readonly right: Expression;
}

/** `ip saddr map @m`: what a map holds for a key. */
export interface MapLookup {
  readonly kind: 'MapLookup';
  readonly key: Expression;
  readonly map: SetReference | AnonymousSet;
}

/** `meta mark`, `iifname` */
export interface MetaExpression {
  readonly kind: 'Meta';
  readonly key: string;
}

/** A field of a header: `ip saddr`, `tcp dport`, `th dport`. */
export interface PayloadExpression {
  readonly kind: 'Payload';
  readonly protocol: string;
  readonly field: string;
}

/** Bits of a header by their place: `@th,16,16`. */
export interface RawPayloadExpression {
  readonly kind: 'RawPayload';
  readonly base: string;
  readonly offset: number;
  readonly length: number;
}

/** `ct state`, `ct original ip saddr` */
export interface CtExpression {
  readonly kind: 'Ct';
  readonly key: string;
  readonly direction?: 'original' | 'reply';
  readonly family?: 'ip' | 'ip6';
}

/** `fib daddr type`, `fib saddr . iif oif` */
export interface FibExpression {
  readonly kind: 'Fib';
  readonly flags: readonly string[];
  readonly result: string;
}

/** `numgen random mod 2`: a number drawn anew for each packet. `inc` counts up instead. */
export interface NumgenExpression {
  readonly kind: 'Numgen';
  readonly mode: 'random' | 'inc';
  readonly modulus: number;
  readonly offset?: number;
}

/** `jhash ip saddr mod 4`: a number that is the same for the same key; `symhash` has none of its own. */
export interface HashExpression {
  readonly kind: 'Hash';
  readonly hash: 'jhash' | 'symhash';
  readonly key?: Expression;
  readonly modulus: number;
  readonly seed?: NumberValue;
  readonly offset?: number;
}

/** An option of TCP or IP, `tcp option maxseg size`; without a field it is asked whether the option is there. */
export interface OptionExpression {
  readonly kind: 'Option';
  readonly protocol: 'tcp' | 'ip';
  readonly name: string;
  readonly field?: string;
}

/** An extension header of IPv6: `frag frag-off`, `exthdr frag`. */
export interface ExtensionHeaderExpression {
  readonly kind: 'ExtensionHeader';
  readonly name: string;
  readonly field?: string;
}

/** `rt classid`, `rt ip nexthop` */
export interface RouteExpression {
  readonly kind: 'Route';
  readonly key: string;
  readonly family?: 'ip' | 'ip6';
}

/** `socket transparent`, `socket cgroupv2 level 2` */
export interface SocketExpression {
  readonly kind: 'Socket';
  readonly key: string;
  readonly level?: number;
}

/** `osf name` */
export interface OsfExpression {
  readonly kind: 'Osf';
  readonly key: string;
  readonly ttl?: string;
}

/** `ipsec in reqid` */
export interface IpsecExpression {
  readonly kind: 'Ipsec';
  readonly direction: 'in' | 'out';
  readonly key: string;
  readonly family?: 'ip' | 'ip6';
  readonly spnum?: number;
}

/** An expression of JSON that this package does not know, as compact JSON. */
export interface UnknownExpression {
  readonly kind: 'UnknownExpression';
  readonly text: string;
}

/** What can be asked of a packet, and the values that it is compared with. */
export type Expression =
  | AddressValue
  | AnonymousSet
  | BinaryExpression
  | Concatenation
  | CtExpression
  | ExtensionHeaderExpression
  | FibExpression
  | HashExpression
  | IpsecExpression
  | ListValue
  | MapLookup
  | MetaExpression
  | NumberValue
  | NumgenExpression
  | OptionExpression
  | OsfExpression
  | PayloadExpression
  | PrefixValue
  | RangeValue
  | RawPayloadExpression
  | RouteExpression
  | SetReference
  | SocketExpression
  | SymbolValue
  | UnknownExpression
  | WildcardValue;

/** A span of time: whole seconds, and as nft writes it (`3h`, `9m59s968ms`); JSON shows the seconds alone. */
export interface Duration {
  readonly seconds: number;
  readonly text?: string;
}

/** One element of a set or map. */
export interface SetElement {
  readonly kind: 'SetElement';
  readonly key: Expression;
  /** What a map holds for the key. */
  readonly value?: Expression | Verdict;
  readonly timeout?: Duration;
  readonly expires?: Duration;
  readonly comment?: string;
  /** Counters and limits of the element's own. */
  readonly statements?: readonly Statement[];
  /** Where the element of a named set stands; elements inside a rule have the rule's. */
  readonly span?: Span;
}
