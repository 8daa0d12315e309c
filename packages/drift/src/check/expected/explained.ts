import { endpointText } from '../../state/ipvs-table.ts';
import type { IpSetMember, IpvsService } from '../../state/model.ts';
import type { EndpointDifference } from './findings/endpoint-findings.ts';
import type { ExpectedPlace } from './expected-place.ts';

/** What is told already, so that what follows from it is not told again. */
export interface Explained {
  /** Service ports with a place that nothing serves. */
  readonly lost: ReadonlySet<string>;
  /** Service ports whose endpoints are not those of the objects. */
  readonly changed: ReadonlySet<string>;
  /** Endpoints that get connections and should not, or should and do not, as `10.244.0.15:80`. */
  readonly endpoints: ReadonlySet<string>;
  /** Addresses and ports of virtual services that no service has. */
  readonly addresses: ReadonlySet<string>;
  readonly ports: ReadonlySet<number>;
}

/** Gathers what the differences of services and endpoints explain. */
export function explainedBy(
  missing: readonly ExpectedPlace[],
  orphans: readonly IpvsService[],
  differences: readonly EndpointDifference[],
): Explained {
  return {
    lost: new Set(missing.map(({ name }) => name)),
    changed: new Set(differences.map(({ place }) => place.name)),
    endpoints: new Set([
      ...differences.flatMap(({ missing: lacking, extra }) => [...lacking, ...extra]),
      ...orphans.flatMap(({ destinations }) => [...destinations.keys()]),
      ...missing.flatMap(({ allowed }) => allowed ?? []),
    ]),
    addresses: new Set(orphans.flatMap(({ address }) => address ?? [])),
    ports: new Set(orphans.flatMap(({ port }) => port ?? [])),
  };
}

/**
 * Whether a member of a set belongs to something that is told already. Of a service that is gone, endpoints that were not ready stay too,
 * and its port for health checks.
 */
export function memberIsExplained({ elements }: IpSetMember, role: string, explained: Explained): boolean {
  const [first, second] = elements;
  if (first?.kind === 'PortElement')
    return explained.ports.has(Number(first.port)) || (role === 'health-check' && explained.addresses.size > 0);
  if (first?.kind !== 'AddressElement') return false;
  if (role === 'local-endpoints')
    return (
      second?.kind === 'PortElement' &&
      (explained.addresses.size > 0 || explained.endpoints.has(endpointText(first.address, Number(second.port))))
    );
  if (role.startsWith('node-port')) return second?.kind === 'PortElement' && explained.ports.has(Number(second.port));
  return explained.addresses.has(first.address);
}
