/** Ports from one to another, both included; a single port has both equal. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/**
 * A port number, or `undefined` where a text is not 0–65535 in decimal without leading zeros.
 *
 * @example
 * parsePort('8080') // => 8080
 * parsePort('080') // => undefined
 */
export function parsePort(text: string): number | undefined {
  const length = text.length;
  if (length === 0 || length > 5) return undefined;
  let port = 0;
  for (let at = 0; at < length; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    port = port * 10 + digit;
  }
  if (port > 65535 || (length > 1 && text.charCodeAt(0) === 0x30)) return undefined;
  return port;
}

/**
 * A port or a range of ports; the tools write the range with `:` (matches) or `-` (targets, ipset).
 *
 * A range that ends before it begins is given as written: iptables 1.4.21 prints such rules, which match nothing.
 *
 * @example
 * parsePortRange('30000-32767', '-') // => { from: 30000, to: 32767 }
 */
export function parsePortRange(text: string, separator: ':' | '-' = ':'): PortRange | undefined {
  const at = text.indexOf(separator);
  const from = parsePort(at < 0 ? text : text.slice(0, at));
  const to = at < 0 ? from : parsePort(text.slice(at + 1));
  return from === undefined || to === undefined ? undefined : { from, to };
}

/**
 * The text of a range of ports, a single port without a separator.
 *
 * @example
 * printPortRange({ from: 80, to: 90 }) // => '80:90'
 */
export function printPortRange({ from, to }: PortRange, separator: ':' | '-' = ':'): string {
  return from === to ? String(from) : `${from}${separator}${to}`;
}
