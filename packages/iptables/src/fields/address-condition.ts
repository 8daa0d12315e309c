import { familyOf, parseNetwork } from '@netdrift/core';

/**
 * A condition on an address. `prefixLength` where the mask is contiguous, else `mask` in the printed form; a host or
 * network `name` where the text shows names (then the address is not known, and the name is no identity).
 */
export type AddressCondition =
  | { readonly not: boolean; readonly address: string; readonly prefixLength: number }
  | { readonly not: boolean; readonly address: string; readonly mask: string }
  | { readonly not: boolean; readonly name: string; readonly prefixLength?: number; readonly mask?: string };

/** Any address of a family, as a rule holds it that does not ask for one. */
export const ANY_IPV4: AddressCondition = { not: false, address: '0.0.0.0', prefixLength: 0 };
/** Any address of a family, as a rule holds it that does not ask for one. */
export const ANY_IPV6: AddressCondition = { not: false, address: '::', prefixLength: 0 };

/** What a wrong address should have been, for messages. */
export const EXPECTED_ADDRESS = 'an address, perhaps with a mask';

/** `10.0.0.0/8`, `fd00::1`, `10.0.0.0/255.0.255.0`, or a host name; undefined for anything else. */
export function decodeAddress(text: string, not: boolean): AddressCondition | undefined {
  const end = endOfPrintedIpv4(text);
  if (end === text.length) return { not, address: text, prefixLength: 32 };
  const prefixLength = end < 0 ? -1 : ipv4PrefixLength(text, end);
  if (prefixLength >= 0) return { not, address: text.slice(0, end), prefixLength };
  const network = parseNetwork(text);
  return network === undefined ? namedAddress(text, not) : { not, ...network };
}

/** The address without its sign, as a listing prints it: `/32` and `/128` are left out. */
export function printListedAddress(condition: AddressCondition): string {
  const whole = printSavedAddress(condition);
  if (!('prefixLength' in condition) || !('address' in condition)) return whole;
  return condition.prefixLength === (condition.address.includes(':') ? 128 : 32) ? condition.address : whole;
}

/** The address without its sign, as a save form prints it: always with its mask. */
export function printSavedAddress(condition: AddressCondition): string {
  if ('name' in condition) {
    if (condition.name === 'anywhere') return condition.name;
    const mask = condition.prefixLength ?? condition.mask;
    return mask === undefined ? condition.name : `${condition.name}/${mask}`;
  }
  return `${condition.address}/${'mask' in condition ? condition.mask : condition.prefixLength}`;
}

/** Whether a rule asks nothing of an address. */
export function isAnyAddress(condition: AddressCondition): boolean {
  return !condition.not && 'prefixLength' in condition && condition.prefixLength === 0;
}

/** Where an IPv4 address ends that is spelled as the tools print it, from the start of a text; -1 where there is none. */
function endOfPrintedIpv4(text: string): number {
  let at = 0;
  for (let part = 0; part < 4; part += 1) {
    if (part > 0) {
      if (text.charCodeAt(at) !== 0x2e) return -1;
      at += 1;
    }
    const start = at;
    let value = 0;
    for (let digit = text.charCodeAt(at) - 0x30; digit >= 0 && digit <= 9; digit = text.charCodeAt(at) - 0x30) {
      value = value * 10 + digit;
      at += 1;
    }
    if (at === start || value > 255 || (at - start > 1 && text.charCodeAt(start) === 0x30)) return -1;
  }
  return at;
}

/** The number behind the slash at `at`; -1 where a text goes on otherwise. */
function ipv4PrefixLength(text: string, at: number): number {
  if (text.charCodeAt(at) !== SLASH || text.length > at + 3 || text.length < at + 2) return -1;
  const first = text.charCodeAt(at + 1) - 0x30;
  if (text.length === at + 2) return first >= 0 && first <= 9 ? first : -1;
  const second = text.charCodeAt(at + 2) - 0x30;
  const length = first * 10 + second;
  return first > 0 && first <= 3 && second >= 0 && second <= 9 && length <= 32 ? length : -1;
}

const SLASH = 0x2f;

/** What a script or a person wrote in place of an address: `$POD_CIDR`, `${VIP}`, `<node IP>`. */
const PLACEHOLDER = /^(?:\$\w+|\$\{\w+\}|<[\w.-]+>)$/;

/**
 * Host and network names of the resolver, and what stands in place of an address: `localhost`, `link-local/16`, `anywhere`, `$POD_CIDR`.
 */
function namedAddress(text: string, not: boolean): AddressCondition | undefined {
  const slash = text.indexOf('/');
  const name = slash < 0 ? text : text.slice(0, slash);
  const mask = slash < 0 ? undefined : text.slice(slash + 1);
  if (!PLACEHOLDER.test(name) && (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) || /^[0-9.]+$/.test(name))) return undefined;
  if (mask === undefined) return name === 'anywhere' ? { not, name, prefixLength: 0 } : { not, name };
  if (/^\d{1,3}$/.test(mask)) return { not, name, prefixLength: Number(mask) };
  return familyOf(mask) === undefined ? undefined : { not, name, mask };
}
