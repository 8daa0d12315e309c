import { addToGroup } from '../../common/add-to-group.ts';
import { once } from '../../common/once.ts';
import { nodeView, type NodeView } from '../../services/node-facts.ts';
import type { Model } from '../../state/model.ts';
import type { Origin } from '../../state/origin.ts';
import type { Snapshot } from '../../read/snapshot.ts';
import type { FoundThing } from '../finding.ts';
import { expectationFindings } from './expectation-findings.ts';
import type { ExpectedPlace } from './expected-place.ts';
import { type Expectation, expectationOf } from './expectation.ts';

/** What a cluster asks of a node for one service, before and after, and whether the node does it. */
export interface ServiceChange {
  /** Whether the cluster asks for something else than before; missing = a list that is cut, or objects of one side alone, do not tell. */
  readonly changed?: boolean;
  /** Where the node as it is after differs from what the cluster asks for after; empty = it does all of it. */
  readonly lacking: readonly FoundThing[];
  /**
   * How the node stands to a change: it changed along, still does what was asked before, did already what is asked now, or none of these.
   */
  readonly node: 'followed' | 'stalled' | 'ahead' | 'neither';
  /** Endpoints that the cluster asks for after. */
  readonly asked: readonly string[];
  /** Where the service was read: in the later cluster, or in the earlier one where it is gone. */
  readonly origin: { readonly side: 'before' | 'after'; readonly origin: Origin };
}

/** Two moments of a cluster and a node: how each service of either cluster changed, and how the node followed. */
export interface ClusterChange {
  /** By `namespace/name`. */
  readonly services: ReadonlyMap<string, ServiceChange>;
  /** Services by place, as `tcp 10.96.0.1:443`. */
  readonly places: ReadonlyMap<string, string>;
  /** Whether objects tell both clusters in full; tables of kubectl show neither policies nor ports of endpoints. */
  readonly inFull: boolean;
}

/** A snapshot with the model made of it. */
export interface Moment {
  readonly snapshot: Snapshot;
  readonly model: Model;
}

/**
 * How a cluster changed between two snapshots and whether the node followed, by what kube-proxy programs for each of them.
 *
 * The node of either moment is held against the cluster of either moment: a node that lacks nothing of the earlier cluster and something of
 * the later one did not follow. Undefined where one of the snapshots tells no services.
 */
export function clusterChange(before: Moment, after: Moment): ClusterChange | undefined {
  if (!tellsServices(before.model) || !tellsServices(after.model)) return undefined;
  const [was, is] = [nodeView(before.snapshot, before.model), nodeView(after.snapshot, after.model)];
  const [then, now] = [asks(was, was), asks(is, is)];
  if (then === undefined || now === undefined) return undefined;
  const places = new Map([...then.expectation.places, ...now.expectation.places].map(({ key, service }) => [key, service]));
  const grouped = [then, now].map(({ expectation }) => byService(expectation));
  const [earlier = new Map(), later = new Map()] = grouped;
  const lacking = lackingByService(now, places);
  const wasAhead = once(() => lackingByService(asks(was, is), places));
  const wasBehind = once(() => lackingByService(then, places));
  const stayed = once(() => lackingByService(asks(is, was), places));
  // What else the node did matters only of a service that changed.
  const followedBy = (name: string, lacksNothing: boolean): ServiceChange['node'] => {
    if (!lacksNothing) return stayed().has(name) ? 'neither' : 'stalled';
    const [ahead, behind] = [wasAhead().has(name), wasBehind().has(name)];
    return ahead === behind ? 'neither' : ahead ? 'followed' : 'ahead';
  };
  // Tables of kubectl tell less than objects: what one side alone tells is no change.
  const isAlike = (then.expectation.known === undefined) === (now.expectation.known === undefined);
  const services = new Map<string, ServiceChange>();
  for (const name of new Set([...earlier.keys(), ...later.keys(), ...lacking.keys()])) {
    const [old = [], current = []] = [earlier.get(name), later.get(name)];
    const lacks = lacking.get(name) ?? [];
    const cameOrWent = isAlike && (old.length === 0) !== (current.length === 0);
    const changed = cameOrWent ? true : !isAlike || old.some(isOpen) || current.some(isOpen) ? undefined : asked(old) !== asked(current);
    const node = changed === true ? followedBy(name, lacks.length === 0) : 'neither';
    services.set(name, {
      ...(changed === undefined ? {} : { changed }),
      lacking: lacks,
      node,
      asked: endpointsOf(current),
      origin: originOf(old, current),
    });
  }
  return { services, places, inFull: then.expectation.known !== undefined && now.expectation.known !== undefined };
}

function tellsServices(model: Model): boolean {
  return model.services !== undefined && model.services.size > 0;
}

interface Asking {
  readonly node: NodeView;
  readonly expectation: Expectation;
}

/** What a cluster asks of a node. */
function asks(node: NodeView, cluster: NodeView): Asking | undefined {
  const expectation = expectationOf(cluster, node);
  return expectation === undefined ? undefined : { node, expectation };
}

/** Where the node does not do what is asked of it, by service; what concerns all services is under an empty name. */
function lackingByService(asking: Asking | undefined, places: ReadonlyMap<string, string>): Map<string, FoundThing[]> {
  const found = new Map<string, FoundThing[]>();
  if (asking === undefined) return found;
  for (const one of expectationFindings(asking.node, asking.expectation)) {
    if (one.severity === 'none') continue;
    const names = new Set([...(one.about ?? []), one.subject.name].map(serviceName).filter((name) => name !== undefined));
    for (const place of one.subject.frontends ?? []) names.add(places.get(place) ?? '');
    for (const name of names) addToGroup(found, name, one);
  }
  return found;
}

/** `default/web` of `default/web:http` and `default/web 80/TCP`. */
function serviceName(text: string): string | undefined {
  return /^([^\s/:]+\/[^\s/:]+)(?:[ :]|$)/.exec(text)?.[1];
}

function byService({ places }: Expectation): Map<string, ExpectedPlace[]> {
  const services = new Map<string, ExpectedPlace[]>();
  for (const place of places) addToGroup(services, place.service, place);
  return services;
}

/** Whether nothing tells the endpoints of a service. */
function isOpen({ purpose, endpoints }: ExpectedPlace): boolean {
  return purpose === 'cluster IP' && endpoints === undefined;
}

function asked(places: readonly ExpectedPlace[]): string {
  return JSON.stringify(places.map(({ origin: _, name: _name, ...place }) => place).sort((one, other) => (one.key < other.key ? -1 : 1)));
}

function endpointsOf(places: readonly ExpectedPlace[]): string[] {
  return [...new Set(places.flatMap(({ endpoints = [] }) => endpoints))].sort();
}

function originOf(old: readonly ExpectedPlace[], current: readonly ExpectedPlace[]): ServiceChange['origin'] {
  const [now] = current;
  return now === undefined
    ? { side: 'before', origin: old[0]?.origin ?? { part: 0, lines: [1, 1] } }
    : { side: 'after', origin: now.origin };
}
