import type { Count, Span } from '@netdrift/core';

/**
 * Which columns a listing has. `ipvsadm` prints one of six, the kernel's own file `/proc/net/ip_vs` is the seventh.
 *
 * Each shows other facts: `plain` has no thresholds, `stats` no scheduler. A key that a form does not show is missing
 * from its nodes.
 */
export type ListingForm = 'plain' | 'tun-info' | 'thresholds' | 'persistent-conn' | 'stats' | 'rate' | 'proc';

/** How a listing was written, as far as its text tells: what `printIpvsadm` needs beside the services. */
export interface ListingLayout {
  readonly form: ListingForm;
  /** Whether large figures are whole (`--exact`) or shortened (`100000K`); missing when no figure is large enough to tell. */
  readonly exact?: boolean;
}

/**
 * One table of virtual services, as `ipvsadm -l` (with any of its options) or `/proc/net/ip_vs` prints it.
 *
 * The order of services and destinations has no meaning. A listing of one service (`-l -t X`) has no `version` and no
 * `size`, because ipvsadm prints no banner there: such a listing says nothing of other services.
 */
export interface IpvsadmListing {
  readonly kind: 'IpvsadmListing';
  readonly layout: ListingLayout;
  /** The kernel's IPVS version from the banner, `1.2.1`. It is not the version of ipvsadm. */
  readonly version?: string;
  /** Buckets of the kernel's connection table; not a number of connections. */
  readonly size?: number;
  readonly services: readonly VirtualService[];
  readonly span: Span;
}

/** How a save was written. `bareWords`: the `pe NAME` and `ops` of ipvsadm 1.26, which `ipvsadm -R` refuses. */
export interface SaveLayout {
  readonly form: 'save';
  readonly bareWords?: true;
}

/** What `ipvsadm -S` printed or a person wrote for `ipvsadm -R`: the same services as a listing's. */
export interface IpvsadmSave {
  readonly kind: 'IpvsadmSave';
  readonly layout: SaveLayout;
  readonly services: readonly VirtualService[];
  readonly span: Span;
}

/** How a list of connections was written: by `ipvsadm -lc`, with `--persistent-conn`, or by `/proc/net/ip_vs_conn`. */
export interface ConnectionsLayout {
  readonly form: 'connections' | 'connections-persistent' | 'proc';
}

/** The connections and persistence templates that the kernel holds at one moment, in no order. */
export interface IpvsadmConnections {
  readonly kind: 'IpvsadmConnections';
  readonly layout: ConnectionsLayout;
  readonly connections: readonly Connection[];
  readonly span: Span;
}

/** `ipvsadm -l --timeout`: how long idle connections live, in seconds. */
export interface IpvsadmTimeouts {
  readonly kind: 'IpvsadmTimeouts';
  readonly tcp: number;
  readonly tcpfin: number;
  readonly udp: number;
  readonly span: Span;
}

/** `ipvsadm -l --daemon`: the connection synchronisation daemons that run. */
export interface IpvsadmDaemons {
  readonly kind: 'IpvsadmDaemons';
  readonly daemons: readonly SyncDaemon[];
  readonly span: Span;
}

/**
 * `/proc/net/ip_vs_stats`: the sums over all services since the last reset, and their rates for each second; a block that the text lacks is
 * missing.
 */
export interface IpvsStatistics {
  readonly kind: 'IpvsStatistics';
  readonly totals?: Traffic;
  readonly rates?: Traffic;
  readonly span: Span;
}

/** One table put together from several outputs of it (`mergeIpvsadm`). */
export interface IpvsadmTable {
  readonly kind: 'IpvsadmTable';
  readonly version?: string;
  readonly size?: number;
  readonly services: readonly VirtualService[];
}

/** Text without a line. It cannot tell whether a table is empty, no daemon runs, or a command failed. */
export interface IpvsadmEmpty {
  readonly kind: 'IpvsadmEmpty';
  readonly span: Span;
}

/** Text in which nothing of ipvsadm's was found; the diagnostics say why. */
export interface IpvsadmUnknown {
  readonly kind: 'IpvsadmUnknown';
  readonly span: Span;
}

/** The failures that ipvsadm, the kernel and the shell have a known text for. */
export type IpvsadmErrorName =
  | 'ipvs-not-available'
  | 'module-not-found'
  | 'out-of-memory'
  | 'no-such-service'
  | 'no-such-destination'
  | 'service-exists'
  | 'destination-exists'
  | 'no-such-scheduler'
  | 'permission-denied'
  | 'command-not-found'
  | 'no-such-file'
  | 'no-such-device'
  | 'unknown-option'
  | 'option-conflict';

