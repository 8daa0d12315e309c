import type { Span } from '@netdrift/core';
import type { Duration, Expression, SetElement } from './expressions.ts';
import type { Statement } from './statements.ts';

/** What a text is: a listing, commands for `nft -f`, the JSON of `nft -j`, or the names of `nft list tables`. */
export type NftablesForm = 'listing' | 'input' | 'json' | 'tables';

/** How a text was written: what `printNftables` needs beside the tables. */
export interface NftablesLayout {
  readonly form: NftablesForm;
  /** No blank line stands between the blocks of a table, as `nft list chains` and `nft list sets` print them. */
  readonly dense?: boolean;
}

/** The rules of a node as nft shows them, or as much of them as a text holds. */
export interface NftablesRuleset {
  readonly kind: 'NftablesRuleset';
  readonly layout: NftablesLayout;
  /** Version of nft, which only JSON shows. */
  readonly version?: string;
  readonly tables: readonly Table[];
  readonly span: Span;
}

/** The packets that a table sees; `inet` is IPv4 and IPv6. */
export type TableFamily = 'ip' | 'ip6' | 'inet' | 'arp' | 'bridge' | 'netdev';

/** One table. `nft list tables` shows no more than family and name: the other keys are missing then. */
export interface Table {
  readonly kind: 'Table';
  readonly family: TableFamily;
  readonly name: string;
  readonly handle?: number;
  /** The program that owns the table; with the flag `owner` only. */
  readonly owner?: string;
  readonly flags?: readonly string[];
  readonly comment?: string;
  /**
   * iptables-nft made the table: nft shows only part of its rules (`xt match`), so nothing is to be concluded from them. The listing
   * of iptables shows them whole.
   */
  readonly managedBy?: 'iptables-nft';
  readonly objects?: readonly TableObject[];
  readonly sets?: readonly (NftSet | NftMap)[];
  readonly flowtables?: readonly Flowtable[];
  readonly chains?: readonly Chain[];
  readonly span: Span;
}

/** A chain; with `hook` it is a base chain, which packets meet by themselves. */
export interface Chain {
  readonly kind: 'Chain';
  readonly name: string;
  readonly handle?: number;
  readonly comment?: string;
  readonly hook?: Hook;
  readonly policy?: 'accept' | 'drop';
  readonly flags?: readonly string[];
  /** Missing where a listing does not show rules. */
  readonly rules?: readonly Rule[];
  readonly span: Span;
}

/** Where a base chain takes part. */
export interface Hook {
  readonly type: string;
  readonly hook: string;
  readonly devices?: readonly string[];
  readonly priority: Priority;
}

/** Among the base chains of a hook the lowest number comes first. */
export interface Priority {
  readonly value: number;
  /** As written: `dstnat`, `filter`. JSON and `-y` show numbers alone. */
  readonly name?: string;
  readonly offset?: number;
}

/** One rule: statements from left to right; one that does not match ends it, what was done before stays done. */
export interface Rule {
  readonly kind: 'Rule';
  readonly statements: readonly Statement[];
  readonly comment?: string;
  readonly handle?: number;
  readonly span: Span;
}

/** A set and its elements. */
export interface NftSet extends SetHead {
  readonly kind: 'Set';
}

/** A map: each key has a value, or a verdict. */
export interface NftMap extends SetHead {
  readonly kind: 'Map';
  /** `['verdict']`, `['ipv4_addr', 'inet_service']`; `['counter']` and the like where it holds objects. */
  readonly dataType?: readonly string[];
  readonly dataTypeof?: Expression;
  readonly dataInterval?: true;
}

interface SetHead {
  readonly name: string;
  readonly handle?: number;
  /** Types of the key's parts: `['ipv4_addr', 'inet_proto', 'inet_service']`. */
  readonly type?: readonly string[];
  readonly typeof?: Expression;
  readonly policy?: string;
  readonly size?: number;
  /** How many elements there are: printed beside the size since nft 1.1.4. */
  readonly count?: number;
  /** JSON before nft 1.0.9 does not show `dynamic`. */
  readonly flags?: SetFlags;
  /** What each element has of its own: `counter`. */
  readonly statements?: readonly Statement[];
  readonly autoMerge?: true;
  readonly timeout?: Duration;
  readonly gcInterval?: Duration;
  readonly comment?: string;
  /** The text has each element on a line of its own, where older versions put several. */
  readonly elementsPerLine?: 1;
  /**
   * Missing where the elements may not be shown: in a text in which no set has any, a terse listing (`-t`) looks like one of empty sets.
   */
  readonly elements?: readonly SetElement[];
  readonly span: Span;
}

/** What a set was made for, as `flags` of nft says it. */
export interface SetFlags {
  readonly constant?: true;
  readonly dynamic?: true;
  readonly interval?: true;
  readonly timeout?: true;
}

/** A flowtable: connections that bypass the rules. */
export interface Flowtable {
  readonly kind: 'Flowtable';
  readonly name: string;
  readonly handle?: number;
  readonly hook?: string;
  readonly priority?: Priority;
  readonly devices?: readonly string[];
  readonly flags?: readonly string[];
  readonly counter?: true;
  readonly span: Span;
}

/** A counter, quota, limit, helper or other object that rules use by name. */
export interface TableObject {
  readonly kind: 'Object';
  readonly type: string;
  readonly name: string;
  readonly handle?: number;
  readonly comment?: string;
  /** What it is set to, in the order of the text: `{ name: 'rate', value: '400/minute' }`. JSON has other words and is kept apart. */
  readonly settings?: readonly ObjectSetting[];
  readonly span: Span;
}

/** One setting of an object: a line of its block. */
export interface ObjectSetting {
  readonly name: string;
  readonly value?: string;
}

/** What an nft that could not answer said. */
export type NftErrorName = 'no-such-table' | 'permission-denied' | 'command-not-found' | 'not-supported' | 'other';

/** A text that is nothing but the error message of nft, or of the shell in its place. */
export interface ToolError {
  readonly kind: 'ToolError';
  readonly error: NftErrorName;
  readonly tool: 'nft';
  readonly shell?: string;
  /** File, line and columns of the command that it is about. */
  readonly place?: string;
  readonly reason?: string;
  /** The sentence with the fields' names in braces. */
  readonly wording: string;
  readonly span: Span;
}

/** Everything `parseNftables` gives. */
export type Nftables = NftablesRuleset | ToolError;

/** Every node of the tree that has a span. */
export type NftablesNode = Nftables | Table | Chain | Rule | NftSet | NftMap | Flowtable | TableObject | SetElement;
