import type { Destination, VirtualService } from '@netdrift/ipvsadm';

/**
 * What `ipvsadm -R` takes where somebody wrote a destination without it, as `-S` never does (ipvsadm(8)): the port of the service, direct
 * routing, and weight 1.
 */
export function withDefaults(destination: Destination, { port, portName }: VirtualService): Destination {
  const hasPort = destination.port !== undefined || destination.portName !== undefined;
  return {
    ...destination,
    ...(hasPort || port === undefined ? {} : { port }),
    ...(hasPort || portName === undefined ? {} : { portName }),
    forward: destination.forward ?? 'Route',
    weight: destination.weight ?? 1,
  };
}
