import { quoteInput, type Diagnostic, type Span } from '@netdrift/core';
import type { Destination, Persistence, VirtualService } from '../ast.ts';
import { report } from '../diagnostics.ts';
import type { Draft } from '../draft.ts';
import { tellMask } from '../listing/proc-mask.ts';
import { destinationKey } from '../identity.ts';
import { printIdentity } from '../save/print.ts';
import { agree, destinationFacts, serviceFacts, type Facts, type View } from './facts.ts';

type Tell = (diagnostic: Diagnostic) => void;

/** What several views say of one service. */
export interface MergedService {
  readonly views: ReadonlySet<View>;
  /** Adds what one more view says. */
  add(service: VirtualService, view: View, bareWords: boolean): void;
  /** Whether the service has exactly these destinations. */
  hasDestinations(destinations: readonly Destination[]): boolean;
  node(): VirtualService;
}

export function mergedService(first: VirtualService, tell: Tell): MergedService {
  const service: Draft<VirtualService> = { ...first };
  const facts = new Map<string, unknown>();
  const destinations = new Map<string, { node: Draft<Destination>; facts: Map<string, unknown> }>();
  const views = new Set<View>();
  const name = `service ${printIdentity(first)}`;

  function addDestinations(all: readonly Destination[], view: View): void {
    const keys = all.map(destinationKey);
    const named = keys.indexOf(undefined);
    const found = all[named];
    if (found !== undefined) tell(report('ipvsadm/view-left-out', found.span, `a destination of ${name} is shown in names and left out`));
    else if (views.size > 0) tellOtherDestinations(new Set(keys), view);
    for (const destination of all) {
      const key = destinationKey(destination);
      if (key !== undefined) addDestination(key, destination, view);
    }
  }

  function tellOtherDestinations(keys: ReadonlySet<string | undefined>, view: View): void {
    const missing = [...destinations.keys()].find((key) => !keys.has(key));
    const further = [...keys].find((key) => key !== undefined && !destinations.has(key));
    if (missing !== undefined) disagree(first.span, `destination ${missing} of ${name} is missing in the ${view.layout.form} output`);
    if (further !== undefined) disagree(first.span, `destination ${further} of ${name} stands in the ${view.layout.form} output alone`);
  }

  function addDestination(key: string, destination: Destination, view: View): void {
    const known = destinations.get(key) ?? { node: { ...destination }, facts: new Map<string, unknown>() };
    destinations.set(key, known);
    const method = known.facts.get('forward');
    compare(known.facts, destinationFacts(destination, view), known.node.span, `destination ${key} of ${name}`);
    const { span } = known.node;
    known.node = { ...destination, ...changing(known.node, destination), span };
    if (method !== 'Route or Local' || destination.forward !== 'Local') return;
    known.node.forward = 'Local';
    known.facts.set('forward', 'Local');
  }

  function compare(known: Map<string, unknown>, said: Facts, span: Span, what: string): void {
    for (const [fact, value] of said) {
      if (!known.has(fact)) known.set(fact, value);
      else if (!agree(known.get(fact), value))
        disagree(span, `${fact} of ${what} is ${shown(known.get(fact))} in one output and ${shown(value)} in another`);
    }
  }

  function disagree(span: Span, message: string): void {
    tell(report('ipvsadm/views-disagree', span, message));
  }

  return {
    views,
    add(said, view, bareWords) {
      compare(facts, serviceFacts(said, view, bareWords), service.span, name);
      const persistence = persistenceOf(service, said);
      const { span } = service;
      Object.assign(service, { ...said, ...service, ...traffic(said), span });
      if (persistence !== undefined) service.persistence = persistence;
      addDestinations(said.destinations, view);
      views.add(view);
    },
    hasDestinations(all) {
      return all.length === destinations.size && all.every((each) => destinations.has(destinationKey(each) ?? ''));
    },
    node: () => ({ ...service, destinations: [...destinations.values()].map(({ node }) => node) }),
  };
}

function shown(value: unknown): string {
  if (value === undefined) return 'not set';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? quoteInput(value) : quoteInput(Array.isArray(value) ? `(${value.join(',')})` : JSON.stringify(value));
}

function traffic({ counters, rate }: VirtualService): Partial<VirtualService> {
  return { ...(counters === undefined ? {} : { counters }), ...(rate === undefined ? {} : { rate }) };
}

/** What the first view says stands, but for what changes by itself. */
function changing(known: Destination, said: Destination): Partial<Destination> {
  const { activeConnections, inactiveConnections, persistentConnections, counters, rate, ...fixed } = known;
  const latest: Draft<Partial<Destination>> = { ...fixed };
  if (said.activeConnections === undefined && activeConnections !== undefined) latest.activeConnections = activeConnections;
  if (said.inactiveConnections === undefined && inactiveConnections !== undefined) latest.inactiveConnections = inactiveConnections;
  if (said.persistentConnections === undefined && persistentConnections !== undefined) latest.persistentConnections = persistentConnections;
  if (said.counters === undefined && counters !== undefined) latest.counters = counters;
  if (said.rate === undefined && rate !== undefined) latest.rate = rate;
  return latest;
}

/** Persistence from both: `/proc/net/ip_vs` adds the ticks, a save the engine. */
function persistenceOf(known: VirtualService, said: VirtualService): Persistence | undefined {
  if (said.persistence === undefined) return known.persistence;
  const told = known.fwmark !== undefined && known.family !== undefined ? tellMask(said.persistence, known.family) : said.persistence;
  return { ...told, ...known.persistence };
}
