const ZERO = 0x30;
const DOT = 0x2e;

/**
 * The 32 bits of an IPv4 address as an unsigned number, or `undefined` where a text is not four decimal bytes as tools
 * print them: no leading zeros, no missing parts, no other bases.
 *
 * @example
 * parseIpv4('10.0.0.1') // => 167772161
 * parseIpv4('10.0.0.01') // => undefined
 */
export function parseIpv4(text: string): number | undefined {
  const length = text.length;
  if (length < 7 || length > 15) return undefined;
  let address = 0;
  let part = 0;
  let digits = 0;
  let dots = 0;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (digits === 0) return undefined;
      address = address * 256 + part;
      part = 0;
      digits = 0;
      dots += 1;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return undefined;
    part = part * 10 + digit;
    digits += 1;
    if (part > 255) return undefined;
  }
  return dots === 3 && digits > 0 ? address * 256 + part : undefined;
}

/**
 * The text of an IPv4 address, given as an unsigned 32-bit number.
 *
 * @example
 * printIpv4(167772161) // => '10.0.0.1'
 */
export function printIpv4(address: number): string {
  return `${(address >>> 24) & 255}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}
