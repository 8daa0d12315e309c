import type { Origin } from '../state/origin.ts';
import type { Assumption } from './assumption.ts';
import type { Field, InterfacePattern, Intervals, Value } from './field.ts';
import type { Lookup } from './lookup.ts';
import type { RuleRef } from './rule-ref.ts';
import type { UnknownTest } from './unknown-test.ts';

/**
 * The rules of one family as the kernel meets them, whatever tool wrote them: iptables tables and nftables tables are compiled to this
 * form. Nothing here is text that has to be read again.
 */
export interface RuleSet {
  readonly family: 'ipv4' | 'ipv6';
  /** As they are listed: `hookOrders` tells in which order a packet meets them at a hook. */
  readonly base: readonly BaseChain[];
  /** By name, iptables as `nat`, nftables as `ip kube-proxy`: jumps stay within a table. */
  readonly tables: ReadonlyMap<string, TableChains>;
}

/** The chains of one table. */
export interface TableChains {
  readonly name: string;
  readonly chains: ReadonlyMap<string, Chain>;
  /** False where chains or rules of it may not have been shown. */
  readonly whole: boolean;
}

/** Where in the kernel's path rules are asked. */
export type Hook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';

/** A chain that a hook leads to. */
export interface BaseChain {
  readonly hook: Hook;
  /** -300 raw, -150 mangle, -100 destination NAT, 0 filter, 50 security, 100 source NAT. */
  readonly priority: number;
  /** A nat chain sees only packets that make a new connection, and none that are not tracked. */
  readonly nat: boolean;
  /** What happens where no rule decides. */
  readonly policy: 'accept' | 'drop';
  /** True where the text does not show the policy, which is then taken to be accept. */
  readonly policyNotShown?: true;
  readonly table: string;
  readonly chain: Chain;
}

/** A chain: its rules in order. */
export interface Chain {
  readonly table: string;
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly origin?: Origin;
  /** The chain is jumped to and not listed: its rules are what its name says, and no listing shows. */
  readonly assumed?: Assumption;
}

/**
 * One rule. Tests and actions are done in the order of the body: a test that fails ends the rule, and actions before it stay done (only
 * nftables has actions before tests). A rule whose tests hold gives its verdict.
 */
export interface Rule {
  readonly body: readonly (Test | Action)[];
  readonly verdict: Verdict;
  readonly source: RuleRef;
}

/** A condition of a rule. */
export type Test =
  /** The field lies in the intervals, which are the complement where the rule negates. */
  | { readonly kind: 'field'; readonly field: Field; readonly in: Intervals }
  /** As `field`, of the packet as it was when its connection began: before any translation (`--ctorigdst`, `ct original daddr`). */
  | { readonly kind: 'original'; readonly field: Field; readonly in: Intervals }
  /** The source port or the destination port lies in the intervals (`multiport --ports`). */
  | { readonly kind: 'eitherPort'; readonly in: Intervals; readonly not: boolean }
  /** The interface the packet came in by or leaves by. A packet of the node itself has no `in`, a packet to the node has no `out`. */
  | { readonly kind: 'interface'; readonly side: 'in' | 'out'; readonly name: InterfacePattern; readonly not: boolean }
  /** `(mark & mask) === value`; `register` says whether of the packet or of its connection. */
  | { readonly kind: 'mark'; readonly register: Register; readonly mask: number; readonly value: number; readonly not: boolean }
  /** The packet is in a set. */
  | { readonly kind: 'member'; readonly of: Lookup<boolean>; readonly not: boolean }
  /** The address is one of this node's (`addrtype LOCAL`, `fib daddr type local`). */
  | { readonly kind: 'local'; readonly field: 'source' | 'destination'; readonly not: boolean }
  /** The connection's address was translated (`--ctstate DNAT`, `ct status dnat`). */
  | { readonly kind: 'translated'; readonly side: 'source' | 'destination'; readonly not: boolean }
  /** IPVS has taken the packet (`-m ipvs`); `virtual` are conditions on the packet as the virtual service took it. */
  | { readonly kind: 'balanced'; readonly virtual: readonly Test[]; readonly not: boolean }
  /** Holds of a part of new connections: by chance, or of every so manieth that asks. */
  | { readonly kind: 'chance'; readonly by: 'random' | 'counter'; readonly share: number }
  | UnknownTest;

/** Which mark. */
export type Register = 'packet' | 'connection';

/** What a rule does besides its verdict; the packet goes on. */
export type Action =
  /** `mark = (mark & and) ^ xor`, unsigned. */
  | { readonly kind: 'mark'; readonly register: Register; readonly and: number; readonly xor: number }
  /**
   * `to = (to & keep) ^ shift(from & take)`; the other register is `from` (CONNMARK save: to the connection). Shift: bits to the left,
   * negative to the right.
   */
  | { readonly kind: 'copyMark'; readonly to: Register; readonly keep: number; readonly take: number; readonly shift: number }
  /** The packet is not tracked: no nat, state UNTRACKED. */
  | { readonly kind: 'notrack' }
  /** Something that the path of the packet does not show: LOG, a set that is added to, a counter. Equal text = the same effect. */
  | { readonly kind: 'effect'; readonly text: string };

/** What becomes of a packet whose tests hold. */
export type Verdict =
  /** `continue`: the next rule. `accept` ends this base chain only. `drop` is final. `return`: the calling chain, or the policy. */
  | { readonly kind: 'continue' | 'accept' | 'drop' | 'return' }
  /** `with`: `icmp-port-unreachable`, `tcp-reset` … */
  | { readonly kind: 'reject'; readonly with: string }
  /** A chain of the same table. */
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  /** New destination; ends the base chain. */
  | { readonly kind: 'translate'; readonly to: Translation | Lookup<Translation> }
  /** New source; ends the base chain. Without `to` it is the address of the interface the packet leaves by (MASQUERADE). */
  | { readonly kind: 'source'; readonly to?: Translation; readonly text: string }
  /** The packet is given to a transparent local socket, where one listens, and is dropped where none does (iptables TPROXY). */
  | {
      readonly kind: 'tproxy';
      readonly address?: Value;
      readonly port: number;
      readonly mark: { readonly and: number; readonly xor: number };
    }
  /** One of several, by weight. `hash`: by the packet's addresses, so one client always meets the same. */
  | {
      readonly kind: 'draw';
      readonly by: 'random' | 'counter' | 'hash';
      readonly among: readonly { readonly weight: number; readonly verdict: Verdict }[];
    }
  /** A verdict map: what the key has; a miss goes on. */
  | { readonly kind: 'map'; readonly in: Lookup<Verdict> }
  /** A target that is not modelled (QUEUE, SYNPROXY). `mayReturn`: the packet may come back and go on with the next rule. */
  | { readonly kind: 'opaque'; readonly text: string; readonly mayReturn: boolean };

/** Where a translation leads. */
export interface Translation {
  /** First and last address; one of them is chosen by the client's address. Missing: kept. */
  readonly addresses?: readonly [low: Value, high: Value];
  /** First and last port. Missing: kept. Of a range the kernel keeps a port that lies in it, else takes a free one. */
  readonly ports?: readonly [low: number, high: number];
  /** To this node: the address of the interface the packet came in by, for the node's own packets loopback (REDIRECT). */
  readonly node?: true;
  /** The bits of the prefix are replaced and the others kept (NETMAP): number of leading bits that `addresses` gives. */
  readonly prefixLength?: number;
  /** As the rule spells it: `10.244.0.5:53`. */
  readonly text: string;
}
