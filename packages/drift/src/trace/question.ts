import { canonicalAddress, familyOf, parseProtocol, protocolName } from '@netdrift/core';

/** A packet to ask about. */
export interface PacketQuestion {
  readonly family: 'ipv4' | 'ipv6';
  /** Number, and the name it is shown by. */
  readonly protocol: number;
  readonly protocolName: string;
  /** Missing: told by `from`, or asked for each kind of sender. */
  readonly source?: string;
  readonly sourcePort?: number;
  readonly destination: string;
  /** Missing for protocols without ports. */
  readonly destinationPort?: number;
}

/** What is wrong with the text of a packet. */
export interface QuestionFault {
  readonly fault: string;
}

/** Protocols whose packets have ports. */
const PORTED = new Set([6, 17, 33, 132, 136]);

/**
 * Reads a packet as a person writes it: `tcp 10.244.3.9 → 10.96.0.10:53`, `udp 10.96.0.10:53`, `tcp [fd00::9]:40000 -> [fd00:96::a]:443`,
 * `icmp 10.244.3.9 -> 10.244.0.2`. The arrow may be written `->`.
 *
 * @example
 * parsePacketQuestion('udp 10.96.0.10:53') // => { family: 'ipv4', protocol: 17, protocolName: 'udp', destination: '10.96.0.10',
 * destinationPort: 53 }
 */
export function parsePacketQuestion(text: string): PacketQuestion | QuestionFault {
  const words = text.trim().replaceAll('→', ' -> ').replaceAll('->', ' -> ').split(/\s+/);
  const [protocolText = '', ...rest] = words;
  const protocol = parseProtocol(protocolText.toLowerCase());
  if (protocol?.number === undefined || protocol.number === 0)
    return { fault: `expected a protocol first, as in "tcp 10.244.3.9 -> 10.96.0.10:53", found "${protocolText}"` };
  const arrow = rest.indexOf('->');
  if (rest.length !== (arrow < 0 ? 1 : 3) || (arrow >= 0 && arrow !== 1))
    return { fault: 'expected one sender, an arrow and one destination, as in "tcp 10.244.3.9 -> 10.96.0.10:53"' };
  const source = arrow < 0 ? undefined : placeOf(rest[0] ?? '');
  const destination = placeOf(rest.at(-1) ?? '');
  if (destination === undefined || (arrow >= 0 && source === undefined))
    return {
      fault: `expected an address, perhaps with a port, found "${destination === undefined ? (rest.at(-1) ?? '') : (rest[0] ?? '')}"`,
    };
  if (source !== undefined && source.family !== destination.family) return { fault: 'the two addresses are of different families' };
  const hasPorts = PORTED.has(protocol.number);
  if (hasPorts && destination.port === undefined) return { fault: `expected a port at the destination: ${protocolText} has ports` };
  if (!hasPorts && (destination.port !== undefined || source?.port !== undefined)) return { fault: `${protocolText} has no ports` };
  return {
    family: destination.family,
    protocol: protocol.number,
    protocolName: protocolName(protocol.number),
    ...(source === undefined ? {} : { source: source.address }),
    ...(source?.port === undefined ? {} : { sourcePort: source.port }),
    destination: destination.address,
    ...(destination.port === undefined ? {} : { destinationPort: destination.port }),
  };
}

interface PacketEnd {
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  readonly port?: number;
}

function placeOf(text: string): PacketEnd | undefined {
  const { host, port } = splitPort(text);
  const address = canonicalAddress(host);
  const family = familyOf(host);
  if (address === undefined || family === undefined) return undefined;
  if (port === undefined) return { family, address };
  const number = /^\d{1,5}$/.test(port) ? Number(port) : Number.NaN;
  return number <= 65_535 ? { family, address, port: number } : undefined;
}

function splitPort(text: string): { readonly host: string; readonly port?: string } {
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    if (end < 0) return { host: text };
    const host = text.slice(1, end);
    if (end === text.length - 1) return { host };
    return text[end + 1] === ':' ? { host, port: text.slice(end + 2) } : { host: text };
  }
  const colon = text.indexOf(':');
  return colon < 0 || colon !== text.lastIndexOf(':') ? { host: text } : { host: text.slice(0, colon), port: text.slice(colon + 1) };
}
