import type { PortRange } from './port-condition.ts';

/** Where NAT sends a connection: `address` up to `addressEnd` (both missing: address kept), `ports` (missing: port kept). */
export interface NatRange {
  readonly address?: string;
  readonly addressEnd?: string;
  readonly ports?: PortRange;
  /** First port of the range the offsets are counted from (`/B` after the ports). */
  readonly basePort?: number;
}
