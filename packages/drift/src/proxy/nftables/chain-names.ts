import { nameHash } from '../names/chain-hash.ts';

/** What a chain of one service port is for; `endpoint` and `affinity` are of one of its endpoints, `affinity` a set. */
export type NftChainRole = 'service' | 'local' | 'external' | 'firewall' | 'endpoint' | 'affinity';

/** A service port as names of chains spell it. */
export interface NftChainOwner {
  readonly namespace: string;
  readonly name: string;
  /** Empty where the port has no name. */
  readonly port: string;
  readonly protocol: string;
}

/** Longer names are cut (`chainNameBaseLengthMax`): 240 characters less the longest prefix. */
const LONGEST = 240 - 'external-'.length;

/**
 * The name of the chains and sets of a service port, or of one of its endpoints (`10.0.0.1:80`, `[fd00::1]:80`), behind `service-` and the
 * like.
 *
 * Source: kubernetes pkg/proxy/nftables/proxier.go, `servicePortChainNameBase`, `servicePortEndpointChainNameBase`, `hashAndTruncate`.
 *
 * @example
 * nftChainBase({ namespace: 'kube-system', name: 'kube-dns', port: 'dns', protocol: 'udp' }) // => 'FY5PMXPG-kube-system/kube-dns/udp/dns'
 */
export function nftChainBase({ namespace, name, port, protocol }: NftChainOwner, endpoint?: string): string {
  const base = `${namespace}/${name}/${protocol}/${port}${endpoint === undefined ? '' : `__${endpointName(endpoint)}`}`;
  const full = `${nameHash(base, 5)}-${base}`;
  return full.length > LONGEST ? `${full.slice(0, LONGEST - 3)}...` : full;
}

/** A chain's name has no colon and no bracket: `10.0.0.1/80`, `fd00..1/80`. */
function endpointName(endpoint: string): string {
  const colon = endpoint.lastIndexOf(':');
  return `${endpoint.slice(0, colon).replaceAll(':', '.').replaceAll(/[[\]]/g, '')}/${endpoint.slice(colon + 1)}`;
}
