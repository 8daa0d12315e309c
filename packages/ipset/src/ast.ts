import type { Count, Span } from '@netdrift/core';

/**
 * Which output of `ipset list` a text is: `list` with or without members, or the bare names of `ipset list -n`.
 *
 * Names alone look like any list of words, so that form is read only where the caller asks for it.
 */
export type IpsetListForm = 'list' | 'names';

/** How a listing was written: what `printIpset` needs beside the sets. */
export interface IpsetListLayout {
  readonly form: IpsetListForm;
}

/**
 * What `ipset list` prints, whole (`members` present in each set), terse (`-t`: `members` missing) or for one set.
 *
 * A text without a set is a kernel without sets, as long as no diagnostic says otherwise.
 */
export interface IpsetList {
  readonly kind: 'IpsetList';
  readonly layout: IpsetListLayout;
  readonly sets: readonly IpSet[];
  readonly span: Span;
}

/** How a save was written. */
export interface IpsetSaveLayout {
  readonly form: 'save';
}

/** What `ipset save` or `ipset list -o save` prints, or a person wrote for `ipset restore`. */
export interface IpsetSave {
  readonly kind: 'IpsetSave';
  readonly layout: IpsetSaveLayout;
  readonly sets: readonly IpSet[];
  readonly span: Span;
}

/**
 * One set. A key is missing where the output does not show it: a save has no `revision`, `memory`, `references` and
 * `entries`, a terse listing no `members`, and old versions of ipset no `entries`.
 */
export interface IpSet {
  readonly kind: 'IpSet';
  readonly name: string;
  /** `hash:ip,port`, `bitmap:port`, `list:set`: the name as ipset prints it. Missing where only names or members are shown. */
  readonly type?: string;
  /** Revision of the type in the kernel. */
  readonly revision?: number;
  /** What the set was created with. Missing where no header is shown. */
  readonly options?: SetOptions;
  /** Bytes of kernel memory. */
  readonly memory?: number;
  /** Rules and sets that use this one. */
  readonly references?: number;
  /** Number of members the kernel says it printed or would print. */
  readonly entries?: number;
  /** In the order of the text, which means nothing. An empty list is a set without members. */
  readonly members?: readonly (Member | UnknownMember)[];
  readonly span: Span;
}

/** The options of a set, of its `Header:` or `create` line. Flags are `true` or missing. */
export interface SetOptions {
  readonly family?: 'inet' | 'inet6';
  /** First and last address or port of a bitmap, as printed: `10.0.0.0` and `10.0.0.255`, `0` and `65535`. */
  readonly range?: { readonly first: string; readonly last: string };
  /** Places in a `list:set`. */
  readonly size?: number;
  /** Bits of the mark that `hash:ip,mark` looks at. */
  readonly markmask?: number;
  readonly hashsize?: number;
  readonly maxelem?: number;
  /** Prefix length that addresses are cut to before they are stored or looked up. */
  readonly netmask?: number;
  /** Mask that addresses are cut to before they are stored or looked up. */
  readonly bitmask?: string;
  /** Seconds a member lives when it says nothing itself; 0 is for ever. */
  readonly timeout?: number;
  readonly counters?: true;
  readonly comment?: true;
  readonly forceadd?: true;
  readonly skbinfo?: true;
  readonly bucketsize?: number;
  /** Seed of the hash, random for each set unless given: no part of what a set means. */
  readonly initval?: number;
  /** Options this version does not know, as written. */
  readonly unknown?: string;
}

/** One member of a set: what it stands for, and its own options. */
export interface Member {
  readonly kind: 'Member';
  /** One for each dimension of the set's type, in its order: `hash:ip,port` has an address and a port. */
  readonly elements: readonly Element[];
  /** An exception: what it covers is not in the set, unless a longer prefix says otherwise. */
  readonly nomatch?: true;
  /** The interface name stands for every name that begins with it. */
  readonly wildcard?: true;
  /** Seconds left to live; 0 is for ever. */
  readonly timeout?: number;
  readonly packets?: Count;
  readonly bytes?: Count;
  readonly comment?: string;
  readonly skbmark?: { readonly mark: number; readonly mask: number };
  /** Major and minor number of the traffic class. */
  readonly skbprio?: { readonly major: number; readonly minor: number };
  readonly skbqueue?: number;
  readonly span: Span;
}

