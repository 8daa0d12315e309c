import { addressFamily, addressNumber, addressText, blockRange } from '../state/address-range.ts';
import type { ObjectEndpointPort, ObjectPort, ObjectService } from '../read/readers/read-object.ts';
import { endpointIndex, type EndpointLists, endpointLists, type PolicyUse } from './endpoint-lists.ts';
import { type EndpointRules, endpointRules } from './endpoint-rules.ts';
import { familiesOf, type Family, familyOf, type ProxySettings } from './settings.ts';

/** The objects of a cluster that kube-proxy reads. */
export interface ClusterObjects {
  readonly services: readonly { readonly value: ObjectService }[];
  readonly endpointPorts: readonly { readonly value: ObjectEndpointPort }[];
}

/** One port of one service in one family: what kube-proxy has to do there, before it is put into rules of any mode. */
export interface DesiredPort extends PolicyUse {
  /** `namespace/name:port`, or `namespace/name` for a port without a name. */
  readonly name: string;
  readonly service: ObjectService;
  readonly port: ObjectPort;
  readonly family: Family;
  readonly clusterIp: string;
  readonly externalIps: readonly string[];
  /** Without those whose `ipMode` is `Proxy`. */
  readonly loadBalancerIps: readonly string[];
  readonly sourceRanges: readonly string[];
  readonly lists: EndpointLists;
  /** Whether policy Local falls back to the cluster list in ipvs mode. */
  readonly separateLists: boolean;
}

/** Whether kube-proxy looks at a service at all, and if not, why. */
export function passedOver(service: ObjectService): string | undefined {
  if (service.serviceProxyName !== undefined) return `its label service.kubernetes.io/service-proxy-name is ${service.serviceProxyName}`;
  if (service.headlessLabel === true) return 'it has the label service.kubernetes.io/headless';
  if (service.type === 'ExternalName') return 'its type is ExternalName';
  return service.headless || service.clusterIps.length === 0 ? 'it has no cluster IP' : undefined;
}

/** Others kube-proxy does not serve. */
const PROTOCOLS: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp']);

/** Every service port that kube-proxy serves, by name and family. */
export function desiredPorts({ services, endpointPorts }: ClusterObjects, settings: ProxySettings): DesiredPort[] {
  const index = endpointIndex(endpointPorts.map(({ value }) => value));
  const rules = endpointRules(settings);
  const families = familiesOf(settings);
  const found: DesiredPort[] = [];
  for (const { value: service } of services) {
    if (passedOver(service) !== undefined) continue;
    for (const family of families) {
      const shared = addressesOf(service, family, rules);
      if (shared === undefined) continue;
      for (const port of service.ports) {
        if (!PROTOCOLS.has(port.protocol)) continue;
        const use = policyUse(service, port, shared, rules, settings.minor);
        const key = `${service.namespace}/${service.name}`;
        const listed = index.get(`${key}:${port.name}/${port.protocol}`) ?? [];
        const lists = endpointLists(listed, family, service, use, rules, settings);
        found.push({
          name: port.name === '' ? key : `${key}:${port.name}`,
          service,
          port,
          family,
          ...shared,
          ...use,
          lists,
          separateLists: rules.separateLists,
        });
      }
    }
  }
  return found.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
}

type Addresses = Pick<DesiredPort, 'clusterIp' | 'externalIps' | 'loadBalancerIps' | 'sourceRanges'>;

/** The addresses of a service in one family: the first cluster IP, and all others. Without a cluster IP it has nothing there. */
function addressesOf(service: ObjectService, family: Family, rules: EndpointRules): Addresses | undefined {
  const own = (addresses: readonly string[]): string[] =>
    addresses.flatMap((address) => {
      const number = addressNumber(address);
      return number === undefined || addressFamily(number) !== family ? [] : [addressText(number)];
    });
  const [clusterIp] = own(service.clusterIps);
  if (clusterIp === undefined) return undefined;
  const elsewhere = rules.ipMode ? (service.proxyModeIps ?? []) : [];
  return {
    clusterIp,
    externalIps: own(service.externalIps),
    loadBalancerIps: own(service.loadBalancerIps.filter((address) => !elsewhere.includes(address))),
    sourceRanges: service.sourceRanges
      .map((range) => range.trim())
      .filter((range) => familyOf(range) === family && blockRange(range) !== undefined),
  };
}

/** externalTrafficPolicy is read for NodePort and LoadBalancer services, and from 1.29 for external IPs of others too. */
function policyUse(
  service: ObjectService,
  port: ObjectPort,
  { externalIps, loadBalancerIps }: Addresses,
  rules: EndpointRules,
  minor: number,
): PolicyUse {
  const reachable = service.type === 'LoadBalancer' || service.type === 'NodePort' || (minor >= 29 && service.externalIps.length > 0);
  return {
    internalLocal: rules.internalPolicy && service.internalTrafficPolicy === 'Local',
    externalLocal: reachable && service.externalTrafficPolicy === 'Local',
    external: port.nodePort !== undefined || externalIps.length > 0 || loadBalancerIps.length > 0,
  };
}
