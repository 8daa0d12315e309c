import type { NodeKnowledge } from '../../read/kinds/knowledge.ts';
import type { ServiceFrontend, ServicePath } from '../../proxy/service-table.ts';
import { endpointText } from '../../state/ipvs-table.ts';
import { type Origin, originIn } from '../../state/origin.ts';
import type { DesiredPort } from '../../desired/desired-ports.ts';
import { desiredFrontends } from '../../desired/desired-table.ts';
import { nodePortAddresses } from '../../desired/node-port-addresses.ts';
import type { ProxySettings } from '../../desired/settings.ts';
import type { ExpectedPlace } from './expected-place.ts';

type Objects = Pick<NodeKnowledge, 'services' | 'endpointPorts' | 'lacksObjects'>;

/** One reading of what is not known, and the service ports it leads to. */
export interface Reading {
  readonly settings: ProxySettings;
  readonly ports: readonly DesiredPort[];
}

/** A place as the readings of what is not known have it, one after the other. */
interface Gathered {
  readonly frontend: ServiceFrontend;
  readonly desired: DesiredPort;
  readonly key: string;
  readonly lists: (readonly string[])[];
  readonly paths: (readonly ServicePath[])[];
  open: boolean;
}

/** Every place where the objects want a service to answer, under each reading of how kube-proxy runs. */
export function expectedPlaces(objects: Objects, readings: readonly Reading[], nodeIsOpen: boolean): ExpectedPlace[] {
  const gathered = new Map<string, Gathered>();
  for (const { settings, ports } of readings) {
    for (const desired of ports) {
      for (const frontend of desiredFrontends(desired, settings)) {
        for (const key of keysOf(frontend, desired, settings)) gather(gathered, key, frontend, desired, nodeIsOpen);
      }
    }
  }
  const origins = originsOf(objects);
  const knows = namespacesWithEndpoints(objects);
  const changes = lastChanges(objects);
  return [...gathered.values()].map((place) => {
    const changedAt = changes.get(`${place.desired.service.namespace}/${place.desired.service.name}`);
    return { ...placeOf(place, readings.length, origins, knows), ...(changedAt === undefined ? {} : { changedAt }) };
  });
}

/** A node port is a virtual service on each address of the node; in other modes, and where no address is known, one place. */
function keysOf({ purpose, protocol, addresses, port }: ServiceFrontend, { family }: DesiredPort, settings: ProxySettings): string[] {
  if (purpose !== 'node port') return [`${protocol} ${endpointText(addresses[0] ?? '', port)}`];
  const own = settings.mode === 'ipvs' && settings.localAddresses !== undefined ? nodePortAddresses(settings, family) : [];
  if (settings.mode === 'ipvs' && settings.localAddresses !== undefined)
    return own.map((address) => `${protocol} ${endpointText(address, port)}`);
  return [`${protocol} *:${port}`];
}

function gather(gathered: Map<string, Gathered>, key: string, frontend: ServiceFrontend, desired: DesiredPort, nodeIsOpen: boolean): void {
  const local = frontend.purpose === 'cluster IP' ? desired.internalLocal : desired.externalLocal;
  const id = `${key} ${desired.family}`;
  let place = gathered.get(id);
  if (place === undefined) gathered.set(id, (place = { frontend, desired, key, lists: [], paths: [], open: false }));
  place.lists.push([...new Set(frontend.paths.flatMap(({ endpoints }) => endpoints.map(({ address }) => address)))]);
  place.paths.push(frontend.paths);
  if (nodeIsOpen && local) place.open = true;
}

function placeOf(
  { frontend, desired, key, lists, paths, open }: Gathered,
  readings: number,
  origins: ReadonlyMap<string, Origin>,
  knows: (desired: DesiredPort) => boolean,
): ExpectedPlace {
  const { service, family, name, lists: usable } = desired;
  const union = [...new Set([...lists.flat(), ...(open ? usable.all.map(({ text }) => text) : [])])].sort();
  const common = open ? [] : union.filter((endpoint) => lists.every((list) => list.includes(endpoint)));
  const choices = open || common.length === union.length ? {} : { choices: lists };
  const known = knows(desired) ? { endpoints: common, allowed: union, ...choices } : {};
  return {
    key,
    name,
    service: `${service.namespace}/${service.name}`,
    purpose: frontend.purpose === 'unknown' ? 'cluster IP' : frontend.purpose,
    family,
    ...known,
    policyUnknown: false,
    certain: lists.length === readings,
    paths: open || !knows(desired) ? [] : paths,
    affinitySeconds: service.affinitySeconds,
    origin: origins.get(`${service.namespace}/${service.name}`) ?? { part: 0, lines: [1, 1] },
  };
}

/** The latest change of the endpoints of each service that tells its time; times of one form sort as texts. */
function lastChanges({ endpointPorts }: Objects): ReadonlyMap<string, string> {
  const times = new Map<string, string>();
  for (const {
    value: { namespace, service, changedAt = '' },
  } of endpointPorts) {
    const key = `${namespace}/${service}`;
    if (changedAt > (times.get(key) ?? '')) times.set(key, changedAt);
  }
  return times;
}

function originsOf({ services }: Objects): ReadonlyMap<string, Origin> {
  return new Map(services.map((service) => [`${service.value.namespace}/${service.value.name}`, originIn(service)]));
}

/**
 * Endpoints are known of a namespace that shows any, or of all where two do; a list that is cut says nothing of its service, and one that
 * other objects are missing from says nothing of services that it shows no endpoints of.
 */
function namespacesWithEndpoints({ endpointPorts, lacksObjects }: Objects): (desired: DesiredPort) => boolean {
  const namespaces = new Set(endpointPorts.map(({ value }) => value.namespace));
  const nameOf = ({ value }: Objects['endpointPorts'][number]): string => `${value.namespace}/${value.service}`;
  const cut = new Set(endpointPorts.filter(({ value }) => value.cut).map(nameOf));
  const shown = lacksObjects ? new Set(endpointPorts.map(nameOf)) : undefined;
  return ({ service }) => {
    const name = `${service.namespace}/${service.name}`;
    return (namespaces.size > 1 || namespaces.has(service.namespace)) && !cut.has(name) && shown?.has(name) !== false;
  };
}
