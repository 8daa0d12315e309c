import type { Count } from '@netdrift/core';
import type { Duration, Expression, SetReference, AnonymousSet } from './expressions.ts';

/** How a match compares; `in` is the comparison of flags that nft writes without an operator: any of them is enough. */
export type MatchOperator = '==' | '!=' | '<' | '>' | '<=' | '>=' | 'in' | '!';

/** A condition: `tcp dport 80`, `ct state established,related`, `ip saddr != @nets`. */
export interface Match {
  readonly kind: 'Match';
  readonly left: Expression;
  readonly operator: MatchOperator;
  readonly right: Expression;
}

/** What becomes of the packet: `accept`, `jump CHAIN`. */
export interface Verdict {
  readonly kind: 'Verdict';
  readonly verdict: 'accept' | 'drop' | 'return' | 'continue' | 'jump' | 'goto';
  /** Of `jump` and `goto`. */
  readonly chain?: string;
}

/** `ip daddr . meta l4proto . th dport vmap @service-ips`: the verdict that a map holds for a key; without one the rule does not match. */
export interface VerdictMap {
  readonly kind: 'VerdictMap';
  readonly key: Expression;
  readonly map: SetReference | AnonymousSet;
}

/** `counter packets 5 bytes 300`; a listing under `-s` and JSON of a set's own counter show no figures. */
export interface CounterStatement {
  readonly kind: 'Counter';
  readonly packets?: Count;
  readonly bytes?: Count;
}

/** `quota over 25 mbytes used 3 mbytes` */
export interface QuotaStatement {
  readonly kind: 'Quota';
  readonly over?: true;
  readonly amount: number;
  readonly unit: string;
  readonly used?: number;
  readonly usedUnit?: string;
}

/** `limit rate over 10/minute burst 5 packets` */
export interface LimitStatement {
  readonly kind: 'Limit';
  readonly over?: true;
  readonly rate: number;
  /** Of bytes: `mbytes`. Missing where packets are counted. */
  readonly rateUnit?: string;
  readonly per: string;
  readonly burst?: number;
  readonly burstUnit?: string;
}

/** `ct count over 20`: connections with the same key. */
export interface CtCountStatement {
  readonly kind: 'CtCount';
  readonly over?: true;
  readonly count: number;
}

/** `last used 3s` */
export interface LastStatement {
  readonly kind: 'Last';
  readonly used?: string;
}

/** `counter name "c"`, `ct helper set "sip"`: an object of the table is used, one by name or one that a map gives. */
export interface ObjectStatement {
  readonly kind: 'ObjectStatement';
  readonly object: 'counter' | 'quota' | 'limit' | 'synproxy' | 'ct helper' | 'ct timeout' | 'ct expectation';
  readonly name: string | Expression;
}

/** `log prefix "drop: " level debug` */
export interface LogStatement {
  readonly kind: 'Log';
  readonly prefix?: string;
  readonly level?: string;
  readonly group?: number;
  readonly snaplen?: number;
  readonly queueThreshold?: number;
  /** `all`, `tcp sequence`, `tcp options`, `ip options`, `skuid`, `ether`. */
  readonly flags?: readonly string[];
}

/** `reject with icmp port-unreachable`. Plain `reject` shows neither type nor code and stands for that of the family. */
export interface RejectStatement {
  readonly kind: 'Reject';
  readonly type?: 'icmp' | 'icmpv6' | 'icmpx' | 'tcp reset';
  readonly code?: string;
  /** Before nft 1.0.1 the word `type` stands before the code. */
  readonly codeWord?: 'type';
}

/** `dnat to 10.0.0.1:80`, `masquerade fully-random`, `dnat ip to numgen random mod 2 map { … }` */
export interface NatStatement {
  readonly kind: 'Nat';
  readonly type: 'dnat' | 'snat' | 'masquerade' | 'redirect';
  readonly family?: 'ip' | 'ip6';
  /** `addr . port` of older nft, `prefix`: what the map gives. */
  readonly form?: string;
  readonly address?: Expression;
  readonly port?: Expression;
  readonly flags?: readonly string[];
}

/** `tproxy to 127.0.0.1:50080` */
export interface TproxyStatement {
  readonly kind: 'Tproxy';
  readonly family?: 'ip' | 'ip6';
  readonly address?: Expression;
  readonly port?: Expression;
}

/** `dup to 10.0.0.1 device "eth0"`, `fwd to "eth0"` */
export interface ForwardStatement {
  readonly kind: 'Forward';
  readonly type: 'dup' | 'fwd';
  readonly family?: 'ip' | 'ip6';
  readonly to: Expression;
  readonly device?: Expression;
}

/** `meta mark set meta mark | 0x4000` */
export interface Assignment {
  readonly kind: 'Assignment';
  readonly target: Expression;
  readonly value: Expression;
}

/** `update @affinity { ip saddr }`: the packet's own key is put into a set, or taken out of it. */
export interface SetUpdate {
  readonly kind: 'SetUpdate';
  readonly operator: 'add' | 'update' | 'delete';
  readonly set: string;
  readonly key: Expression;
  /** Of a map. */
  readonly value?: Expression;
  readonly timeout?: Duration;
  readonly comment?: string;
  readonly statements?: readonly Statement[];
}

/** `queue num 1-3 bypass,fanout`, `queue flags bypass to 3` */
export interface QueueStatement {
  readonly kind: 'Queue';
  readonly number?: Expression;
  readonly flags?: readonly string[];
  /** The form since nft 1.0: flags before the number, with `to`. */
  readonly form?: 'to';
}

/** `flow add @f` */
export interface FlowStatement {
  readonly kind: 'Flow';
  readonly flowtable: string;
}

/** `synproxy mss 1460 wscale 7 timestamp sack-perm` */
export interface SynproxyStatement {
  readonly kind: 'Synproxy';
  readonly mss?: number;
  readonly wscale?: number;
  readonly flags?: readonly string[];
}

/** `notrack` */
export interface NotrackStatement {
  readonly kind: 'Notrack';
}

/** `xt match "set"`: an extension of iptables, of which nft shows the name alone. */
export interface XtStatement {
  readonly kind: 'Xt';
  readonly type: 'match' | 'target' | 'watcher';
  readonly name: string;
  /** Newer versions print quotes. */
  readonly quoted?: true;
}

/** An extension of iptables for which nft prints nothing: only one blank too many shows that it is there. */
export interface HiddenStatement {
  readonly kind: 'Hidden';
}

/** A statement that this package does not know, as written (of JSON: as compact JSON). */
export interface UnknownStatement {
  readonly kind: 'UnknownStatement';
  readonly text: string;
}

/** Everything a rule is made of. */
export type Statement =
  | Assignment
  | CounterStatement
  | CtCountStatement
  | FlowStatement
  | ForwardStatement
  | HiddenStatement
  | LastStatement
  | LimitStatement
  | LogStatement
  | Match
  | NatStatement
  | NotrackStatement
  | ObjectStatement
  | QueueStatement
  | QuotaStatement
  | RejectStatement
  | SetUpdate
  | SynproxyStatement
  | TproxyStatement
  | UnknownStatement
  | Verdict
  | VerdictMap
  | XtStatement;
