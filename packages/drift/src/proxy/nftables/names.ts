import type { Model } from '../../state/model.ts';
import type { NftTableEntry } from '../../world/nftables/tables.ts';

/** What a chain or a comment of kube-proxy's tables says of the service it belongs to. */
export interface NftName {
  /** `namespace/name:port` */
  readonly servicePort: string;
  /** What the chain is for, by its name: `service`, `local`, `external`, `endpoint`, `firewall`. */
  readonly role?: string;
}

/** Tables that kube-proxy makes (pkg/proxy/nftables/proxier.go, `kubeProxyTable`). */
export function isKubeProxyTable({ table }: NftTableEntry): boolean {
  return isKubeProxyTableName(`${table.family} ${table.name}`);
}

/** Those of a node. */
export function kubeProxyTables({ nft }: Pick<Model, 'nft'>): NftTableEntry[] {
  return [...(nft?.tables.values() ?? [])].filter(isKubeProxyTable);
}

/** The same of a name with its family: `ip kube-proxy`. */
export function isKubeProxyTableName(name: string): boolean {
  return name === 'ip kube-proxy' || name === 'ip6 kube-proxy';
}

/** Family and name of the table that kube-proxy makes for a family. */
export function nftTableOf(family: 'ipv4' | 'ipv6'): string {
  return family === 'ipv4' ? 'ip kube-proxy' : 'ip6 kube-proxy';
}

/**
 * The service that a chain is called after. Names are labels: nothing is decided by them.
 *
 * @example
 * nameOfChain('service-FY5PMXPG-kube-system/kube-dns/udp/dns') // => { servicePort: 'kube-system/kube-dns:dns', role: 'service' }
 */
export function nameOfChain(chain: string): NftName | undefined {
  const [head, name, , port] = chain.split('/');
  const [role, hash, ...namespace] = head?.split('-') ?? [];
  if (role === undefined || hash === undefined || name === undefined || port === undefined || namespace.length === 0) return undefined;
  const portName = port.replace(/__.*$/, '');
  return { servicePort: `${namespace.join('-')}/${name}${portName === '' ? '' : `:${portName}`}`, role };
}

/** `prod/shop:https`, the comment of an element for a service without endpoints or with source ranges. */
export function nameOfComment(comment: string): NftName | undefined {
  return /^[a-z0-9][-a-z0-9.]*\/[a-z0-9][-a-z0-9.]*(?::[A-Za-z0-9][-A-Za-z0-9._]*)?$/.test(comment) ? { servicePort: comment } : undefined;
}

/** The sets of kube-proxy whose members are cluster IPs. */
export const CLUSTER_IPS = 'cluster-ips';
