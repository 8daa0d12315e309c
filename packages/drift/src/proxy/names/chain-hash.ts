import { encode } from '@netdrift/core';
import { sha256 } from './sha256.ts';

/** The chains that kube-proxy's iptables mode makes for each service port, and `SEP` for each of its endpoints. */
export type ServiceChainKind = 'SVC' | 'SVL' | 'EXT' | 'FW' | 'XLB' | 'SEP';

/** What a chain is named for. */
export interface ServiceChainName {
  readonly kind: ServiceChainKind;
  /** The 16 characters behind `KUBE-SVC-`. */
  readonly hash: string;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const PREFIX = 'KUBE-';
const HASH_LENGTH = 16;
const KINDS: ReadonlySet<string> = new Set(['SVC', 'SVL', 'EXT', 'FW', 'XLB', 'SEP'] satisfies ServiceChainKind[]);

/**
 * The 16 characters that stand for a service port, or for one of its endpoints, in names of chains.
 *
 * `servicePort` is `namespace/service:port`, without the colon where the port has no name; the protocol is taken in lower
 * case; `endpoint` is `10.0.0.1:80` or `[fd00::1]:80`. All chains of one service port share their hash, those of endpoints
 * have one of their own. Source: kubernetes pkg/proxy/iptables/proxier.go, `portProtoHash` and `servicePortEndpointChainName`.
 *
 * @example
 * chainHash('default/nginx-service:http', 'TCP') // => '6IM33IEVEEV7U3GP'
 * chainHash('default/nginx-service:http', 'tcp', '172.17.0.2:80') // => 'Q3UCPZ54E6Q2R4UT'
 */
export function chainHash(servicePort: string, protocol: string, endpoint = ''): string {
  return nameHash(servicePort + protocol.toLowerCase() + endpoint, 10);
}

/** The first bytes of the SHA-256 sum of a text, in base 32: what kube-proxy puts into names. */
export function nameHash(text: string, bytes: number): string {
  return base32(sha256(bytesOf(text)).subarray(0, bytes));
}

/** Nearly all names are short and of ASCII: to put them down one by one takes less time than to ask for an encoder. */
function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return encode(text);
    bytes[at] = code;
  }
  return bytes;
}

/** Bytes in base 32, without padding (RFC 4648). */
function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(held >>> (bits - 5)) & 31] ?? '';
    held &= 0xff;
  }
  return text;
}

/**
 * The name of a chain of a service port.
 *
 * @example
 * serviceChain('SVC', 'default/kubernetes:https', 'tcp') // => 'KUBE-SVC-NPX46M4PTMTKRN6Y'
 */
export function serviceChain(kind: ServiceChainKind, servicePort: string, protocol: string, endpoint?: string): string {
  return `KUBE-${kind}-${chainHash(servicePort, protocol, endpoint)}`;
}

/**
 * Kind and hash of a chain's name, or `undefined` for a chain that is not made for one service port.
 *
 * @example
 * parseServiceChain('KUBE-SVC-NPX46M4PTMTKRN6Y') // => { kind: 'SVC', hash: 'NPX46M4PTMTKRN6Y' }
 * parseServiceChain('KUBE-SERVICES') // => undefined
 */
export function parseServiceChain(name: string): ServiceChainName | undefined {
  const dash = name.length - HASH_LENGTH - 1;
  if (dash <= PREFIX.length || name[dash] !== '-' || !name.startsWith(PREFIX)) return undefined;
  const kind = name.slice(PREFIX.length, dash);
  const hash = name.slice(dash + 1);
  return isKind(kind) && isBase32(hash) ? { kind, hash } : undefined;
}

function isKind(text: string): text is ServiceChainKind {
  return KINDS.has(text);
}

function isBase32(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // A to Z, 2 to 7
    if (!((code >= 65 && code <= 90) || (code >= 50 && code <= 55))) return false;
  }
  return true;
}

/** Whether kube-proxy would give a chain this name. Some versions hashed an unnamed port with its colon. */
export function isChainOf(chain: string, servicePort: string, protocol: string, endpoint = ''): boolean {
  const hash = parseServiceChain(chain)?.hash;
  return [servicePort, `${servicePort}:`].some((name) => chainHash(name, protocol, endpoint) === hash);
}
