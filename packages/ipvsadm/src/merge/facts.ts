import type { Destination, IpvsadmListing, IpvsadmSave, VirtualService } from '../ast.ts';

/** A view of a table that holds services. */
export type View = IpvsadmListing | IpvsadmSave;

/** Facts that do not change by themselves, by name. A key with `undefined` says: shown, and not set. */
export type Facts = ReadonlyMap<string, unknown>;

/** What a view says of a service; what its form does not show is missing. */
export function serviceFacts(service: VirtualService, view: View, bareWords: boolean): Facts {
  const { form } = view.layout;
  const facts = new Map<string, unknown>();
  if (form === 'stats' || form === 'rate') return facts;
  facts.set('scheduler', service.scheduler);
  const { persistence } = service;
  if (form === 'proc') addProcFacts(facts, service);
  else addListedFacts(facts, service);
  const persistent = persistence?.timeout !== undefined;
  if (form === 'save' || (form !== 'proc' && persistent)) facts.set('engine', persistence?.engine);
  // ipvsadm 1.26 lists ops on persistent services alone; its saves have bare words.
  const hidesOps = (form === 'proc' && service.address?.includes(':') === true) || (bareWords && form !== 'save' && !persistent);
  if (!hidesOps) facts.set('ops', service.ops);
  return facts;
}

/** What ipvsadm 1.27 to 1.29 call the flags of mh. */
const flagsOfMh: ReadonlyMap<string, string> = new Map([
  ['flag-1', 'mh-fallback'],
  ['flag-2', 'mh-port'],
]);

function addListedFacts(facts: Map<string, unknown>, { scheduler, flags, persistence }: VirtualService): void {
  facts.set('flags', scheduler === 'mh' ? flags?.map((flag) => flagsOfMh.get(flag) ?? flag) : flags);
  facts.set('persistent', persistence?.timeout !== undefined);
  facts.set('timeout', persistence?.timeout);
  facts.set('mask', persistence?.mask);
  facts.set('prefixLength', persistence?.prefixLength);
}

function addProcFacts(facts: Map<string, unknown>, { persistence }: VirtualService): void {
  facts.set('persistent', persistence !== undefined);
  facts.set('timeoutTicks', persistence?.timeoutTicks);
  if (persistence?.maskWord !== undefined) return;
  facts.set('mask', persistence?.mask);
  facts.set('prefixLength', persistence?.prefixLength);
}

/** What a view says of a destination. */
export function destinationFacts(destination: Destination, view: View): Facts {
  const { form } = view.layout;
  const facts = new Map<string, unknown>();
  const { forward, weight, tunnel, upperThreshold, lowerThreshold } = destination;
  // A save writes -g for a local destination too.
  if (forward !== undefined) facts.set('forward', form === 'save' && forward === 'Route' ? 'Route or Local' : forward);
  if (weight !== undefined) facts.set('weight', weight);
  if (tunnel !== undefined || form === 'tun-info') facts.set('tunnel', tunnel);
  if (upperThreshold !== undefined) facts.set('upperThreshold', upperThreshold);
  if (lowerThreshold !== undefined) facts.set('lowerThreshold', lowerThreshold);
  return facts;
}

/** Whether two views may both be right about a fact. */
export function agree(one: unknown, other: unknown): boolean {
  if (one === 'Route or Local') return other === 'Route or Local' || other === 'Route' || other === 'Local';
  if (other === 'Route or Local') return agree(other, one);
  return JSON.stringify(one) === JSON.stringify(other);
}
