import { parseIpv4, quoteInput, type Diagnostic, type Span } from '@netdrift/core';
import type { Destination, NamedLocation, NumericLocation, VirtualService } from './ast.ts';
import { report } from './diagnostics.ts';

/** Reports what is readable but odd in services and destinations: names, cut names, wrong facts of old versions. */
export interface Oddities {
  service(service: VirtualService): void;
  destination(destination: Destination, service: VirtualService): void;
}

/** The kernel's own methods. */
const kernelMethods: ReadonlySet<string> = new Set(['Masq', 'Local', 'Tunnel', 'Route']);

/** Protocols of services; ICMP and ICMPv6 are dpvs's, `?` is ipvsadm's word for one that it does not know. */
const serviceProtocols: ReadonlySet<string> = new Set(['TCP', 'UDP', 'SCTP', '?', 'ICMP', 'ICMPv6']);

export function oddities(tell: (diagnostic: Diagnostic) => void): Oddities {
  let named = false;

  function location(place: NumericLocation | NamedLocation, span: Span): void {
    if (place.name === undefined && place.portName === undefined) return;
    if (place.name === '(null)') {
      tell(report('ipvsadm/null-address', span, 'address was printed as (null)'));
      return;
    }
    if (place.cut === true) {
      tell(report('ipvsadm/name-cut', span, `name ${quoteInput(place.name ?? place.portName ?? '')} may be cut`));
    }
    if (named) return;
    named = true;
    tell(
      report('ipvsadm/names', span, 'names are shown instead of addresses or ports, so services cannot be compared', {
        help: 'capture again with ipvsadm -n',
      }),
    );
  }

  return {
    service(service) {
      if (service.fwmark === undefined && service.match === undefined) location(service, service.span);
      if (service.protocol !== undefined && !serviceProtocols.has(service.protocol)) {
        tell(
          report('ipvsadm/unknown-protocol', service.span, `protocol ${quoteInput(service.protocol)} is not one that a service can have`),
        );
      }
      if (service.otherWords !== undefined) {
        tell(
          report(
            'ipvsadm/unknown-words',
            service.span,
            `words ${quoteInput(service.otherWords.join(' '))} are not ones that ipvsadm prints`,
          ),
        );
      }
      if (service.scheduler === 'mh' && service.flags?.some((flag) => flag.startsWith('flag-')) === true) {
        tell(
          report('ipvsadm/old-flag-name', service.span, 'mh has flags by number, as ipvsadm 1.27 to 1.29 print mh-fallback and mh-port'),
        );
      }
    },
    destination(destination, service) {
      const { span, forward } = destination;
      location(destination, span);
      if (forward !== undefined && !kernelMethods.has(forward)) {
        tell(report('ipvsadm/unknown-method', span, `forwarding method ${quoteInput(forward)} is not one that the kernel has`));
      }
      if (forward === 'Tunnel' && destination.address !== undefined && isInvented(destination.address, service)) {
        tell(
          report(
            'ipvsadm/invented-address',
            span,
            `${destination.address} may be the start of an IPv6 address, as ipvsadm before 1.28 prints it`,
            {
              help: 'list again with ipvsadm 1.28 or later',
            },
          ),
        );
      }
    },
  };
}

/** The first four bytes of 2001::/16, fc00::/7 or fe80::/10, printed as an IPv4 address: `32.1.13.184`. */
function isInvented(address: string, service: VirtualService): boolean {
  if (service.address?.includes(':') === true) return false;
  const number = parseIpv4(address);
  if (number === undefined) return false;
  const first = number >>> 24;
  return number >>> 16 === 0x2001 || first === 0xfc || first === 0xfd || number >>> 16 === 0xfe80;
}
