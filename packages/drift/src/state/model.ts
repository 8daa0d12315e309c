import type { Element } from '@netdrift/ipset';
import type { Rule } from '@netdrift/iptables';
import type { NftTableEntry } from '../world/nftables/tables.ts';
import type { Condition, RuleTarget } from './condition.ts';
import type { Origin } from './origin.ts';

/** Everything a snapshot shows, in one normal form: counters, order of sets, spelling and column widths are gone. */
export interface Model {
  /** Missing = no listing of the IPVS table was given. */
  readonly ipvs?: IpvsTable;
  /** Missing = nothing of what IPVS holds beside its table was given. */
  readonly ipvsState?: IpvsState;
  /** By family and name, as `ipv4 nat`. */
  readonly tables: ReadonlyMap<string, RuleTable>;
  /** Families of which all tables were listed (`iptables-save`): a table that is not there does not exist. */
  readonly wholeFamilies: ReadonlySet<'ipv4' | 'ipv6'>;
  /** Missing = no listing of sets was given. */
  readonly sets?: SetTable;
  /** The tables of nft; missing = no listing of them was given. */
  readonly nft?: NftTables;
  /** Missing = no list of modules was given. */
  readonly modules?: ModuleTable;
  /** Addresses of interfaces, by interface name. */
  readonly interfaces: ReadonlyMap<string, InterfaceAddresses>;
  /** Services of the cluster by `namespace/name`; missing = no table of them was given. */
  readonly services?: ReadonlyMap<string, KubernetesService>;
  /** Endpoints of the cluster's services by `namespace/name`. */
  readonly endpoints?: ReadonlyMap<string, KubernetesEndpoints>;
  /** The mode that kube-proxy says it runs in: the answer of `/proxyMode`, or its log. */
  readonly proxyModeAnswer?: string;
  /** Answer of `kube-proxy --version`. */
  readonly proxyVersion?: string;
  /** True when a listing shows names in place of addresses and ports (made without `-n`). */
  readonly showsNames: boolean;
  readonly disagreements: readonly ViewDisagreement[];
}

/** The tables of nft. */
export interface NftTables {
  /** By family and name, as `ip kube-proxy`. Those that iptables-nft made are among them: `managedBy` tells. */
  readonly tables: ReadonlyMap<string, NftTableEntry>;
  /** True where all tables of nft were listed, whole. */
  readonly complete: boolean;
  /** The parts of the snapshot that show them. */
  readonly origins: readonly number[];
}

/** Two views of one table that do not show the same thing. */
export interface ViewDisagreement {
  readonly subject: string;
  readonly text: string;
  readonly origins: readonly Origin[];
}

/** The IPVS table. */
export interface IpvsTable {
  /** By `tcp 10.96.0.10:53` or `fwmark 7 ipv4`. */
  readonly services: ReadonlyMap<string, IpvsService>;
  /** False where services may be missing: a listing of one service, or one that is cut. */
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly partialBecause?: string;
  /** True where services that are shown may lack destinations. */
  readonly lacksRows?: true;
  /** True where it is one side of a diff: the other side lacks the same. */
  readonly alike?: true;
  /** True where the tool says that the kernel has no IPVS. */
  readonly notAvailable?: true;
  readonly origins: readonly number[];
}

/** What IPVS holds beside its table; a missing key = no text given shows it. */
export interface IpvsState {
  /** Seconds that idle connections live. */
  readonly timeouts?: { readonly tcp: number; readonly tcpfin: number; readonly udp: number; readonly origin: Origin };
  /** Daemons that keep connections in step with another machine, by role. */
  readonly daemons?: ReadonlyMap<string, IpvsDaemon>;
  readonly connections?: readonly IpvsConnection[];
}

/** A daemon that sends (`master`) or takes (`backup`) the connections of another machine. */
export interface IpvsDaemon {
  readonly role: 'master' | 'backup';
  readonly settings: Readonly<Record<string, string | number>>;
  readonly origin: Origin;
}

/** One connection of the moment. */
export interface IpvsConnection {
  readonly protocol: string;
  /** Any word of the kernel's, as `ESTABLISHED`. */
  readonly state: string;
  /** As `192.0.2.10:80`. */
  readonly virtual: string;
  readonly destination: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly origin: Origin;
}

/** One virtual service. A missing key = no listing given shows it. */
export interface IpvsService {
  readonly key: string;
  /** Lower case; missing for a firewall mark. */
  readonly protocol?: string;
  readonly address?: string;
  readonly port?: number;
  readonly fwmark?: number;
  readonly family: 'ipv4' | 'ipv6';
  /** /proc/net/ip_vs does not show the family of a mark: it was told from the destinations, or taken for IPv4. */
  readonly familyNotShown?: true;
  readonly scheduler?: string;
  /** Scheduler flags and the like, sorted. */
  readonly flags?: readonly string[];
  readonly onePacket?: boolean;
  readonly persistence?: IpvsPersistence;
  /** Where the scheduler is shown, if not at the origin. */
  readonly schedulerOrigin?: Origin;
  /** True when a listing given shows persistence where there is some. */
  readonly showsPersistence: boolean;
  /** By `10.244.0.2:53`. */
  readonly destinations: ReadonlyMap<string, IpvsDestination>;
  /** Why destinations may be missing; missing = all are shown. */
  readonly partialBecause?: string;
  readonly origin: Origin;
}

/** How long a client stays with its server. */
export interface IpvsPersistence {
  /** Seconds. */
  readonly timeout?: number;
  /** The same in ticks of the kernel, as /proc/net/ip_vs shows it: 100 to 1000 to the second. */
  readonly ticks?: number;
  readonly mask?: string;
  readonly engine?: string;
}

