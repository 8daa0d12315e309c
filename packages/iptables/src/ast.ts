import type { Count, ProtocolStyle, Span } from '@netdrift/core';
import type { NodeOf } from './extension.ts';
import type { MATCHES } from './matches/table.ts';
import type { UnknownMatch } from './matches/unknown.ts';
import type { ChainTarget } from './targets/chain.ts';
import type { TARGETS } from './targets/table.ts';
import type { UnknownTarget } from './targets/unknown.ts';
import type { VerdictTarget } from './targets/verdict.ts';
import type { AddressCondition } from './address-condition.ts';

/** A match of a rule, in the order of the text. `UnknownMatch` holds text no extension knows. */
export type Match = NodeOf<(typeof MATCHES)[number]> | UnknownMatch;

/** What a rule does with a packet. `name` is the word the tools know the target by. */
export type Target = NodeOf<(typeof TARGETS)[number]> | VerdictTarget | ChainTarget | UnknownTarget;

/** Packets and bytes counted by a rule or by a chain's policy. */
export interface Counters {
  readonly packets: Count;
  readonly bytes: Count;
}

/** The protocol of a rule: `all` is 0. `number` is missing where the text shows a name this package does not know. */
export interface ProtocolCondition {
  readonly not: boolean;
  readonly name: string;
  readonly number?: number;
}

/** An interface: `*` is any, a name that ends in `+` stands for all names that begin like it. */
export interface InterfaceCondition {
  readonly not: boolean;
  readonly name: string;
}

/**
 * One rule. A listing and a save form of one rule give the same node, apart from keys that one of them does not show:
 * `num`, `counters`, and, in a listing without `-v`, `in` and `out`.
 */
export interface Rule {
  readonly kind: 'Rule';
  /** Place in its chain, from 1, where the listing numbers its lines. */
  readonly num?: number;
  readonly counters?: Counters;
  readonly protocol: ProtocolCondition;
  /** `-f` (IPv4): second and later fragments; missing where the rule does not ask. */
  readonly fragment?: { readonly not: boolean };
  readonly in?: InterfaceCondition;
  readonly out?: InterfaceCondition;
  readonly source: AddressCondition;
  readonly destination: AddressCondition;
  readonly matches: readonly Match[];
  /** Missing: the rule has no target and lets the packet go on. */
  readonly target?: Target;
  /** The rule goes to its target chain (`-g`) and does not return after it. */
  readonly goto?: true;
  readonly span: Span;
}

/** A chain with its rules in order. `policy` is there for a base chain, `references` where a listing shows them. */
export interface Chain {
  readonly kind: 'Chain';
  readonly name: string;
  readonly policy?: string;
  readonly counters?: Counters;
  readonly references?: number;
  readonly rules: readonly Rule[];
  /** Header, column header and rules of a listing; the declaration of a save form. */
  readonly span: Span;
}

/** The chains of one table. A listing never prints the table's name. */
export interface Table {
  readonly kind: 'Table';
  readonly name?: string;
  readonly chains: readonly Chain[];
  readonly span: Span;
}

/**
 * How a listing was laid out: what `print` needs to give the same bytes again. Keys are missing where the text does not tell.
 */
export interface ListingLayout {
  /** `-v`: counters and interfaces. */
  readonly verbose: boolean;
  /** `-x`: counters in full. */
  readonly exact?: boolean;
  /** `--line-numbers`. */
  readonly lineNumbers: boolean;
  /** One rule without headers, as `-L CHAIN NUMBER` prints it. */
  readonly headerless?: true;
  /** Without `-n`: names in place of numbers. Such text is lossy and no identity. */
  readonly names?: true;
  /** Protocols as numbers (1.8.9, 1.8.10), as older or newer names. */
  readonly protocolStyle?: ProtocolStyle;
  /** Up to 1.8.8 no blank stands between a long protocol name and the column after it. */
  readonly protocolColumn?: 'glued' | 'separated';
  /** IPv6: three blanks up to 1.8.8, `--` from 1.8.9. */
  readonly optStyle?: 'dashes' | 'blank';
  /** Spellings of single extensions that differ by version, as found in the text. */
  readonly spellings?: readonly string[];
}

/** A line that is no part of the tables, but that the tools print among them. */
export type Notice =
  | { readonly kind: 'LegacyTablesPresent'; readonly tool: string; readonly span: Span }
  | { readonly kind: 'IncompatibleTable'; readonly name: string; readonly span: Span };

/** What `iptables -L` prints. One table, or several pasted one after another. */
export interface IptablesListing {
  readonly kind: 'IptablesListing';
  readonly family?: 'ipv4' | 'ipv6';
  readonly layout: ListingLayout;
  readonly notices: readonly Notice[];
  readonly tables: readonly Table[];
  readonly span: Span;
}

/** How a save form was laid out. */
export interface SaveLayout {
  /** `save`: `iptables-save` and `iptables-restore` input; `rules`: `iptables -S`. */
  readonly style: 'save' | 'rules';
  /** Counters before (`[1:60] -A`) or after (`-c 1 60`) a rule. */
  readonly counters?: 'before' | 'after';
  /** The tool named in the comment lines, and its version. */
  readonly tool?: string;
  readonly version?: string;
  /** Spellings of single extensions that differ by version, as found in the text. */
  readonly spellings?: readonly string[];
}

/** What `iptables-save` and `iptables -S` print, and what people write for `iptables-restore`. */
export interface IptablesSave {
  readonly kind: 'IptablesSave';
  readonly family?: 'ipv4' | 'ipv6';
  readonly layout: SaveLayout;
  readonly notices: readonly Notice[];
  readonly tables: readonly Table[];
  readonly span: Span;
}

/** The whole text is an answer of the tool that says why there is no listing. */
export interface ToolError {
  readonly kind: 'ToolError';
  readonly error: string;
  readonly tool?: string;
  readonly name?: string;
  readonly span: Span;
}

/** What `parseIptables` gives. */
export type IptablesValue = IptablesListing | IptablesSave | ToolError;

/** Every node of a tree. */
export type IptablesNode = IptablesValue | Notice | Table | Chain | Rule | Match | Target;
