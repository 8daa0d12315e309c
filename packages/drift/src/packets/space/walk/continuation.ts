import type { Program } from '../program.ts';
import type { Stage } from './stages.ts';
import type { Destination } from './step.ts';

/** Where a packet is in a chain, and where it goes on when it comes back. */
export interface Frame {
  readonly program: Program;
  /** The next step; of a calling chain the one to come back to. */
  readonly at: number;
  /** Of a calling chain: the step that jumped. */
  readonly from: number;
  readonly depth: number;
  readonly caller: Frame | undefined;
}

/** A mark, bit by bit: what came with the packet, what came with its connection, and bits that are turned. */
export interface Register {
  readonly packet: number;
  readonly connection: number;
  readonly xor: number;
}

/** A rule that a packet met and that did something; the last one first. Rule -1 is the policy. */
export interface HopTrail {
  readonly program: Program;
  readonly rule: number;
  readonly before: HopTrail | undefined;
}

/** How a packet ends. */
export interface Outcome {
  readonly end: 'here' | 'sent' | 'dropped' | 'refused' | 'unknown';
  /** What it is refused with, or the target that nobody models. */
  readonly text?: string;
  /** IPVS refuses it, for a virtual service without destinations: the sender sees no difference. */
  readonly byIpvs?: true;
  readonly to?: Destination;
  /** How its source address is replaced. */
  readonly source?: string;
  readonly effects: string;
}

/** What is still to happen to the packets of a state on one side. */
export interface Continuation {
  /** Part of the connections, negative for the side after. */
  readonly weight: number;
  readonly side: 0 | 1;
  readonly stage: Stage;
  /** Undefined: at the start of the stage. */
  readonly frame: Frame | undefined;
  readonly outcome?: Outcome;
  readonly mark: Register;
  readonly connectionMark: Register;
  readonly to?: Destination;
  readonly source?: string;
  readonly effects: string;
  /** How often conditions that count were asked. */
  readonly asked: string;
  readonly untracked: boolean;
  readonly balanced: boolean;
  /**
   * Of packets of a connection that is there: the mark that its first packet had where nat decided, and in nat the mark that they have
   * themselves. nat's rules are not asked again, and what they decided holds.
   */
  readonly otherMark?: Register;
  /** Where the way of one packet is told: the rules met so far. */
  readonly trail: HopTrail | 'not told' | undefined;
}

export const PACKET_MARK: Register = { packet: 0xffff_ffff, connection: 0, xor: 0 };
export const CONNECTION_MARK: Register = { packet: 0, connection: 0xffff_ffff, xor: 0 };
