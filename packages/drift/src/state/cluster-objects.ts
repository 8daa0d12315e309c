import { valuesOf } from '../read/kinds/values-of.ts';
import type { Part } from '../read/snapshot.ts';
import { endpointText } from './ipvs-table.ts';
import type { KubernetesEndpoints, KubernetesService } from './model.ts';
import { type Origin, originIn } from './origin.ts';

/** The Services that are shown, by namespace and name; undefined where none are. */
export function servicesOf(parts: readonly Part[]): Map<string, KubernetesService> | undefined {
  let services: Map<string, KubernetesService> | undefined;
  for (const { value, part } of valuesOf(parts, 'Services')) {
    services ??= new Map();
    for (const { line, ...service } of value.services) {
      const key = `${service.namespace}/${service.name}`;
      services.set(key, { key, ...service, origin: lineOrigin(part, line) });
    }
  }
  // Objects told in full say all that a table says, and more.
  for (const { value, part } of valuesOf(parts, 'Objects')) {
    if (value.services.length === 0) continue;
    services ??= new Map();
    for (const {
      namespace,
      name,
      type,
      clusterIps,
      externalIps,
      loadBalancerIps,
      ports,
      externalTrafficPolicy,
      internalTrafficPolicy,
      line,
    } of value.services) {
      const key = `${namespace}/${name}`;
      const addresses = { clusterIps, externalIps: [...externalIps, ...loadBalancerIps], loadBalancerIps };
      const policies = {
        ...(externalTrafficPolicy === undefined ? {} : { externalTrafficPolicy }),
        ...(internalTrafficPolicy === undefined ? {} : { internalTrafficPolicy }),
      };
      services.set(key, {
        key,
        namespace,
        name,
        ...(type === undefined ? {} : { type }),
        ...addresses,
        ports,
        ...policies,
        origin: lineOrigin(part, line),
      });
    }
  }
  return services;
}

/** The ready endpoints that are shown, by namespace and name of their service; undefined where none are. */
export function endpointsOf(parts: readonly Part[]): Map<string, KubernetesEndpoints> | undefined {
  let endpoints: Map<string, KubernetesEndpoints> | undefined;
  for (const { value, part } of valuesOf(parts, 'Endpoints')) {
    endpoints ??= new Map();
    for (const row of value.endpoints) {
      const key = `${row.namespace}/${row.name}`;
      endpoints.set(key, { key, addresses: row.addresses, cut: row.cut, origin: lineOrigin(part, row.line) });
    }
  }
  for (const [key, entry] of endpointObjects(parts)) (endpoints ??= new Map()).set(key, entry);
  return endpoints;
}

/** The ready endpoints of services told in full. */
function endpointObjects(parts: readonly Part[]): Map<string, KubernetesEndpoints> {
  const endpoints = new Map<string, KubernetesEndpoints>();
  for (const { value, part } of valuesOf(parts, 'Objects')) {
    for (const { namespace, service, port, endpoints: listed, cut, line } of value.endpointPorts) {
      const key = `${namespace}/${service}`;
      const known = endpoints.get(key);
      const ready = listed.filter((endpoint) => endpoint.ready).map(({ address }) => endpointText(address, port));
      const addresses = [...new Set([...(known?.addresses ?? []), ...ready])];
      endpoints.set(key, { key, addresses, cut: cut || known?.cut === true, origin: known?.origin ?? lineOrigin(part, line) });
    }
  }
  return endpoints;
}

/** A reader counts the lines of its own text, which the part places in the whole input. */
export function lineOrigin(part: Part, line: number): Origin {
  return originIn({ part: part.index, line });
}
