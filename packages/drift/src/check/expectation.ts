import { desiredTable } from '../proxy/desired/desired-table.ts';
import type { ProxySettings } from '../proxy/desired/settings.ts';
import type { FrontendPurpose } from '../kubernetes/comments.ts';
import type { NodeView } from '../kubernetes/node-facts.ts';
import { endpointText } from '../model/ipvs-table.ts';
import type { Model, Origin } from '../model/model.ts';

/** A place where a service of the cluster has to answer on this node. */
export interface ExpectedFrontend {
  /** `tcp 10.96.0.1:443`, or `tcp *:30080` for a node port. */
  readonly key: string;
  /** The service port: `default/web:http`, or `default/web 80/TCP` where port names are not known. */
  readonly name: string;
  readonly purpose: FrontendPurpose;
  /** Endpoints it has to lead to; missing = not known. */
  readonly endpoints?: readonly string[];
  /** True when a traffic policy that the text does not show could keep some endpoints away. */
  readonly policyUnknown: boolean;
  readonly origin: Origin;
}

/** What the cluster asks of a node. */
export interface Expectation {
  readonly frontends: readonly ExpectedFrontend[];
  /** Whether all services of the cluster are known: only then can one be too many. */
  readonly complete: boolean;
}

/**
 * What Services and endpoints ask of a node: objects told in full where they are there, tables of kubectl otherwise.
 *
 * `asked` is the snapshot that holds them, `node` the one that is checked; they may be one.
 */
export function expectationOf(asked: NodeView, node: NodeView): Expectation | undefined {
  if (asked.knowledge.services.length > 0) return fromObjects(asked, node);
  return asked.model.services === undefined ? undefined : fromTables(asked.model);
}

function fromObjects(asked: NodeView, node: NodeView): Expectation {
  const settings = settingsOf(node, asked);
  const hasEndpoints = asked.knowledge.endpointPorts.length > 0;
  const namespaces = new Set(asked.knowledge.services.map(({ value }) => value.namespace));
  const lines = new Map(asked.knowledge.services.map(({ value, part, line }) => [`${value.namespace}/${value.name}`, { part, lines: [line, line] as const }]));
  const frontends: ExpectedFrontend[] = [];
  for (const { name, protocol, frontends: listed } of desiredTable(asked.knowledge, settings).servicePorts) {
    const origin = lines.get(name.replace(/:[^:]*$/, '')) ?? lines.get(name) ?? { part: 0, lines: [1, 1] as const };
    for (const { purpose, addresses, port, policy, paths } of listed) {
      if (purpose === 'unknown') continue;
      const endpoints = [...new Set(paths.flatMap((path) => path.endpoints.map(({ address }) => address)))].sort();
      const known = hasEndpoints && !(settings.nodeName === '' && policy === 'Local');
      frontends.push({ key: `${protocol} ${endpointText(addresses[0] ?? '*', port)}`, name, purpose, ...(known ? { endpoints } : {}), policyUnknown: false, origin });
    }
  }
  // `kubectl get -A` shows the service of the API server and those of at least one more namespace.
  return { frontends: joinFamilies(frontends), complete: namespaces.size > 1 };
}

/** A node port of both families is one place with the endpoints of both. */
function joinFamilies(frontends: readonly ExpectedFrontend[]): ExpectedFrontend[] {
  const places = new Map<string, ExpectedFrontend>();
  for (const frontend of frontends) {
    const known = places.get(frontend.key);
    const { endpoints } = frontend;
    if (known?.endpoints === undefined || endpoints === undefined) places.set(frontend.key, known ?? frontend);
    else places.set(frontend.key, { ...known, endpoints: [...new Set([...known.endpoints, ...endpoints])].sort() });
  }
  return [...places.values()];
}

/** How kube-proxy runs on the node, as far as it decides what a service needs. */
export function settingsOf({ facts, knowledge }: NodeView, asked: NodeView): ProxySettings {
  const version = facts.version?.value ?? facts.generation?.value.from ?? facts.generation?.value.before ?? '1.30';
  return {
    mode: facts.proxyMode?.value === 'iptables' || (facts.proxyMode?.value === 'mixed' && facts.modeUsed?.value !== 'ipvs') ? 'iptables' : 'ipvs',
    minor: Number(/^v?1\.(\d+)/.exec(version)?.[1] ?? 30),
    nodeName: knowledge.nodeName ?? asked.knowledge.nodeName ?? '',
    nodeAddresses: knowledge.nodeAddresses,
    podRanges: (facts.clusterCidr?.value ?? '').split(' and ').filter((block) => block.includes('/')),
    masqueradeAll: facts.masqueradeAll?.value === true,
  };
}

function fromTables(model: Model): Expectation {
  const frontends: ExpectedFrontend[] = [];
  const namespaces = new Set<string>();
  for (const service of model.services?.values() ?? []) {
    namespaces.add(service.namespace);
    const listed = model.endpoints?.get(service.key);
    // The table says nothing of which endpoint belongs to which port.
    const endpoints = listed === undefined || listed.cut || service.ports.length !== 1 ? undefined : listed.addresses;
    for (const { port, protocol, nodePort } of service.ports) {
      const name = service.ports.length === 1 ? service.key : `${service.key} ${port}/${protocol.toUpperCase()}`;
      const add = (key: string, purpose: FrontendPurpose, known: readonly string[] | undefined): void => {
        frontends.push({ key, name, purpose, ...(known === undefined ? {} : { endpoints: known }), policyUnknown: true, origin: service.origin });
      };
      for (const address of service.clusterIps) add(`${protocol} ${endpointText(address, port)}`, 'cluster IP', endpoints);
      for (const address of service.externalIps) add(`${protocol} ${endpointText(address, port)}`, 'external IP', undefined);
      if (nodePort !== undefined) add(`${protocol} *:${nodePort}`, 'node port', undefined);
    }
  }
  return { frontends, complete: namespaces.size > 1 };
}
