import { addToGroup } from '../../common/add-to-group.ts';
import type { NodeView } from '../../services/node-facts.ts';
import type { ServiceFrontend } from '../../proxy/service-table.ts';
import { endpointText } from '../../state/ipvs-table.ts';
import { nftTableOf } from '../../proxy/nftables/names.ts';
import type { Family } from '../../desired/settings.ts';
import type { KnownSettings } from '../../desired/known-settings.ts';
import type { ExpectedPlace } from './expected-place.ts';

/** The places at which the node serves, by family and `tcp 10.96.0.1:443`, and by `tcp *:30080` for every port served on some address. */
export type ServedPlaces = ReadonlyMap<string, readonly ServiceFrontend[]>;

/** What the node serves, to be looked up by the places that are expected. */
export function servedPlaces({ table }: NodeView): ServedPlaces {
  const places = new Map<string, ServiceFrontend[]>();
  for (const { frontends } of table.servicePorts) {
    for (const frontend of frontends) {
      const { protocol, addresses, port, purpose } = frontend;
      for (const address of addresses)
        addToGroup(places, `${address.includes(':') ? 'ipv6' : 'ipv4'} ${protocol} ${endpointText(address, port)}`, frontend);
      if (purpose === 'node port' || purpose === 'unknown')
        addToGroup(places, `${familyOfFrontend(frontend)} ${protocol} *:${port}`, frontend);
    }
  }
  return places;
}

/** The frontends at an expected place. */
export function servedAt(served: ServedPlaces, { family, key }: ExpectedPlace): readonly ServiceFrontend[] {
  return served.get(`${family} ${key}`) ?? [];
}

/** The family of a frontend: by what its place shows, its addresses or its endpoints. */
export function familyOfFrontend({ addresses, paths, family }: ServiceFrontend): Family {
  if (family !== undefined) return family;
  const text = addresses[0] ?? paths.find(({ endpoints }) => endpoints.length > 0)?.endpoints[0]?.address ?? '';
  return text.startsWith('[') || (addresses.length > 0 && text.includes(':')) ? 'ipv6' : 'ipv4';
}

/** Whether the snapshot shows all that the node serves in a family. */
export function showsFamily({ model }: NodeView, { known }: { readonly known?: KnownSettings }, family: Family): boolean {
  if (known?.settings.mode === 'nftables') return model.nft?.tables.get(nftTableOf(family))?.whole ?? model.nft?.complete === true;
  const rules = model.tables.get(`${family} nat`)?.complete === true;
  if (known?.settings.mode === 'iptables') return rules;
  if (model.ipvs?.complete === true) return true;
  return known === undefined && rules;
}

/** A node port in rules of iptables is looked up in one family alone: where both are listed, in IPv4. */
export function canBeSeen({ model, facts }: NodeView, { key, family }: ExpectedPlace): boolean {
  if (facts.proxyMode?.value === 'nftables') return true;
  return !(key.includes(' *:') && family === 'ipv6' && model.ipvs === undefined && model.tables.has('ipv4 nat'));
}

/**
 * Whether the snapshot shows who is masqueraded in a family, or who is refused: in ipvs mode rules ask sets for it, and either may be
 * missing.
 */
export function showsRules({ model, facts }: NodeView, family: Family, table: 'nat' | 'filter'): boolean {
  const mode = facts.proxyMode?.value;
  if (mode === 'nftables') return true;
  return model.tables.has(`${family} ${table}`) && (mode !== 'ipvs' || (model.sets !== undefined && model.tables.has(`${family} nat`)));
}
