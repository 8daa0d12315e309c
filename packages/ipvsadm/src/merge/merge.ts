import type { Diagnostic, ParseResult } from '@netdrift/core';
import type { IpvsadmTable, IpvsadmValue, VirtualService } from '../ast.ts';
import { report } from '../diagnostics.ts';
import { hasServices } from '../guards.ts';
import { serviceKey } from '../identity.ts';
import { printIdentity } from '../save/print.ts';
import { mergedService, type MergedService } from './merged-service.ts';
import type { View } from './facts.ts';

type Tell = (diagnostic: Diagnostic) => void;

/**
 * One table from several outputs of it: `-ln` gives methods and weights, `--thresholds`, `--tun-info`, `--stats`, `-S` and
 * `/proc/net/ip_vs` what it does not show.
 *
 * Counters and connection counts are those of the last output that shows them, because they change by themselves. Where
 * outputs contradict each other the first one stands and an error tells it. Services and destinations in names are left
 * out: they cannot be tied to others. Spans are those of the first output that shows a node. Values without services are
 * passed over.
 *
 * @example
 * mergeIpvsadm([parseIpvsadm(ln).value, parseIpvsadm(thresholds).value]).value.services[0].destinations[0]
 * // => { …, forward: 'Masq', weight: 1, upperThreshold: 100, lowerThreshold: 50 }
 */
export function mergeIpvsadm(values: readonly IpvsadmValue[]): ParseResult<IpvsadmTable> {
  const views = values.filter(hasServices);
  const diagnostics: Diagnostic[] = [];
  const messages = new Set<string>();
  const tell: Tell = (diagnostic) => {
    if (!messages.has(diagnostic.message)) diagnostics.push(diagnostic);
    messages.add(diagnostic.message);
  };
  const bareWords = views.some((view) => view.kind === 'IpvsadmSave' && view.layout.bareWords === true);
  const services = new Map<string, MergedService>();
  const whole: View[] = [];
  // A mark of /proc/net/ip_vs has no family: the other views tell which services there are.
  for (const view of [...views.filter((each) => !isProc(each)), ...views.filter(isProc)]) {
    const leftOut = view.services.filter((service) => !addService(services, service, view, bareWords, tell));
    const [first] = leftOut;
    if (first !== undefined) tellLeftOut(leftOut.length, first, tell);
    if (isWhole(view) && first === undefined) whole.push(view);
  }
  for (const merged of services.values()) tellMissing(merged, whole, tell);
  const banner = views.find((view) => view.kind === 'IpvsadmListing' && view.version !== undefined);
  const found = banner?.kind === 'IpvsadmListing' ? { version: banner.version ?? '', size: banner.size ?? 0 } : {};
  return { value: { kind: 'IpvsadmTable', ...found, services: [...services.values()].map((merged) => merged.node()) }, diagnostics };
}

function isProc({ layout }: View): boolean {
  return layout.form === 'proc';
}

/** Whether a view shows all services: a save, or a listing with its banner. */
function isWhole(view: View): boolean {
  return view.kind === 'IpvsadmSave' || view.version !== undefined;
}

/** Adds what a view says of a service; false where the service cannot be tied to one. */
function addService(services: Map<string, MergedService>, service: VirtualService, view: View, bareWords: boolean, tell: Tell): boolean {
  const key = keyOf(service, services);
  if (key === undefined) return false;
  const known = services.get(key) ?? mergedService(service, tell);
  services.set(key, known);
  known.add(service, view, bareWords);
  return true;
}

function keyOf(service: VirtualService, services: ReadonlyMap<string, MergedService>): string | undefined {
  const key = serviceKey(service);
  if (key !== undefined) return key;
  if (service.match !== undefined) return `MATCH ${service.match}`;
  if (service.fwmark === undefined) return undefined;
  const families = (['ipv4', 'ipv6'] as const).map((family) => `FWM ${service.fwmark} ${family}`).filter((each) => services.has(each));
  if (families.length === 0) return `FWM ${service.fwmark} ${services.size}`;
  if (families.length === 1) return families[0];
  const fitting = families.filter((each) => services.get(each)?.hasDestinations(service.destinations) === true);
  return fitting.length === 1 ? fitting[0] : undefined;
}

function tellLeftOut(count: number, first: VirtualService, tell: Tell): void {
  const others = count > 1 ? ` and ${count - 1} more` : '';
  tell(
    report('ipvsadm/view-left-out', first.span, `service ${printIdentity(first)}${others} cannot be matched with those of other outputs`),
  );
}

function tellMissing(merged: MergedService, whole: readonly View[], tell: Tell): void {
  const node = merged.node();
  const missing = whole.find((view) => !merged.views.has(view) && !(isProc(view) && node.fwmark !== undefined));
  if (missing === undefined) return;
  tell(report('ipvsadm/views-disagree', node.span, `service ${printIdentity(node)} is missing in the ${missing.layout.form} output`));
}
