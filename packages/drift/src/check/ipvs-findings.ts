import { frontendLabel, shownFrontends } from '../services/frontends.ts';
import { isNodePort } from '../proxy/facts/node-world.ts';
import { balanceOf } from '../ipvs/balance.ts';
import type { NodeView } from '../services/node-facts.ts';
import type { IpvsService } from '../state/model.ts';
import { counted, findingKinds, type FoundThing, listed } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.ipvs.all-weight-zero',
    severity: 'critical',
    title: 'all destinations of a virtual service have weight 0',
    why: 'no new connection is served',
    needs: ['service'],
    lessExact: true,
  },
  {
    id: 'lint.ipvs.duplicate-destination-across-services',
    severity: 'none',
    title: 'one endpoint behind two services',
    why: 'both services fail with it',
  },
  {
    id: 'lint.ipvs.fwm-masq-port-zero',
    severity: 'none',
    title: 'a firewall-mark service masquerades to port 0',
    why: 'packets keep their own port, as is usual',
  },
  {
    id: 'lint.ipvs.mixed-forwarding',
    severity: 'warning',
    title: 'the destinations of a service have different forwarding methods',
    why: 'replies of some of them may not come back',
  },
  {
    id: 'lint.ipvs.mixed-schedulers',
    severity: 'notice',
    title: 'virtual services of kube-proxy with different schedulers',
    why: 'kube-proxy sets one for all: changed by hand, or a restart is under way',
    lessExact: true,
  },
  {
    id: 'lint.ipvs.port-differs',
    severity: 'warning',
    title: 'a destination has another port than its service, and is sent packets as they are',
    why: 'direct routing and tunnelling change no port: packets arrive at the port of the service',
  },
  {
    id: 'lint.ipvs.service-no-destinations',
    severity: 'none',
    title: 'a virtual service without destinations',
    why: 'connections to it are refused; that is right for a service without endpoints',
    needs: ['service'],
  },
  {
    id: 'lint.ipvs.vip-is-destination',
    severity: 'notice',
    title: 'a virtual service is also a destination',
    why: 'packets are balanced twice',
  },
  {
    id: 'lint.ipvs.vip-is-node-address',
    severity: 'warning',
    title: 'a virtual service on an address of the node',
    why: 'the node itself can no longer be reached there',
  },
  {
    id: 'lint.ipvs.weight-zero-fails',
    severity: 'warning',
    title: 'a destination of weight 0 keeps its place in the table of sh, mh or dh',
    why: 'new connections that are hashed to it fail',
    lessExact: true,
  },
  {
    id: 'lint.ipvs.weight-zero-idle',
    severity: 'warning',
    title: 'a destination with weight 0 and no connection',
    why: 'nothing is left to drain: it was forgotten',
  },
]);

export const ipvs: FindingRule = { kinds, find: ipvsFindings };

/** What is odd in the IPVS table by itself. */
function ipvsFindings(view: NodeView): FoundThing[] {
  const { ipvs } = view.model;
  if (ipvs === undefined) return [];
  const frontends = shownFrontends(view.model);
  const label = (service: IpvsService): string => {
    const frontend = frontends.get(service.key);
    return frontend === undefined ? service.key : frontendLabel(frontend);
  };
  const destinations = new Set(
    [...ipvs.services.values()].flatMap((service) => [...service.destinations.keys()].map((key) => `${service.protocol ?? ''} ${key}`)),
  );
  const found: FoundThing[] = [];
  for (const service of ipvs.services.values()) {
    const told = label(service);
    found.push(...weightFindings(view, service, told), ...failingFindings(service, told), ...forwardingFindings(service, told));
    if (service.protocol !== undefined && destinations.has(service.key)) {
      found.push(
        finding('lint.ipvs.vip-is-destination', {
          subject: subjectOf(service),
          text: `${told} is also a destination of another virtual service`,
          origins: [service.origin],
        }),
      );
    }
    found.push(...nodeAddressFindings(view, service, told));
  }
  return [...found, ...sharedDestinations(view), ...schedulerFindings(view)];
}

function subjectOf(service: IpvsService): FoundThing['subject'] {
  return { kind: 'ipvs.service', name: service.key };
}

