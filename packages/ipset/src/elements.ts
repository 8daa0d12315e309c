import { canonicalAddress, type Decoder, familyOf, parseMark, parsePort, parseProtocol } from '@netdrift/core';
import type { Element, NameElement, PortElement } from './ast.ts';
import { parseIcmp, printIcmp } from './icmp-names.ts';
import type { Dimension } from './tokens.ts';

/** A host name: ipset prints one under `-r`, and takes one in text for restore. It begins with a letter. */
function hostName(text: string): NameElement | undefined {
  return /^\[?[A-Za-z][A-Za-z0-9._-]*\]?$/.test(text) ? { kind: 'NameElement', name: text } : undefined;
}

function prefixOf(text: string, longest: number): number | undefined {
  const length = Number(text);
  return /^(?:0|[1-9][0-9]{0,2})$/.test(text) && length <= longest ? length : undefined;
}

const longestPrefix = (address: string): number => (familyOf(address) === 'ipv4' ? 32 : 128);

/** `10.0.0.0/8`, `10.0.0.1-10.0.0.9`; `undefined` for a single address and for anything else. */
function severalAddresses(text: string): Element | undefined {
  const slash = text.indexOf('/');
  const minus = text.indexOf('-');
  if (slash >= 0) {
    const address = canonicalAddress(text.slice(0, slash));
    const prefixLength = address === undefined ? undefined : prefixOf(text.slice(slash + 1), longestPrefix(address));
    return address === undefined || prefixLength === undefined ? undefined : { kind: 'NetElement', address, prefixLength };
  }
  if (minus < 0) return undefined;
  const first = canonicalAddress(text.slice(0, minus));
  const last = canonicalAddress(text.slice(minus + 1));
  return first === undefined || last === undefined ? undefined : { kind: 'AddressRangeElement', first, last };
}

/** `10.96.0.1`, and for restore a network, a range or a host name */
const ip: Decoder<Element> = {
  expected: 'an IP address',
  decode: (text) => {
    const address = canonicalAddress(text);
    return address === undefined ? (severalAddresses(text) ?? hostName(text)) : { kind: 'AddressElement', address };
  },
};

/** `10.0.0.0/8`, a host without prefix length */
const net: Decoder<Element> = {
  expected: 'an IP address, with or without a prefix length',
  decode: (text) => {
    const address = canonicalAddress(text);
    if (address === undefined) return severalAddresses(text) ?? hostName(text);
    return { kind: 'NetElement', address, prefixLength: longestPrefix(address) };
  },
};

const ICMPV6_NUMBER = 58;
const ICMP_NUMBER = 1;

/** `tcp:443`, `gre:0`, `icmp:echo-request`; `80` in a bitmap:port */
const port: Decoder<Element> = {
  expected: 'a port, with its protocol before it',
  decode: (text) => {
    const colon = text.indexOf(':');
    if (colon < 0) return portsOf(text, {});
    const protocol = text.slice(0, colon);
    const rest = text.slice(colon + 1);
    const number = parseProtocol(protocol)?.number;
    if (number === ICMP_NUMBER || number === ICMPV6_NUMBER) {
      const icmp = parseIcmp(rest, number === ICMPV6_NUMBER);
      return icmp === undefined ? undefined : { kind: 'IcmpElement', protocol, ...icmp };
    }
    if (!/^[A-Za-z0-9][A-Za-z0-9.+_-]*$/.test(protocol) || (number === undefined && /^[0-9]/.test(protocol))) return undefined;
    return portsOf(rest, { protocol }) ?? serviceName(text, rest);
  },
};

/** `tcp:http` of text for restore */
function serviceName(text: string, port: string): NameElement | undefined {
  return /^[A-Za-z][A-Za-z0-9.+_-]*$/.test(port) ? { kind: 'NameElement', name: text } : undefined;
}

