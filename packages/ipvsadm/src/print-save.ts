import { quoteInput, type Diagnostic, type Span } from '@netdrift/core';
import type { Destination, IpvsadmTable, IpvsadmValue, VirtualService } from './ast.ts';
import { report, type IpvsadmDiagnosticCode } from './diagnostics.ts';
import type { Draft } from './draft.ts';
import { hasServices } from './guards.ts';
import { printIdentity, printRules } from './save/print.ts';

/** Options of {@link printIpvsadmSave}. */
export interface PrintIpvsadmSaveOptions {
  /** Called with each thing that cannot be written, or that the value does not show. */
  readonly report?: (diagnostic: Diagnostic) => void;
}

/**
 * Input for `ipvsadm -R` (1.24 to 1.31) that sets up the services of a listing or a save.
 *
 * What cannot be restored is left out and reported: marks above 2147483647, names that were cut, methods of patched tools,
 * scheduler flags without a name; and everything whose scheduler or method the form does not show (`--stats`,
 * `--thresholds`, …): merge several forms with `mergeIpvsadm` first. Thresholds are written where they are known, though `ipvsadm -S` never
 * writes them. Destinations that were `Local` are written `-g`, as `ipvsadm -S` does.
 *
 * @example
 * printIpvsadmSave(parseIpvsadm(listing).value) // => '-A -t 10.0.0.1:443 -s rr -p 10800\n-a -t 10.0.0.1:443 -r …'
 */
export function printIpvsadmSave(value: IpvsadmValue | IpvsadmTable, options: PrintIpvsadmSaveOptions = {}): string {
  const tell = options.report ?? (() => undefined);
  if (value.kind !== 'IpvsadmTable' && !hasServices(value)) {
    tell(report('ipvsadm/nothing-to-restore', value.span, 'the value holds no table of services'));
    return '';
  }
  const restored = value.services.map((service) => restorable(service, tell)).filter((service) => service !== undefined);
  tellDefaults(restored, tell);
  return restored.map((service) => printRules(withoutZeroThresholds(service), { form: 'save' })).join('');
}

type Tell = (diagnostic: Diagnostic) => void;

/** What of a service can be restored. */
function restorable(service: VirtualService, tell: Tell): VirtualService | undefined {
  const reason = whyNotService(service);
  if (reason !== undefined) {
    tell(report(reason.code, service.span, `service ${printIdentity(service)} is left out: ${reason.message}`));
    return undefined;
  }
  const destinations = service.destinations.filter((destination) => isRestorable(destination, service, tell));
  const restored: Draft<VirtualService> = { ...service, destinations };
  if (service.flags?.length === 0) {
    tell(
      report(
        'ipvsadm/flag-not-restorable',
        service.span,
        `a scheduler flag of service ${printIdentity(service)} has no name and is left out`,
      ),
    );
    delete restored.flags;
  }
  return restored;
}

interface Reason {
  readonly code: IpvsadmDiagnosticCode;
  readonly message: string;
}

function whyNotService(service: VirtualService): Reason | undefined {
  if (service.fwmark !== undefined && service.fwmark > 0x7fff_ffff) {
    return { code: 'ipvsadm/mark-not-restorable', message: 'ipvsadm -R refuses marks above 2147483647' };
  }
  if (service.fwmark !== undefined && service.family === undefined) return factNotShown('the family of the mark');
  if (service.match !== undefined) return notRestorable('it is known by a condition');
  if (service.protocol === '?') return notRestorable('its protocol has no option');
  if (service.fwmark === undefined) {
    const place = whyNotPlace(service);
    if (place !== undefined) return notRestorable(place);
  }
  if (service.scheduler === undefined) return factNotShown('its scheduler');
  if (service.persistence?.timeoutTicks !== undefined && service.persistence.timeout === undefined) {
    return factNotShown('its persistence in seconds');
  }
  return undefined;
}

function notRestorable(message: string): Reason {
  return { code: 'ipvsadm/not-restorable', message };
}

function factNotShown(fact: string): Reason {
  return { code: 'ipvsadm/fact-not-shown', message: `${fact} is not shown` };
}

/** A whole name can be restored where it can be looked up; a part of one cannot. */
function whyNotPlace({ cut, name, port, portName }: VirtualService | Destination): string | undefined {
  if (cut === true || name === '(null)') return 'its address is not shown whole';
  return port === undefined && portName === undefined ? 'its port is not shown' : undefined;
}

const methods: ReadonlySet<string> = new Set(['Masq', 'Tunnel', 'Route', 'Local']);

function isRestorable(destination: Destination, service: VirtualService, tell: Tell): boolean {
  const { forward, span } = destination;
  const where = `of service ${printIdentity(service)}`;
  const place = whyNotPlace(destination);
  if (place !== undefined) return refused('ipvsadm/not-restorable', span, `a destination ${where} is left out: ${place}`, tell);
  if (forward === undefined)
    return refused('ipvsadm/fact-not-shown', span, `a destination ${where} is left out: its method is not shown`, tell);
  if (!methods.has(forward)) {
    return refused('ipvsadm/not-restorable', span, `a destination ${where} is left out: method ${quoteInput(forward)} has no option`, tell);
  }
  if (forward === 'Local') tell(report('ipvsadm/local-not-restorable', span, `a local destination ${where} is written as -g`));
  return true;
}

/** A threshold of 0 is none, as where nothing is written. */
function withoutZeroThresholds(service: VirtualService): VirtualService {
  const destinations = service.destinations.map((destination) => {
    const restored: Draft<Destination> = { ...destination };
    if (restored.upperThreshold === 0) delete restored.upperThreshold;
    if (restored.lowerThreshold === 0) delete restored.lowerThreshold;
    return restored;
  });
  return { ...service, destinations };
}

function refused(code: IpvsadmDiagnosticCode, span: Span, message: string, tell: Tell): false {
  tell(report(code, span, message));
  return false;
}

function tellDefaults(services: readonly VirtualService[], tell: Tell): void {
  const destinations = services.flatMap((service) => service.destinations);
  const threshold = destinations.find(({ upperThreshold }) => upperThreshold === undefined);
  if (threshold !== undefined) tell(report('ipvsadm/default-assumed', threshold.span, 'thresholds are not shown; none will be set'));
  const tunnel = destinations.find((destination) => destination.forward === 'Tunnel' && destination.tunnel === undefined);
  if (tunnel !== undefined) tell(report('ipvsadm/default-assumed', tunnel.span, 'tunnel types are not shown; ipip will be set'));
}
