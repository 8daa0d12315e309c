import type { KnownSettings } from '../../desired/known-settings.ts';
import type { DesiredIpvs } from '../../desired/ipvs-tables.ts';
import { type Family, familyOf } from '../../desired/settings.ts';

/** Whether anything tells the address that kube-proxy takes for its node's: it decides whether source ranges allow the node itself. */
export function knowsNodeIp({ settings }: KnownSettings, family: Family): boolean {
  return settings.nodeAddresses.some((address) => familyOf(address) === family);
}

/** An external address may be the node's own, which from 1.28 on is not bound, where nothing tells the node's addresses. */
export function mayBeUnbound(address: string, { ports }: DesiredIpvs, known: KnownSettings | undefined): boolean {
  if (known?.settings.localAddresses !== undefined && !known.addressesAreSeen) return false;
  return !ports.some(({ clusterIp }) => clusterIp === address);
}