function portsOf(text: string, protocol: { readonly protocol?: string }): PortElement | undefined {
  const minus = text.indexOf('-');
  const first = parsePort(minus < 0 ? text : text.slice(0, minus));
  if (first === undefined) return undefined;
  if (minus < 0) return { kind: 'PortElement', ...protocol, port: first };
  const last = parsePort(text.slice(minus + 1));
  return last === undefined ? undefined : { kind: 'PortElement', ...protocol, port: first, last };
}

/** `01:02:03:AA:BB:CC` */
const mac: Decoder<Element> = {
  expected: 'a hardware address',
  decode: (text) => (/^[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}$/.test(text) ? { kind: 'MacElement', mac: text.toUpperCase() } : undefined),
};

/** `0x00000010`; decimal for restore */
const mark: Decoder<Element> = {
  expected: 'a mark 0x…',
  decode: (text) => {
    const number = parseUnsigned32(text);
    return number === undefined ? undefined : { kind: 'MarkElement', mark: number };
  },
};

/** `eth0`, `physdev:br0`; IFNAMSIZ is 16 */
const iface: Decoder<Element> = {
  expected: 'the name of an interface',
  decode: (text) => {
    const physdev = text.startsWith('physdev:');
    const name = physdev ? text.slice('physdev:'.length) : text;
    if (name === '' || name.length > 15 || name.includes('/')) return undefined;
    return { kind: 'InterfaceElement', name, ...(physdev ? { physdev } : {}) };
  },
};

/** IPSET_MAXNAMELEN is 32 */
const LONGEST_SET_NAME = 31;

const set: Decoder<Element> = {
  expected: 'the name of a set',
  decode: (text) => (text.length <= LONGEST_SET_NAME ? { kind: 'SetElement', name: text } : undefined),
};

/** An element of a set whose type is not shown: what it looks like. */
const any: Decoder<Element> = {
  expected: 'an address, network, port or name',
  decode: (text) => ip.decode(text) ?? port.decode(text) ?? mac.decode(text) ?? mark.decode(text),
};

/** How the element of each dimension is read. */
export const elementDecoders: Readonly<Record<Dimension, Decoder<Element>>> = { ip, net, port, mac, mark, iface, set, any };

/** A number up to 2^32 - 1, in hexadecimal with any number of digits after `0x`, or decimal. */
export function parseUnsigned32(text: string): number | undefined {
  const hexadecimal = parseMark(text.replace(/^0x0*(?=[0-9A-Fa-f])/, '0x').toLowerCase());
  if (hexadecimal !== undefined) return hexadecimal;
  const decimal = Number(text);
  return /^(?:0|[1-9][0-9]{0,9})$/.test(text) && decimal <= 0xffff_ffff ? decimal : undefined;
}

/** Eight digits after `0x`, as ipset prints the mark of a member: lib/print.c `ipset_print_mark`. */
export function printPaddedMark(mark: number): string {
  return `0x${mark.toString(16).padStart(8, '0')}`;
}

/** The text of one element. */
export function printElement(element: Element): string {
  switch (element.kind) {
    case 'AddressElement':
      return element.address;
    case 'AddressRangeElement':
      return `${element.first}-${element.last}`;
    case 'NetElement':
      return element.prefixLength === longestPrefix(element.address) ? element.address : `${element.address}/${element.prefixLength}`;
    case 'PortElement':
      return `${element.protocol === undefined ? '' : `${element.protocol}:`}${element.port}${element.last === undefined ? '' : `-${element.last}`}`;
    case 'IcmpElement':
      return `${element.protocol}:${printIcmp(element.type, element.code, parseProtocol(element.protocol)?.number === ICMPV6_NUMBER)}`;
    case 'MacElement':
      return element.mac;
    case 'MarkElement':
      return printPaddedMark(element.mark);
    case 'InterfaceElement':
      return `${element.physdev === true ? 'physdev:' : ''}${element.name}`;
    case 'SetElement':
    case 'NameElement':
      return element.name;
  }
}
