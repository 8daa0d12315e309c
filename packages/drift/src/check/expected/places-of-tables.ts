import type { FrontendPurpose } from '../../proxy/names/comments.ts';
import { endpointText } from '../../state/ipvs-table.ts';
import type { Model } from '../../state/model.ts';
import { familyOf } from '../../desired/settings.ts';
import type { ExpectedPlace } from './expected-place.ts';

/**
 * What `kubectl get svc` and `kubectl get endpoints` ask of a node: they show neither policies nor which endpoint belongs to which port.
 */
export function placesOfTables(model: Model): { readonly places: readonly ExpectedPlace[]; readonly complete: boolean } {
  const places: ExpectedPlace[] = [];
  const namespaces = new Set<string>();
  for (const service of model.services?.values() ?? []) {
    namespaces.add(service.namespace);
    const listed = model.endpoints?.get(service.key);
    // A table does not show endpoints that are ending and still serve: they stand in where no other is left.
    const endpoints =
      listed === undefined || listed.cut || listed.addresses.length === 0 || service.ports.length !== 1 ? undefined : listed.addresses;
    for (const { port, protocol, nodePort } of service.ports) {
      const name = service.ports.length === 1 ? service.key : `${service.key} ${port}/${protocol.toUpperCase()}`;
      const add = (key: string, purpose: FrontendPurpose, address: string, known: readonly string[] | undefined): void => {
        const own = known?.filter((endpoint) => endpoint.startsWith('[') === address.includes(':'));
        const shown = own === undefined ? {} : { endpoints: own, allowed: own };
        places.push({
          key,
          name,
          service: service.key,
          purpose,
          family: familyOf(address),
          ...shown,
          policyUnknown: true,
          certain: true,
          paths: [],
          origin: service.origin,
        });
      };
      for (const address of service.clusterIps) add(`${protocol} ${endpointText(address, port)}`, 'cluster IP', address, endpoints);
      for (const address of service.externalIps) add(`${protocol} ${endpointText(address, port)}`, 'external IP', address, undefined);
      if (nodePort !== undefined) add(`${protocol} *:${nodePort}`, 'node port', service.clusterIps[0] ?? '', undefined);
    }
  }
  return { places, complete: namespaces.size > 1 };
}
