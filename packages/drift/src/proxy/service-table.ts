import type { Share } from '../packets/shares.ts';
import type { FrontendPurpose } from './names/comments.ts';

/** Who sends packets to a service. */
export type SourceKind = 'pod' | 'node' | 'outside';

/** What becomes of a new connection from one kind of source to one frontend. */
export interface ServicePath {
  readonly from: SourceKind;
  /** `refused`: the client is told; `dropped`: it is not; `passed`: no service takes it; `unknown`: the listings do not tell. */
  readonly verdict: 'delivered' | 'refused' | 'dropped' | 'passed' | 'unknown';
  /** Endpoints and the part of new connections each gets; empty unless delivered. */
  readonly endpoints: readonly Share[];
  /** Whether the endpoint sees the node in place of the client; missing = the listings do not tell. */
  readonly masqueraded?: boolean;
  /** Why it is not delivered. */
  readonly reason?: RefusalReason;
}

/** Why a connection is not delivered. */
export type RefusalReason = 'no endpoints' | 'no local endpoints' | 'source not allowed' | 'rule' | 'cannot tell';

/** One place where a service port answers. */
export interface ServiceFrontend {
  /** `unknown` where nothing tells what kind of address it is. */
  readonly purpose: FrontendPurpose | 'unknown';
  readonly protocol: string;
  /** Addresses; of a node port those it was seen on, none = every address of the node. */
  readonly addresses: readonly string[];
  readonly port: number;
  /**
   * Of a node port of every address over IPv6, or of a firewall mark; missing = its addresses or endpoints tell the family, or it is IPv4.
   */
  readonly family?: 'ipv6';
  /** The firewall mark of the packets that it takes, in place of protocol, address and port. */
  readonly fwmark?: number;
  /** The service as its listing names it, where that shows names in place of an address or a port. */
  readonly shownAs?: string;
  /** The rules that give packets that mark; missing = none is in the snapshot. */
  readonly marked?: readonly string[];
  /** What translates the address. */
  readonly by: 'ipvs' | 'iptables' | 'nftables' | 'none';
  /** `Local` = outside clients reach endpoints of this node alone; missing = the listings do not tell. */
  readonly policy?: 'Cluster' | 'Local';
  /** Seconds a client stays with its endpoint; 0 = no affinity; missing = the listings do not tell. */
  readonly affinitySeconds?: number;
  /** The same where /proc/net/ip_vs alone shows it: in ticks of the kernel, of which 100 to 1000 make a second. */
  readonly affinityTicks?: number;
  /** Sources that may use it; missing = every source. Packets of `paths` come from inside these ranges where they can. */
  readonly sourceRanges?: readonly string[];
  /** What shares do not say of how IPVS divides connections, or why none can be given. */
  readonly balancing?: string;
  /** False where none can be given: the shares of `paths` are equal parts then, and say nothing. */
  readonly sharesKnown?: false;
  /** Why endpoints may be missing among those shown; missing = all are shown. */
  readonly partialBecause?: string;
  /** One for each kind of source that can be told. */
  readonly paths: readonly ServicePath[];
}

/** One port of a service. */
export interface ServicePort {
  /** `namespace/name:port`, `namespace/name 53/UDP` where port names are not known, or `tcp 10.96.0.10:53` where no name is. */
  readonly name: string;
  /** False where the name is only an address. */
  readonly named: boolean;
  readonly protocol: string;
  readonly frontends: readonly ServiceFrontend[];
}

/** What the node does for services: one shape for ipvs mode, iptables mode and both at once. */
export interface ServiceTable {
  readonly servicePorts: readonly ServicePort[];
}