function weightFindings(view: NodeView, service: IpvsService, label: string): FoundThing[] {
  const destinations = [...service.destinations.values()];
  if (destinations.length === 0) {
    return [
      finding('lint.ipvs.service-no-destinations', {
        subject: subjectOf(service),
        text: `${label} has no destination`,
        origins: [service.origin],
      }),
    ];
  }
  const drained = destinations.filter((destination) => destination.weight === 0);
  if (drained.length === destinations.length) {
    return [
      finding('lint.ipvs.all-weight-zero', {
        subject: subjectOf(service),
        text: `${label} takes no new connection: ${drained.length === 1 ? 'its only destination has' : `all ${drained.length} destinations have`} weight 0`,
        origins: drained.map(({ origin }) => origin),
      }),
    ];
  }
  const failing = new Set(balanceOf(service).failing.map(({ address }) => address));
  return drained
    .filter(({ key }) => !failing.has(key))
    .filter(
      ({ activeConnections, inactiveConnections }) => activeConnections === 0 && inactiveConnections === 0 && service.protocol === 'tcp',
    )
    .map((destination) =>
      finding('lint.ipvs.weight-zero-idle', {
        // kube-proxy sweeps such a destination within a minute.
        ...(view.facts.proxyMode?.value === 'ipvs' ? { severity: 'none' as const } : {}),
        subject: { kind: 'ipvs.destination', name: `${service.key} -> ${destination.key}`, frontends: [service.key] },
        text: `${label}: ${destination.key} has weight 0 and no connection left`,
        origins: [destination.origin],
      }),
    );
}

function forwardingFindings(service: IpvsService, label: string): FoundThing[] {
  const found: FoundThing[] = [...portFindings(service, label)];
  // A destination on the node itself is reached as Local whatever was asked for.
  const methods = [
    ...new Set(
      [...service.destinations.values()].map(({ forward }) => forward).filter((forward) => forward !== undefined && forward !== 'Local'),
    ),
  ].sort();
  if (methods.length > 1) {
    found.push(
      finding('lint.ipvs.mixed-forwarding', {
        subject: subjectOf(service),
        text: `${label} forwards to its destinations by ${listed(methods.map(String))}`,
        origins: [service.origin],
      }),
    );
  }
  const zero = [...service.destinations.values()].filter(({ forward, port }) => forward === 'Masq' && port === 0);
  if (service.fwmark !== undefined && zero.length > 0) {
    found.push(
      finding('lint.ipvs.fwm-masq-port-zero', {
        subject: subjectOf(service),
        text: `${label} masquerades to port 0 of ${counted(zero.length, 'destination')}`,
        origins: zero.map(({ origin }) => origin),
      }),
    );
  }
  return found;
}

/**
 * Direct routing and tunnelling send a packet on as it is: ipvsadm(8), --real-server. A service of every port, or of a mark, has none to
 * differ from.
 */
function portFindings({ key, fwmark, port = 0, destinations }: IpvsService, label: string): FoundThing[] {
  if (fwmark !== undefined || port === 0) return [];
  const differing = [...destinations.values()].filter(
    (destination) => (destination.forward === 'Route' || destination.forward === 'Tunnel') && destination.port !== port,
  );
  return differing.map((destination) =>
    finding('lint.ipvs.port-differs', {
      subject: { kind: 'ipvs.destination', name: `${key} -> ${destination.key}`, frontends: [key] },
      text: `${label}: ${destination.key} is reached by ${destination.forward === 'Route' ? 'direct routing' : 'a tunnel'}, which changes no port: packets arrive there at port ${port}`,
      origins: [destination.origin],
    }),
  );
}

/** Destinations of weight 0 to which a scheduler that hashes still gives connections. */
function failingFindings(service: IpvsService, label: string): FoundThing[] {
  const { failing, parts } = balanceOf(service);
  const { scheduler = '', flags } = service;
  if (parts.length === 0) return [];
  return failing.map(({ address, share }) => {
    const part = share === undefined ? '' : ` (about ${Math.round(share * 100)} %)`;
    return finding('lint.ipvs.weight-zero-fails', {
      ...(scheduler === 'dh' || flags === undefined ? { certainty: 'assumed' as const } : {}),
      subject: { kind: 'ipvs.destination', name: `${service.key} -> ${address}`, frontends: [service.key] },
      text:
        scheduler === 'dh'
          ? `${label}: dh sends all connections to one destination, and if it is ${address}, all of them fail: it takes none`
          : `${label}: ${address} takes no new connection, and those that ${scheduler} gives it${part} fail`,
      origins: [service.destinations.get(address)?.origin ?? service.origin],
    });
  });
}