/** A line that stands where a member would, and is none of this set's type. */
export interface UnknownMember {
  readonly kind: 'UnknownMember';
  readonly text: string;
  readonly span: Span;
}

/** An address: `10.96.0.1`, `2001:db8::1`. */
export interface AddressElement {
  readonly kind: 'AddressElement';
  readonly address: string;
}

/** A network. A host in a set of networks is printed without its prefix length; here it has one, 32 or 128. */
export interface NetElement {
  readonly kind: 'NetElement';
  readonly address: string;
  readonly prefixLength: number;
}

/** Addresses from first to last, as people write them for `ipset restore`; ipset itself never prints one. */
export interface AddressRangeElement {
  readonly kind: 'AddressRangeElement';
  readonly first: string;
  readonly last: string;
}

/** A port, or the ports up to `last` in text for `ipset restore`. A `bitmap:port` has no protocol. */
export interface PortElement {
  readonly kind: 'PortElement';
  /** As printed: `tcp`, `udp`, `sctp`, `udplite`, another protocol's name, or its number. Protocols without ports have port 0. */
  readonly protocol?: string;
  readonly port: number;
  readonly last?: number;
}

/** An ICMP type and code, by name (`icmp:echo-request`) or number (`icmp:200/4`) in the text. */
export interface IcmpElement {
  readonly kind: 'IcmpElement';
  /** As printed: `icmp`; `ipv6-icmp` or `icmpv6`. */
  readonly protocol: string;
  readonly type: number;
  readonly code: number;
}

/** A hardware address in capitals: `01:02:03:AA:BB:CC`. */
export interface MacElement {
  readonly kind: 'MacElement';
  readonly mac: string;
}

/** A packet mark. */
export interface MarkElement {
  readonly kind: 'MarkElement';
  readonly mark: number;
}

/** A network interface; `physdev` means the port of a bridge. */
export interface InterfaceElement {
  readonly kind: 'InterfaceElement';
  readonly name: string;
  readonly physdev?: true;
}

/** A set inside a `list:set`. */
export interface SetElement {
  readonly kind: 'SetElement';
  readonly name: string;
}

/** A host, port or protocol shown by name (`ipset list -r`, or text for restore): what it stands for is not known. */
export interface NameElement {
  readonly kind: 'NameElement';
  readonly name: string;
}

/** What a member is made of, one for each dimension of the set's type. */
export type Element =
  | AddressElement
  | AddressRangeElement
  | IcmpElement
  | InterfaceElement
  | MacElement
  | MarkElement
  | NameElement
  | NetElement
  | PortElement
  | SetElement;

/** What an ipset that could not answer said. None of these but `set-not-found` tells anything about the kernel's sets. */
export type IpsetErrorName =
  'set-not-found' | 'type-not-supported' | 'kernel-mismatch' | 'kernel-not-reachable' | 'permission-denied' | 'command-not-found' | 'other';

/**
 * A text that is nothing but the error message of a tool: an answer, not damage. The parts it names stand in its fields,
 * the words around them in `wording`.
 */
export interface ToolError {
  readonly kind: 'ToolError';
  readonly error: IpsetErrorName;
  readonly tool: 'ipset';
  /** Version of ipset, `7.17`; missing where a shell answered in its place. */
  readonly version?: string;
  /** The shell that did not find ipset: `-bash`, `/bin/sh`. */
  readonly shell?: string;
  /** The type it is about. */
  readonly name?: string;
  /** The rest of the sentence; of a shell, the line of its script. */
  readonly reason?: string;
  /** The sentence with the fields' names in braces. */
  readonly wording: string;
  readonly span: Span;
}

/** Everything `parseIpset` gives. */
export type Ipset = IpsetList | IpsetSave | ToolError;

/** Every node of the tree that has a span. */
export type IpsetNode = Ipset | IpSet | Member | UnknownMember;