/**
 * A failure told in the tool's own words: a fact about the machine, not damaged text.
 *
 * `Memory allocation problem` is what ipvsadm prints for several failures, so `out-of-memory` need not mean memory.
 */
export interface ToolError {
  readonly kind: 'ToolError';
  readonly error: IpvsadmErrorName;
  /** Who says so: `ipvsadm`, `modprobe`, `cat`, a shell. */
  readonly tool: string;
  /** The message with its slots, `Can't initialize ipvs: {reason}`; the slots' texts are the keys of the same names. */
  readonly wording: string;
  /** The thing the message names: a module, a file, an option, a command. */
  readonly name?: string;
  /** The reason in the message: `Protocol not available`. */
  readonly reason?: string;
  /** What else the message names: the shell, modprobe's folder. */
  readonly place?: string;
  /** Messages before this one, in order: modprobe's, when ipvsadm tried to load `ip_vs`. */
  readonly after?: readonly ToolError[];
  readonly span: Span;
}

/** Everything that `parseIpvsadm` can give. */
export type IpvsadmValue =
  | IpvsadmListing
  | IpvsadmSave
  | IpvsadmConnections
  | IpvsadmTimeouts
  | IpvsadmDaemons
  | IpvsStatistics
  | ToolError
  | IpvsadmEmpty
  | IpvsadmUnknown;

/** A word of the tool's, of which the named ones are known; others (of patched tools, of later kernels) are kept as they are. */
export type Word<Known extends string> = Known | (string & Record<never, never>);

/** `?` stands for a protocol that ipvsadm 1.28 and later does not know. */
export type ServiceProtocol = Word<'TCP' | 'UDP' | 'SCTP' | '?'>;

/** `FullNat` and `SNAT` are dpvs's; `(null)` is what ipvsadm prints for a method it does not know. */
export type ForwardMethod = Word<'Masq' | 'Local' | 'Tunnel' | 'Route' | 'FullNat' | 'SNAT' | '(null)'>;

/** An address and a port in figures: an identity. The address is in canonical form, IPv6 without brackets. */
export interface NumericLocation {
  readonly address: string;
  readonly port: number;
  readonly name?: never;
  readonly portName?: never;
  readonly cut?: never;
  readonly family?: never;
}

/**
 * A place that was printed, at least in part, in names (ipvsadm without `-n`) or not whole. Never an identity: a name can
 * stand for several addresses, and ipvsadm cuts long ones.
 */
export interface NamedLocation {
  readonly address?: string;
  /** The host's name, as far as it was printed; missing where `address` is known. */
  readonly name?: string;
  readonly port?: number;
  /** The port's name; empty where the text was cut behind the colon. */
  readonly portName?: string;
  /** The text is as long as ipvsadm's limit, so it may have been cut there. */
  readonly cut?: true;
  /** Set on a name in brackets. */
  readonly family?: 'ipv6';
}

/** How long and for whom a client stays with its server. An empty object: persistent, but the text does not say how long. */
export interface Persistence {
  /** Seconds. */
  readonly timeout?: number;
  /** Kernel ticks (`/proc/net/ip_vs` only): 100 to 1000 to the second, by the kernel's build. */
  readonly timeoutTicks?: number;
  /** IPv4: clients equal under this mask are one client. Missing: each address is one (255.255.255.255). */
  readonly mask?: string;
  /** IPv6: the same as a prefix length. Missing: 128. */
  readonly prefixLength?: number;
  /** `/proc/net/ip_vs` only: a mask word which cannot be told as IPv4's or IPv6's. */
  readonly maskWord?: number;
  /** Persistence engine, `sip`. Known without `timeout` from `ipvsadm -S` alone. */
  readonly engine?: string;
}

/** Counters since the last reset (`--stats`), or rates for each second (`--rate`). */
export interface Traffic {
  readonly connections: Count;
  readonly inPackets: Count;
  readonly outPackets: Count;
  readonly inBytes: Count;
  readonly outBytes: Count;
}

/** What every virtual service may have, whatever it is known by. */
export interface ServiceFacts {
  readonly kind: 'VirtualService';
  /** Any word of the kernel's: `rr`, `wlc`, `mh`. */
  readonly scheduler?: string;
  /** Scheduler flags. Empty: the kernel has a flag set that ipvsadm has no name for, printed `()`. Missing: none set, or not shown. */
  readonly flags?: readonly string[];
  readonly persistence?: Persistence;
  /** One-packet scheduling. */
  readonly ops?: true;
  /** Words of a patched tool behind these, as they stand: `synproxy`. */
  readonly otherWords?: readonly string[];
  readonly counters?: Traffic;
  readonly rate?: Traffic;
  readonly destinations: readonly Destination[];
  /** The service's own line; its destinations have their own. */
  readonly span: Span;
}