/** An address of the node that no node port and no external IP explains. */
function nodeAddressFindings({ model, knowledge, table }: NodeView, service: IpvsService, label: string): FoundThing[] {
  const { address, protocol, port } = service;
  if (address === undefined || protocol === undefined || port === undefined || !knowledge.nodeAddresses.includes(address)) return [];
  if (model.sets === undefined && model.services === undefined) return [];
  const explained =
    isNodePort(model, address, protocol, port) === true ||
    table.servicePorts.some(({ frontends }) =>
      frontends.some(
        (frontend) =>
          frontend.purpose !== 'unknown' &&
          frontend.protocol === protocol &&
          frontend.port === port &&
          (frontend.addresses.length === 0 || frontend.addresses.includes(address)),
      ),
    );
  if (explained) return [];
  return [
    finding('lint.ipvs.vip-is-node-address', {
      subject: subjectOf(service),
      text: `${label} takes packets to the node's own address ${address}, and is neither a node port nor an external IP`,
      origins: [service.origin],
    }),
  ];
}

/** Endpoints behind service ports of different names; one service port has them behind each of its addresses. */
function sharedDestinations({ table, model }: NodeView): FoundThing[] {
  const owners = new Map<string, string>();
  const shared = new Map<string, Set<string>>();
  for (const { name, named, protocol, frontends } of table.servicePorts) {
    if (!named) continue;
    for (const { paths } of frontends) {
      for (const address of new Set(paths.flatMap(({ endpoints }) => endpoints.map((endpoint) => endpoint.address)))) {
        const key = `${protocol} ${address}`;
        const known = owners.get(key);
        if (known === undefined) owners.set(key, name);
        else if (known !== name) shared.set(key, (shared.get(key) ?? new Set([known])).add(name));
      }
    }
  }
  if (shared.size === 0) return [];
  const origins = originsOfDestinations(model);
  // In the order in which each was met first.
  return [...owners.keys()].flatMap((key) => {
    const names = shared.get(key);
    if (names === undefined) return [];
    return finding('lint.ipvs.duplicate-destination-across-services', {
      subject: { kind: 'ipvs.destination', name: key },
      text: `${key} is an endpoint of ${listed([...names].sort())}`,
      origins: origins.get(key) ?? [],
    });
  });
}

function originsOfDestinations({ ipvs }: NodeView['model']): ReadonlyMap<string, FoundThing['origins']> {
  const origins = new Map<string, FoundThing['origins']>();
  for (const service of ipvs?.services.values() ?? [])
    for (const { key, origin } of service.destinations.values()) origins.set(`${service.protocol ?? ''} ${key}`, [origin]);
  return origins;
}

/** kube-proxy gives one scheduler to all of its services. */
function schedulerFindings({ model, facts }: NodeView): FoundThing[] {
  const usual = facts.scheduler?.value;
  if (facts.proxyMode?.value !== 'ipvs' || usual === undefined) return [];
  const services = [...(model.ipvs?.services.values() ?? [])];
  const others = services.filter(({ scheduler }) => scheduler !== undefined && scheduler !== usual);
  const alike = services.filter(({ scheduler }) => scheduler === usual).length;
  const rest = alike + others.length === services.length ? 'all other virtual services have' : `is that of ${alike} others`;
  if (others.length === 0) return [];
  const names = others.map(({ key, scheduler }) => `${key} (${scheduler ?? ''})`);
  return [
    finding('lint.ipvs.mixed-schedulers', {
      subject: { kind: 'ipvs.service', name: others[0]?.key ?? '' },
      text: `${listed(names)} ${others.length === 1 ? 'has' : 'have'} another scheduler than ${usual}, which ${rest}`,
      origins: others.map(({ origin }) => origin),
    }),
  ];
}
