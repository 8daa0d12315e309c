import type { IpvsService } from '../state/model.ts';
import type { Asked } from '../world/asked.ts';
import type { Field, Value } from '../world/field.ts';
import type { Chain, Hook, Rule } from '../world/ir.ts';
import type { RuleRef } from '../world/rule-ref.ts';

/** The fields of a packet, with its state where conntrack has looked at it. */
export type PacketFields = { readonly [F in Field]: Value };

/** A packet on its way through the kernel. A choice of chance makes two of one, each with its share. */
export interface Traveller {
  /** Part of the new connections that go this way, 0 to 1. */
  share: number;
  fields: PacketFields;
  /** As the connection began. */
  readonly original: PacketFields;
  mark: number;
  connectionMark: number;
  /** False behind NOTRACK and behind IPVS without conntrack: no nat. */
  tracked: boolean;
  /** A rule has translated it. */
  translated: { source: boolean; destination: boolean };
  /** nat has looked at it, whether a rule held or not: the rest of the connection follows. */
  natDone: { source: boolean; destination: boolean };
  /** The node sent it. */
  readonly own: boolean;
  in: Device;
  out: Device;
  /** It goes to the node itself, whatever its address is (REDIRECT, TPROXY). */
  toNode: boolean;
  hook: Hook;
  /** Place in the stages of the hook. */
  stage: number;
  /** The chain it is in, if it is in one, and the next of its rules. */
  frame: Frame | undefined;
  next: number;
  hops: Chained<Hop> | undefined;
  conditions: Chained<Condition> | undefined;
  endpoint: Endpoint | undefined;
  balanced: Balanced | undefined;
  /** How it was given to its endpoint. */
  chosenBy: ChosenBy | undefined;
}

/**
 * What is known of an interface: its name, that it is none, that it is any but loopback, or that the route decides (loopback for an address
 * of the node).
 */
export type Device = { readonly name: string } | 'none' | 'not loopback' | 'by route';

/** What decides between endpoints: chance or turn, the client's address, the address asked for. */
export type ChosenBy = 'turn' | 'client' | 'destination';

/** A chain that was entered. `resume`: where to go on in the chain above. */
export interface Frame {
  readonly chain: Chain;
  readonly rules: readonly Rule[];
  readonly up: Frame | undefined;
  readonly resume: number;
}

/** A list that grows at its head, so that two ways share what they have in common. */
export interface Chained<Entry> {
  readonly entry: Entry;
  readonly rest: Chained<Entry> | undefined;
}

/** A rule that a packet met, or the policy (number 0) it ended with, at a hook; or IPVS. */
export interface Hop {
  readonly hook: Hook;
  /** Missing where IPVS took it. */
  readonly rule?: RuleRef;
  readonly service?: IpvsService;
}

/** A condition that no listing decides, and what was taken of it. */
export interface Condition {
  /** Equal for conditions that hold of the same packets. */
  readonly identity: string;
  /** As the rule spells it, without its sign. */
  readonly text: string;
  readonly asks?: Asked;
  readonly holds: boolean;
  /** What can be taken otherwise is a rule's question or an interface; of addresses, chains and routes it is only said what was taken. */
  readonly about: 'rule' | 'interface' | 'address' | 'chain' | 'route';
  /** Asking changes the answer of the next one, as of `recent` and `limit`: of the first packet it is as it usually is. */
  readonly counts?: true;
  readonly at: RuleRef | undefined;
}

/** Where a connection is sent. */
export interface Endpoint {
  readonly address: Value;
  readonly port: number;
  /** `10.244.0.5:53`, `this node:8080`. */
  readonly text: string;
}

/** The virtual service that took it. */
export interface Balanced {
  readonly service: IpvsService;
  /** The packet as the service took it. */
  readonly virtual: PacketFields;
  /** How it is forwarded, as ipvsadm prints it: `Masq`, `Route`, `Tunnel`. */
  readonly method: string;
}

/** A list as an array, oldest first. */
export function toArray<Entry>(list: Chained<Entry> | undefined): Entry[] {
  const entries: Entry[] = [];
  for (let at = list; at !== undefined; at = at.rest) entries.push(at.entry);
  return entries.reverse();
}
