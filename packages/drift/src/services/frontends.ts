import { CHAIN } from '../proxy/names/fixed-names.ts';
import { endpointText } from '../state/ipvs-table.ts';
import type { Model, RuleEntry } from '../state/model.ts';
import { type FrontendPurpose, serviceComment } from '../proxy/names/comments.ts';
import { isShownByName } from './services-by-mark-or-name.ts';

/** A place where a service answers. */
export interface Frontend {
  /** `tcp 10.96.0.10:53`, or `tcp *:30080` for a node port on every address of the node. */
  readonly key: string;
  readonly protocol: string;
  /** Missing for a node port on every address of the node. */
  readonly address?: string;
  readonly port: number;
  /** `namespace/name`, `namespace/name:port` or, where only numbers are known, `namespace/name 53/UDP`. */
  readonly servicePort?: string;
  readonly purpose?: FrontendPurpose;
}

/** The frontends of a snapshot by key: those that IPVS or a rule serves, named where anything names them. */
export function shownFrontends(model: Model): Map<string, Frontend> {
  const names = namesOf(model);
  const frontends = new Map<string, Frontend>();
  for (const service of model.ipvs?.services.values() ?? []) {
    if (service.protocol === undefined || service.address === undefined || isShownByName(service)) continue;
    add(frontends, named({ key: service.key, protocol: service.protocol, address: service.address, port: service.port ?? 0 }, names));
  }
  for (const table of model.tables.values()) {
    if (table.name !== 'nat') continue;
    for (const chain of [CHAIN.services, CHAIN.nodePorts]) {
      for (const rule of table.chains.get(chain)?.rules ?? []) {
        const frontend = frontendOfRule(rule, chain);
        if (frontend !== undefined) add(frontends, named(frontend, names));
      }
    }
  }
  return frontends;
}

/** Frontends that a rule of the filter table refuses for want of endpoints: no rule of nat serves them then. */
export function refusedFrontends(model: Model, shownBy: Model = model): Map<string, Frontend> {
  const names = namesOf(model);
  const frontends = new Map<string, Frontend>();
  for (const table of model.tables.values()) {
    if (table.name !== 'filter' || !shownBy.tables.has(`${table.family} filter`)) continue;
    for (const chain of [CHAIN.services, CHAIN.externalServices]) {
      for (const rule of table.chains.get(chain)?.rules ?? []) {
        const local = rule.conditions.some((condition) => condition.kind === 'destination-local');
        const frontend = frontendOfRule(rule, local ? CHAIN.nodePorts : chain);
        if (frontend !== undefined) add(frontends, named(frontend, names));
      }
    }
  }
  return frontends;
}

function add(frontends: Map<string, Frontend>, frontend: Frontend): void {
  const known = frontends.get(frontend.key);
  if (known === undefined || (known.servicePort === undefined && frontend.servicePort !== undefined)) frontends.set(frontend.key, frontend);
}

/** The frontend a rule of KUBE-SERVICES or KUBE-NODEPORTS is for, if it asks for one protocol, address and port. */
export function frontendOfRule(rule: RuleEntry, chain: string): Frontend | undefined {
  let protocol: string | undefined;
  let address: string | undefined;
  let port: number | undefined;
  for (const condition of rule.conditions) {
    if (condition.not) continue;
    if (condition.kind === 'protocol') protocol = condition.name;
    else if (condition.kind === 'destination' && condition.range !== undefined && condition.range.low === condition.range.high)
      address = condition.block;
    else if (
      condition.kind === 'destination-port' &&
      condition.ranges.length === 1 &&
      condition.ranges[0]?.[0] === condition.ranges[0]?.[1]
    )
      port = condition.ranges[0]?.[0];
  }
  if (protocol === undefined || port === undefined || (address === undefined && chain !== CHAIN.nodePorts)) return undefined;
  const told = rule.comments.map(serviceComment).find((comment) => comment !== undefined);
  const purpose = address === undefined ? 'node port' : told?.purpose;
  return {
    key: `${protocol} ${endpointText(address ?? '*', port)}`,
    protocol,
    ...(address === undefined ? {} : { address }),
    port,
    ...(told === undefined ? {} : { servicePort: told.servicePort }),
    ...(purpose === undefined ? {} : { purpose }),
  };
}

interface FrontendNames {
  readonly byKey: ReadonlyMap<string, Pick<Frontend, 'servicePort' | 'purpose'>>;
  /** By `tcp 30080`. */
  readonly byNodePort: ReadonlyMap<string, Pick<Frontend, 'servicePort' | 'purpose'>>;
}

function frontendNames(model: Model): FrontendNames {
  const byKey = new Map<string, Pick<Frontend, 'servicePort' | 'purpose'>>();
  const byNodePort = new Map<string, Pick<Frontend, 'servicePort' | 'purpose'>>();
  for (const service of model.services?.values() ?? []) {
    const external: FrontendPurpose = service.type === 'LoadBalancer' ? 'load-balancer IP' : 'external IP';
    for (const { port, protocol, nodePort, name } of service.ports) {
      const numbered = service.ports.length === 1 ? service.key : `${service.key} ${port}/${protocol.toUpperCase()}`;
      const servicePort = name === undefined ? numbered : name === '' ? service.key : `${service.key}:${name}`;
      for (const address of service.clusterIps)
        byKey.set(`${protocol} ${endpointText(address, port)}`, { servicePort, purpose: 'cluster IP' });
      for (const address of service.externalIps) {
        const given = service.loadBalancerIps?.includes(address);
        const purpose = given === undefined ? external : given ? 'load-balancer IP' : 'external IP';
        byKey.set(`${protocol} ${endpointText(address, port)}`, { servicePort, purpose });
      }
      if (nodePort !== undefined) byNodePort.set(`${protocol} ${nodePort}`, { servicePort, purpose: 'node port' });
    }
  }
  return { byKey, byNodePort };
}

/** The service that a table of the cluster's services has at an address and port, whether or not anything serves it. */
export function servicePortAt(model: Model, key: string): string | undefined {
  const names = namesOf(model);
  const port = key.slice(key.lastIndexOf(':') + 1);
  return (names.byKey.get(key) ?? names.byNodePort.get(`${key.slice(0, key.indexOf(' '))} ${port}`))?.servicePort;
}

const knownNames = new WeakMap<Model, FrontendNames>();

function namesOf(model: Model): FrontendNames {
  let names = knownNames.get(model);
  if (names === undefined) {
    names = frontendNames(model);
    knownNames.set(model, names);
  }
  return names;
}

function named(frontend: Frontend, names: FrontendNames): Frontend {
  const told = names.byKey.get(frontend.key) ?? names.byNodePort.get(`${frontend.protocol} ${frontend.port}`);
  return { ...told, ...frontend };
}

/** The family of the address of a frontend; IPv4 where it has none. */
export function frontendFamily({ address }: Frontend): 'ipv4' | 'ipv6' {
  return address?.includes(':') === true ? 'ipv6' : 'ipv4';
}

/** `prod/web 80/TCP (node port, tcp 192.168.10.11:30080)`, or the address alone where no service is known. */
export function frontendLabel(frontend: Frontend): string {
  const place = frontend.address === undefined ? `${frontend.protocol} port ${frontend.port}` : frontend.key;
  if (frontend.servicePort === undefined) return place;
  return frontend.purpose === undefined || frontend.purpose === 'cluster IP'
    ? `${frontend.servicePort} (${place})`
    : `${frontend.servicePort} (${frontend.purpose}, ${place})`;
}
