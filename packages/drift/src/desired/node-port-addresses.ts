import { addressNumber, blockRange, inRange } from '../state/address-range.ts';
import { type Family, familyOf, type ProxySettings } from './settings.ts';

/**
 * The addresses of the node on which ipvs mode puts node ports (`nodeport_addresses.go`, `netlink_linux.go`).
 *
 * Without `--nodeport-addresses` every address but those of kube-ipvs0: up to 1.24 loopback too, later not. Link-local IPv6 addresses
 * never count there.
 */
export function nodePortAddresses(settings: ProxySettings, family: Family): readonly string[] {
  const { nodeAddresses, localAddresses = nodeAddresses, minor } = settings;
  const own = [...new Set(localAddresses)].filter((address) => familyOf(address) === family);
  const ranges = rangesOf(settings, family);
  if (ranges === undefined) return own.filter((address) => !isLinkLocal(address) && (minor < 25 || !isLoopback(address)));
  return own.filter((address) => !(minor >= 26 && isLoopback(address)) && ranges.some((range) => contains(range, address)));
}

/** The ranges of a family; undefined where every address counts: none is given for the family, or one of all addresses. */
function rangesOf({ nodePortAddresses: asked = [], nodeAddresses, minor }: ProxySettings, family: Family): readonly string[] | undefined {
  if (minor >= 29 && asked.includes('primary')) return nodeAddresses.filter((address) => familyOf(address) === family).slice(0, 1);
  const own = asked.filter((range) => familyOf(range) === family);
  return own.length === 0 || own.some((range) => range.endsWith('/0')) ? undefined : own;
}

/** Whether a range, `10.0.0.0/8`, holds an address. */
export function contains(range: string, address: string): boolean {
  const block = blockRange(range);
  const number = addressNumber(address);
  return block !== undefined && number !== undefined && inRange(block, number);
}

function isLoopback(address: string): boolean {
  return address === '::1' || contains('127.0.0.0/8', address);
}

function isLinkLocal(address: string): boolean {
  return contains('fe80::/10', address);
}
