import { SET } from '../../proxy/names/fixed-names.ts';
import { IPVS_INTERFACE } from '../../proxy/facts/node-world.ts';
import { setName } from '../../proxy/names/set-catalogue.ts';
import type { Model } from '../../state/model.ts';
import type { KnownSettings } from '../../desired/known-settings.ts';
import type { DesiredIpvs } from '../../desired/ipvs/ipvs-tables.ts';
import { type Family, familyOf } from '../../desired/settings.ts';

/** Whether anything tells the address that kube-proxy takes for its node's: it decides whether source ranges allow the node itself. */
export function knowsNodeIp({ settings }: KnownSettings, family: Family): boolean {
  return settings.nodeAddresses.some((address) => familyOf(address) === family);
}

/** Whether the set of the addresses that kube-proxy binds (1.26 and later) holds one, or kube-ipvs0 does: then it was asked for. */
function wasBound(address: string, { sets, interfaces }: Model): boolean {
  return (
    interfaces.get(IPVS_INTERFACE)?.addresses.has(address) === true ||
    sets?.sets.get(setName(SET.ipvsIps, familyOf(address)))?.members?.has(address) === true
  );
}

/** An external address may be the node's own, which from 1.28 on is not bound, where nothing tells the node's addresses. */
export function mayBeUnbound(address: string, { ports }: DesiredIpvs, known: KnownSettings | undefined, model: Model): boolean {
  if (wasBound(address, model)) return false;
  if (known !== undefined && [known.settings, ...known.others].every(({ minor }) => minor < 28)) return false;
  if (known?.settings.localAddresses !== undefined && !known.addressesAreSeen) return false;
  return !ports.some(({ clusterIp }) => clusterIp === address);
}
