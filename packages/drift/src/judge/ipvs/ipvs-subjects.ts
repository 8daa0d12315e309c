import { persistenceText } from '../../differences/ipvs.ts';
import { frontendLabel } from '../../services/frontends.ts';
import type { IpvsDestination, IpvsService } from '../../state/model.ts';
import type { Facts, Subject } from '../../report.ts';
import type { Comparison } from '../comparison.ts';

/** A virtual service as the subject of a change. */
export function subjectOf(service: IpvsService, comparison: Comparison): Subject {
  return { kind: 'ipvs.service', name: labelOf(service, comparison), frontends: [service.key] };
}

/** What a person would call a virtual service: its service port and purpose where they are known, else its address. */
export function labelOf(service: IpvsService, { before, after }: Comparison): string {
  const frontend = after.frontends.get(service.key) ?? before.frontends.get(service.key);
  if (frontend === undefined) return service.key;
  const named = frontend.servicePort === undefined ? (before.frontends.get(service.key) ?? frontend) : frontend;
  return frontendLabel(named);
}

/** A virtual service as plain facts. */
export function factsOf(service: IpvsService): Facts {
  return {
    ...(service.scheduler === undefined ? {} : { scheduler: service.scheduler }),
    ...(service.showsPersistence ? { persistence: persistenceText(service) } : {}),
    destinations: [...service.destinations.values()].map(destinationFacts),
  };
}

/** A destination as plain facts. */
export function destinationFacts(destination: IpvsDestination): Facts {
  const { key, weight, forward, upperThreshold, lowerThreshold, tunnel } = destination;
  return {
    address: key,
    ...(weight === undefined ? {} : { weight }),
    ...(forward === undefined ? {} : { forward }),
    ...(upperThreshold === undefined ? {} : { upperThreshold }),
    ...(lowerThreshold === undefined ? {} : { lowerThreshold }),
    ...(tunnel === undefined ? {} : { tunnel }),
  };
}
