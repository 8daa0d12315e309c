import type { ProxyMode } from '../proxy/facts/fact.ts';
import type { Model } from '../state/model.ts';

type Family = 'ipv4' | 'ipv6';

/**
 * Whether a snapshot shows everything that serves in its mode: then what it has no rule for is not served. Where the listing of that
 * mechanism is missing or cut, that cannot be told.
 */
export function showsServices(model: Model, mode: ProxyMode | undefined, family: Family): boolean {
  if (mode === 'ipvs') return model.ipvs?.complete === true;
  if (mode === 'nftables') return showsNft(model, family);
  if (mode === 'iptables') return showsNat(model, family);
  // Nothing serves, or more than one thing does.
  return (
    showsNat(model, family) &&
    (mode === undefined || model.ipvs?.complete !== false) &&
    (model.nft === undefined || showsNft(model, family))
  );
}

function showsNat({ tables, wholeFamilies, nft }: Model, family: Family): boolean {
  return tables.get(`${family} nat`)?.complete ?? (wholeFamilies.has(family) || nft?.complete === true);
}

function showsNft({ nft }: Model, family: Family): boolean {
  const entry = nft?.tables.get(`${family === 'ipv4' ? 'ip' : 'ip6'} kube-proxy`);
  return entry === undefined ? nft?.complete === true : entry.whole;
}
