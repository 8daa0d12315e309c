import type { Codec } from '../codec.ts';
import { decodeWhole } from '../codec.ts';

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

/** A service name as `/etc/services` has them. */
const SERVICE = /^[A-Za-z][A-Za-z0-9._+-]*$/;

/** `80`, or `http` where names are shown. */
function decodePort(text: string): Port | undefined {
  return decodeWhole(text, 0xffff) ?? (SERVICE.test(text) ? text : undefined);
}

/** `80`, `80:90`, `:90`, `80:`; with another separator, as NAT targets print it, `80-90`. */
export function portRange(separator = ':'): Codec<PortRange> {
  return {
    expected: 'a port number 0-65535 or a range of them',
    decode(text) {
      const at = text.indexOf(separator);
      // A service name may hold the sign that also stands between two ports: `http-alt`.
      if (at < 0 || (separator === '-' && SERVICE.test(text))) return onePort(text);
      const low = at === 0 ? 0 : decodePort(text.slice(0, at));
      const high = at === text.length - 1 ? 0xffff : decodePort(text.slice(at + 1));
      return low === undefined || high === undefined ? undefined : { low, high };
    },
    print: ({ low, high }) => (low === high ? String(low) : `${low}${separator}${high}`),
  };
}

function onePort(text: string): PortRange | undefined {
  const port = decodePort(text);
  return port === undefined ? undefined : { low: port, high: port };
}

/** `80`, `80:90`. */
export const PORTS = portRange();

/** `80,443,8080:8090`. */
export const PORT_LIST: Codec<readonly PortRange[]> = {
  expected: 'port numbers 0-65535 and ranges of them, joined by ","',
  decode(text) {
    const ranges = text.split(',').map((part) => PORTS.decode(part));
    return ranges.every((range) => range !== undefined) ? ranges : undefined;
  },
  print: (ranges) => ranges.map((range) => PORTS.print(range)).join(','),
};