/** A virtual service known by protocol, address and port, all in figures. */
export interface AddressService extends ServiceFacts, NumericLocation {
  readonly protocol: ServiceProtocol;
  readonly fwmark?: never;
  readonly match?: never;
}

/** A virtual service printed in names: lossy, never an identity. */
export interface NamedService extends ServiceFacts, NamedLocation {
  readonly protocol: ServiceProtocol;
  readonly fwmark?: never;
  readonly match?: never;
}

/** A virtual service known by a firewall mark and a family. */
export interface MarkService extends ServiceFacts {
  /** Unsigned, 0 to 4294967295, though ipvsadm prints marks above 2147483647 as negative. */
  readonly fwmark: number;
  /** Missing where `/proc/net/ip_vs` does not tell. */
  readonly family?: 'ipv4' | 'ipv6';
  readonly protocol?: never;
  readonly address?: never;
  readonly port?: never;
  readonly name?: never;
  readonly portName?: never;
  readonly cut?: never;
  readonly match?: never;
}

/** A service of dpvs known by a condition: `MATCH icmp,from=172.16.0.0-172.16.255.254:0-0,oif=dpdk1`. */
export interface MatchService extends ServiceFacts {
  readonly match: string;
  readonly protocol?: never;
  readonly address?: never;
  readonly port?: never;
  readonly name?: never;
  readonly portName?: never;
  readonly cut?: never;
  readonly family?: never;
  readonly fwmark?: never;
}

/** A virtual service with its destinations. Narrow it with `isAddressService`, `isMarkService`, `isNamedService`, `isMatchService`. */
export type VirtualService = AddressService | MarkService | NamedService | MatchService;

/** Encapsulation of a `Tunnel` destination (`--tun-info`, `-S` of ipvsadm 1.30 and later). */
export interface Tunnel {
  readonly type: Word<'ipip' | 'gue' | 'gre'>;
  readonly port?: number;
  readonly checksum?: 'nocsum' | 'csum' | 'remcsum';
}

/** What every destination may have. A weight of 0 takes no new connections; a missing weight was not shown. */
export interface DestinationFacts {
  readonly kind: 'Destination';
  readonly forward?: ForwardMethod;
  readonly tunnel?: Tunnel;
  readonly weight?: number;
  /** More connections than this and the destination gets no new ones until it is below `lowerThreshold`; 0 = no limit. */
  readonly upperThreshold?: number;
  readonly lowerThreshold?: number;
  readonly persistentConnections?: number;
  readonly activeConnections?: number;
  readonly inactiveConnections?: number;
  /** Why it takes no new connections whatever its weight (dpvs): it failed its checks, or has too many connections. */
  readonly states?: readonly ('inhibited' | 'overload')[];
  readonly counters?: Traffic;
  readonly rate?: Traffic;
  readonly span: Span;
}

/** A destination known by address and port in figures. */
export interface AddressDestination extends DestinationFacts, NumericLocation {}

/** A destination printed in names, or without its port: lossy, never an identity. */
export interface NamedDestination extends DestinationFacts, NamedLocation {}

/** A real server of a virtual service. Narrow it with `isAddressDestination`. */
export type Destination = AddressDestination | NamedDestination;

/** One end of a connection. */
export type ConnectionEnd = NumericLocation | NamedLocation;

/** A connection, or a persistence template (client port 0, or protocol `IP` for a firewall mark's). */
export interface Connection {
  readonly kind: 'Connection';
  readonly protocol: Word<'TCP' | 'UDP' | 'SCTP' | 'IP'>;
  /** Seconds until the entry ends if nothing more comes. */
  readonly expires: number;
  readonly state: string;
  readonly source: ConnectionEnd;
  readonly virtual: ConnectionEnd;
  /** The firewall mark that a template of protocol `IP` carries in place of the virtual address. */
  readonly fwmark?: number;
  readonly destination: ConnectionEnd;
  /** Persistence engine and its data, `sip` and a call's id. */
  readonly engine?: { readonly name: string; readonly data: string };
  readonly span: Span;
}

/** One synchronisation daemon. Keys behind `syncId` need ipvsadm 1.29 and a kernel of 4.3 or later. */
export interface SyncDaemon {
  readonly kind: 'SyncDaemon';
  readonly role: 'master' | 'backup';
  readonly interface: string;
  readonly syncId: number;
  /** Bytes. */
  readonly maxLength?: number;
  readonly group?: string;
  readonly port?: number;
  readonly ttl?: number;
  readonly span: Span;
}

/** Every node that stands for a line. */
export type IpvsadmNode = VirtualService | Destination | Connection | SyncDaemon;
