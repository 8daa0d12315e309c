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
const NAME = /^KUBE-(SVC|SVL|EXT|FW|XLB|SEP)-([A-Z2-7]{16})$/;

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
  return base32(sha256(encode(servicePort + protocol.toLowerCase() + endpoint)).subarray(0, 10));
}

/** Bytes in base 32, without padding (RFC 4648). */
export function base32(bytes: Uint8Array): string {
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
  const found = NAME.exec(name);
  // The expression's first group lists exactly the kinds.
  return found === null ? undefined : { kind: found[1] as ServiceChainKind, hash: found[2] as string };
}

/** Whether kube-proxy would give a chain this name. Some versions hashed an unnamed port with its colon. */
export function isChainOf(chain: string, servicePort: string, protocol: string, endpoint = ''): boolean {
  const hash = parseServiceChain(chain)?.hash;
  return [servicePort, `${servicePort}:`].some((name) => chainHash(name, protocol, endpoint) === hash);
}
