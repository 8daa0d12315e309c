import { endpointText } from '../../state/ipvs-table.ts';
import type { FrontendPurpose } from '../../proxy/names/comments.ts';
import { type ClusterObjects, type DesiredPort, desiredPorts } from '../desired-ports.ts';
import type { DesiredEndpoint } from '../endpoint-lists.ts';
import { nodePortAddresses } from '../node-port-addresses.ts';
import type { ProxySettings } from '../settings.ts';
import { ipvsEndpoints } from './ipvs-endpoints.ts';
import { type DesiredSet, desiredSets } from './ipvs-sets.ts';

/** A virtual service that kube-proxy keeps. */
export interface DesiredVirtualService {
  /** `tcp 10.96.0.1:443` */
  readonly key: string;
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly scheduler: string;
  /** Flags of the scheduler, as `ipvsadm` prints them. */
  readonly flags: readonly string[];
  /** Seconds of session affinity; missing = none. */
  readonly persistence?: number;
  /** Each with weight 1 and masquerading. */
  readonly destinations: readonly DesiredEndpoint[];
  /** The service port. */
  readonly name: string;
  /** `default/web` */
  readonly service: string;
  readonly purpose: FrontendPurpose;
}

/** Everything that ipvs mode keeps beside its rules. */
export interface DesiredIpvs {
  readonly services: readonly DesiredVirtualService[];
  /** Addresses on kube-ipvs0, each with the service ports that ask for it. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly sets: readonly DesiredSet[];
  readonly ports: readonly DesiredPort[];
}

/** The virtual services, addresses and sets that kube-proxy in ipvs mode keeps for a cluster (`syncProxyRules` in `ipvs/proxier.go`). */
export function desiredIpvs(
  objects: ClusterObjects,
  settings: ProxySettings,
  ports: readonly DesiredPort[] = desiredPorts(objects, settings),
): DesiredIpvs {
  const services = new Map<string, DesiredVirtualService>();
  const addresses = new Map<string, string[]>();
  for (const port of ports) {
    for (const service of virtualServicesOf(port, settings)) services.set(service.key, service);
    for (const address of boundAddresses(port, settings)) {
      const names = addresses.get(address) ?? [];
      if (!names.includes(port.name)) names.push(port.name);
      addresses.set(address, names);
    }
  }
  return { services: [...services.values()], addresses, sets: desiredSets(ports, addresses, settings), ports };
}

function virtualServicesOf(desired: DesiredPort, settings: ProxySettings): DesiredVirtualService[] {
  const { name, service, port, externalLocal, internalLocal, family } = desired;
  const scheduler = settings.scheduler ?? 'rr';
  const at = (purpose: FrontendPurpose, address: string, number: number): DesiredVirtualService => ({
    key: `${port.protocol} ${endpointText(address, number)}`,
    protocol: port.protocol,
    address,
    port: number,
    scheduler,
    // FlagSourceHash, which mh calls mh-port and sh sh-port, is set from 1.27 on, for mh alone.
    flags: scheduler === 'mh' && settings.minor >= 27 ? ['mh-port'] : [],
    ...(service.affinitySeconds === 0 ? {} : { persistence: service.affinitySeconds }),
    destinations: ipvsEndpoints(desired, purpose === 'cluster IP' ? internalLocal : externalLocal),
    name,
    service: `${service.namespace}/${service.name}`,
    purpose,
  });
  const { nodePort } = port;
  return [
    at('cluster IP', desired.clusterIp, port.port),
    ...desired.externalIps.map((address) => at('external IP', address, port.port)),
    ...desired.loadBalancerIps.map((address) => at('load-balancer IP', address, port.port)),
    ...(nodePort === undefined ? [] : nodePortAddresses(settings, family).map((address) => at('node port', address, nodePort))),
  ];
}

/** An external address that is the node's own is not bound from 1.28 on. */
function boundAddresses(
  { clusterIp, externalIps, loadBalancerIps }: DesiredPort,
  { minor, nodeAddresses, localAddresses = nodeAddresses }: ProxySettings,
): string[] {
  const external = [...externalIps, ...loadBalancerIps];
  return [clusterIp, ...(minor < 28 ? external : external.filter((address) => !localAddresses.includes(address)))];
}
