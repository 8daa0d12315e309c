import type { Diagnostic } from '@netdrift/core';
import type { IpvsadmValue, VirtualService } from './ast.ts';
import { report } from './diagnostics.ts';
import { hasServices } from './guards.ts';
import { destinationKey, serviceKey } from './identity.ts';

/** Reports what a table holds twice though the kernel holds it once. */
export function checkDuplicates(value: IpvsadmValue, tell: (diagnostic: Diagnostic) => void): void {
  if (!hasServices(value)) return;
  const services = new Map<string, VirtualService>();
  for (const service of value.services) {
    checkDestinations(service, tell);
    const key = serviceKey(service);
    if (key === undefined) continue;
    const first = services.get(key);
    if (first === undefined) {
      services.set(key, service);
      continue;
    }
    tell(
      report('ipvsadm/duplicate-service', service.span, 'service is listed twice', {
        labels: [{ span: first.span, message: 'first listed here' }],
        help: 'ipvsadm before 1.28 prints SCTP services as UDP',
      }),
    );
  }
}

function checkDestinations(service: VirtualService, tell: (diagnostic: Diagnostic) => void): void {
  if (service.destinations.length < 2) return;
  const seen = new Set<string>();
  for (const destination of service.destinations) {
    const key = destinationKey(destination);
    if (key === undefined) continue;
    if (seen.has(key)) tell(report('ipvsadm/duplicate-destination', destination.span, 'destination is listed twice under one service'));
    seen.add(key);
  }
}
