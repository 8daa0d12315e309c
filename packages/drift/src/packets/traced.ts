import type { Value } from '../world/field.ts';
import type { World } from '../world/world.ts';
import type { Outcome } from './outcome.ts';
import type { Condition } from './traveller.ts';

/** The first packet of a connection, and where it comes from. */
export interface FirstPacket {
  /** Number. */
  readonly protocol: number;
  readonly source: Value;
  readonly destination: Value;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Type × 256 + code. */
  readonly icmpType?: number;
  /** Whether the node itself sends it. */
  readonly own: boolean;
  /** The interface it comes in by, where that is known. */
  readonly in?: string;
  /** The mark it comes with. */
  readonly mark?: number;
}

/** What becomes of a packet. */
export interface Trace {
  readonly packet: FirstPacket;
  /** One for each way that chance or a choice of endpoint leads; their shares make 1. */
  readonly outcomes: readonly Outcome[];
  /** What no listing decides, and what was taken of it. */
  readonly conditions: readonly Condition[];
}

/** Leads packets through one world: indexes are made once. */
export interface Tracer {
  readonly world: World;
  /** `flipped`: conditions, by identity, of which the unusual is taken. */
  readonly trace: (packet: FirstPacket, flipped?: ReadonlySet<string>) => Trace;
  /** The trace in which every condition is as it usually is, then those in which one is not, and so on. */
  readonly traces: (packet: FirstPacket) => Generator<Trace, undefined>;
}