/** One real server. A missing key = no listing given shows it. */
export interface IpvsDestination {
  readonly key: string;
  readonly address: string;
  readonly port: number;
  readonly weight?: number;
  readonly forward?: string;
  readonly upperThreshold?: number;
  readonly lowerThreshold?: number;
  readonly tunnel?: string;
  /** Evidence only. */
  readonly activeConnections?: number;
  /** Evidence only. */
  readonly inactiveConnections?: number;
  readonly origin: Origin;
  /** Where facts are shown that the row at `origin` does not show. */
  readonly origins?: { readonly [Name in 'weight' | 'forward' | 'upperThreshold' | 'tunnel']?: Origin };
}

/** One table of rules of one family. */
export interface RuleTable {
  readonly family: 'ipv4' | 'ipv6';
  readonly name: string;
  readonly chains: ReadonlyMap<string, RuleChain>;
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly partialBecause?: string;
  /** True where it is one side of a diff: the other side lacks the same. */
  readonly alike?: true;
  /** True where single chains were asked for, or a part of the table is shown, as by grep: that others are not shown means nothing. */
  readonly askedChains?: true;
  /** True when no view shows interfaces. */
  readonly interfacesHidden: boolean;
  /** True when rules name hosts or networks (a listing without `-n`). */
  readonly namesHosts: boolean;
  readonly origins: readonly number[];
}

/** One chain: rules in their order. */
export interface RuleChain {
  readonly name: string;
  /** Missing for a user's chain, and where the listing does not tell. */
  readonly policy?: string;
  readonly references?: number;
  readonly rules: readonly RuleEntry[];
  /** Why rules may be missing between or behind those shown; missing = all are shown. */
  readonly partialBecause?: string;
  /** True where they may be missing behind the last one alone; names of chains where only jumps to these may. */
  readonly mayGoOn?: true | readonly string[];
  readonly origin: Origin;
}

/** One rule. */
export interface RuleEntry {
  /** From 1. */
  readonly number: number;
  readonly conditions: readonly Condition[];
  readonly target: RuleTarget;
  /** Comments in their order. */
  readonly comments: readonly string[];
  /** Equal for rules that do the same, whatever their comments: conditions and target. */
  readonly key: string;
  /** The conditions alone. */
  readonly conditionKey: string;
  /** The listing hides interfaces, and the rule shows no condition at all: it may ask for one. */
  readonly mayAskForInterface?: true;
  /** The rule as its parser gave it; where both sides of a comparison have it, that of the side read first. */
  readonly parsed: Rule;
  readonly origin: Origin;
}

/** The ip sets. */
export interface SetTable {
  readonly sets: ReadonlyMap<string, IpSetEntry>;
  readonly complete: boolean;
  /** True where sets that are shown may lack members. */
  readonly lacksRows?: true;
  /** True where it is one side of a diff: the other side lacks the same. */
  readonly alike?: true;
  readonly origins: readonly number[];
}

/** One ip set. */
export interface IpSetEntry {
  readonly name: string;
  readonly type?: string;
  readonly family?: string;
  /** Options that decide what the set holds, as text, sorted by name. */
  readonly options: ReadonlyMap<string, string>;
  readonly initval?: string;
  /** By canonical text, as `10.96.0.10,udp:53`; missing = the listing shows no members. */
  readonly members?: ReadonlyMap<string, IpSetMember>;
  /** Why members may be missing; missing = all are shown, where any are. */
  readonly partialBecause?: string;
  readonly origin: Origin;
}

/** One member of a set. */
export interface IpSetMember {
  readonly elements: readonly Element[];
  /** An exception (`nomatch`). */
  readonly except: boolean;
  /** Its interface's name stands for all names that begin like it. */
  readonly wildcard?: true;
  readonly origin: Origin;
}

/** Kernel modules by canonical name. */
export interface ModuleTable {
  /** Missing = no `modules.builtin` was given. */
  readonly builtin?: ReadonlyMap<string, Origin>;
  /** Missing = no `lsmod` or `/proc/modules` was given. */
  readonly loaded?: ReadonlyMap<string, Origin>;
  /** True where names may be missing in a list that was given. */
  readonly partial?: true;
}

/** Addresses on one interface. */
export interface InterfaceAddresses {
  readonly name: string;
  readonly addresses: ReadonlyMap<string, Origin>;
}

/** A Service as `kubectl get svc` shows it. */
export interface KubernetesService {
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly type?: string;
  readonly clusterIps: readonly string[];
  /** External addresses of any kind. */
  readonly externalIps: readonly string[];
  /** Those of them that a load balancer gave; missing = the text does not tell them apart. */
  readonly loadBalancerIps?: readonly string[];
  readonly ports: readonly KubernetesPort[];
  /** Missing = the text does not tell. */
  readonly externalTrafficPolicy?: string;
  /** Missing = the text does not tell. */
  readonly internalTrafficPolicy?: string;
  readonly origin: Origin;
}

/** A port of a Service. */
export interface KubernetesPort {
  readonly port: number;
  readonly protocol: string;
  readonly nodePort?: number;
  /** Empty for a port without a name; missing = the text shows no names. */
  readonly name?: string;
}

/** Endpoints as `kubectl get endpoints` shows them. */
export interface KubernetesEndpoints {
  readonly key: string;
  readonly addresses: readonly string[];
  /** True when the table cut the list (`+ 3 more...`). */
  readonly cut: boolean;
  readonly origin: Origin;
}
