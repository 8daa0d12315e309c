import { canonicalAddress, parseIpv4, parsePort, printIpv4, printIpv6, type Decoder } from '@netdrift/core';
import type { ConnectionEnd, NamedLocation, NumericLocation } from './ast.ts';
import type { Draft } from './draft.ts';

/** Where a service, a server or a client is: an address and port, or what was printed in their place. */
export type Location = NumericLocation | NamedLocation;

/** ipvsadm cuts what it prints in names: any address:port at 59 characters, IPv4's in listings at 28. */
const LONGEST = 59;
const LONGEST_LISTED = 28;

/**
 * Reads `10.0.0.1:443`, `[2001:db8::1]:80` and what listings in names have in their place (`web.example.com:http`,
 * `ip-10-102-22-172.ec2.interna`). A name that is as long as ipvsadm's limit is `cut`.
 */
export const listedLocation: Decoder<Location> = {
  expected: 'an address and a port',
  decode: (text) => decodeLocation(text, text.startsWith('[') ? LONGEST : LONGEST_LISTED),
};

/** The same where ipvsadm cuts at 59 characters alone: in `-S` and in lists of connections. */
export const wholeLocation: Decoder<Location> = {
  expected: 'an address and a port',
  decode: (text) => decodeLocation(text, LONGEST),
};

function decodeLocation(text: string, limit: number): Location | undefined {
  const colon = text.lastIndexOf(':');
  const port = colon < 0 ? undefined : parsePort(text.slice(colon + 1));
  if (port !== undefined && parseIpv4(text.slice(0, colon)) !== undefined) return { address: text.slice(0, colon), port };
  if (text.startsWith('[')) return decodeBracketed(text, limit);
  return decodeNamed(text, colon, limit);
}

/** `[2001:db8::1]:80`, `[web6.example.com]:https`, `[(null)]:5001` */
function decodeBracketed(text: string, limit: number): Location | undefined {
  const close = text.indexOf(']');
  const port = close < 0 ? undefined : portPart(text.slice(close + 1));
  if (port === undefined) return text.length >= limit ? { name: text.slice(1), cut: true, family: 'ipv6' } : undefined;
  const host = text.slice(1, close);
  const address = host.includes(':') ? canonicalAddress(host) : undefined;
  if (address === undefined && !isName(host)) return undefined;
  if (address !== undefined && port.portName === undefined) return { address, ...port };
  return named(address === undefined ? { name: host, family: 'ipv6' } : { address }, port, text.length >= limit);
}

function decodeNamed(text: string, colon: number, limit: number): Location | undefined {
  const cut = text.length >= limit;
  const host = colon < 0 ? text : text.slice(0, colon);
  const port = colon < 0 ? {} : portPart(text.slice(colon));
  if (!isName(host) || port === undefined) return undefined;
  const address = parseIpv4(host) === undefined ? undefined : host;
  // 10.0.0.300 and 010.0.0.1 are no names.
  if (address === undefined && !cut && /^[0-9.]+$/.test(host)) return undefined;
  if (port.portName === '' && !cut) return undefined;
  if (colon < 0 && address === undefined && !cut) return undefined;
  return named(address === undefined ? { name: host } : { address }, port, cut);
}

function named(host: NamedLocation, port: PortPart, cut: boolean): NamedLocation {
  const place: Draft<NamedLocation> = { ...host, ...port };
  if (cut) place.cut = true;
  return place;
}

interface PortPart {
  readonly port?: number;
  readonly portName?: string;
}

/** What stands behind a host: nothing, `:80`, `:http`; a port number beyond 65535 is none. */
function portPart(text: string): PortPart | undefined {
  if (text === '') return {};
  if (!text.startsWith(':')) return undefined;
  const written = text.slice(1);
  const port = parsePort(written);
  if (port !== undefined) return { port };
  return isPortName(written) ? { portName: written } : undefined;
}

/** What may stand in place of an address, `<ipv4-public-prefix>.20` of a person too, but nothing that cannot be printed. */
function isName(text: string): boolean {
  return /^[^\p{Cc}:]+$/u.test(text);
}

/** `http`, `3com-tsmux`, and nothing at all where the text was cut. */
function isPortName(text: string): boolean {
  return text === '' || (/^[A-Za-z0-9_.+*/-]+$/.test(text) && !isDigits(text));
}

function isDigits(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - 0x30;
    if (digit < 0 || digit > 9) return false;
  }
  return true;
}

/** The text of a location as ipvsadm prints it. */
export function printLocation(place: ConnectionEnd): string {
  const port = place.port === undefined ? place.portName : String(place.port);
  const behind = port === undefined ? '' : `:${port}`;
  if (place.address !== undefined) return `${place.address.includes(':') ? `[${place.address}]` : place.address}${behind}`;
  const name = place.name ?? '';
  if (place.family === undefined) return name + behind;
  return place.cut === true && port === undefined ? `[${name}` : `[${name}]${behind}`;
}

const IPV4_DIGITS = 8;

/** Reads `0A000001:01BB` and `[2001:0db8:…:0001]:0050` of `/proc/net/ip_vs`. */
export const hexLocation: Decoder<NumericLocation> = {
  expected: 'an address and a port in hexadecimal',
  decode(text) {
    const colon = text.lastIndexOf(':');
    const port = hexNumber(text.slice(colon + 1), 4);
    const host = text.slice(0, Math.max(colon, 0));
    const address = host.startsWith('[') && host.endsWith(']') ? hexAddress(host.slice(1, -1)) : hexAddress(host);
    return port === undefined || address === undefined || host.startsWith('[') !== address.includes(':') ? undefined : { address, port };
  },
};

/** The address that `0A000001` or `2001:0db8:0000:0000:0000:0000:0000:0001` stands for. */
export function hexAddress(text: string): string | undefined {
  if (text.length === IPV4_DIGITS) {
    const number = hexNumber(text, IPV4_DIGITS);
    return number === undefined ? undefined : printIpv4(number);
  }
  const groups = text.split(':', 9).map((group) => hexNumber(group, 4));
  const whole = groups.filter((group) => group !== undefined);
  return whole.length === 8 && groups.length === 8 ? printIpv6(whole) : undefined;
}

/** A number of exactly so many hexadecimal digits. */
export function hexNumber(text: string, digits: number): number | undefined {
  if (text.length !== digits) return undefined;
  let number = 0;
  for (let index = 0; index < digits; index += 1) {
    const digit = hexDigit(text.charCodeAt(index));
    if (digit < 0) return undefined;
    number = number * 16 + digit;
  }
  return number;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = (code | 0x20) - 0x61;
  return letter >= 0 && letter < 6 ? letter + 10 : -1;
}
