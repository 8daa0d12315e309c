/** A port: its number, or the service name where the text shows names (not by `-n`). */
export type Port = number | string;

/** Ports from `low` to `high`, both included. */
export interface PortRange {
  readonly low: Port;
  readonly high: Port;
}

/** A condition on a port; `not` turns it round. */
export interface PortCondition extends PortRange {
  readonly not: boolean;
}
