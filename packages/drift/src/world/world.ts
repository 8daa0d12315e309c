import type { IpvsService } from '../state/model.ts';
import type { Assumption } from './assumption.ts';
import type { Intervals, Value } from './field.ts';
import type { RuleSet } from './ir.ts';
import type { Lookup } from './lookup.ts';
import type { Routing } from './routing.ts';

/** What a packet of one family meets on one node, ready to be asked. The same for every command. */
export interface World {
  readonly family: 'ipv4' | 'ipv6';
  readonly rules: RuleSet;
  /** The virtual services by protocol, address and port, and by mark; missing where no listing of them was given. */
  readonly ipvs?: IpvsWorld;
  readonly addresses: LocalAddresses;
  /** Missing where no routes were given. */
  readonly routing?: Routing;
  /** False where the node is known to forward nothing (`net.ipv4.ip_forward = 0`). */
  readonly forwards: boolean;
  /** Names of interfaces that the snapshot shows. */
  readonly interfaces: ReadonlySet<string>;
  /** What was assumed where the snapshot does not say. */
  readonly assumptions: readonly Assumption[];
}

/** The IPVS table. */
export interface IpvsWorld {
  /** Key: protocol, destination, destination port. */
  readonly byAddress: Lookup<IpvsService>;
  /** Key: mark. Asked first (Linux `ip_vs_service_find`). */
  readonly byMark: Lookup<IpvsService>;
  /** `net.ipv4.vs.conntrack`: without it what IPVS forwards by masquerading or direct routing is not tracked, and not seen by nat. */
  readonly conntrack: boolean;
}

/** What is known of the node's addresses. */
export interface LocalAddresses {
  /** Addresses that are the node's. */
  readonly local: ReadonlySet<Value>;
  /** Addresses that are known not to be. */
  readonly elsewhere: ReadonlySet<Value>;
  /** Ranges that pods get their addresses from: none of them is the node's but where `local` has it. */
  readonly pods: Intervals;
  /** True where every address of the node is in `local`: all others are known not to be. */
  readonly whole: boolean;
}
