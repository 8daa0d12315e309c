import type { Chain, Expression, SetElement, Table } from '@netdrift/nftables';
import { CLUSTER_IPS, nameOfChain } from '../proxy/nftables/names.ts';
import type { Severity } from '../report.ts';
import { listed } from './finding.ts';

/** What the set of cluster IPs and the maps of services of a table do not agree about. */
export interface ClusterIpOddity {
  readonly text: string;
  readonly severity: Severity;
  /** The services that end there. */
  readonly about?: readonly string[];
}

/**
 * Cluster IPs that no map has a service for, and services whose cluster IP the set does not hold. kube-proxy refuses what goes to an
 * address of the set and to no service; where the chain of a service is there and no map leads to it, its connections end there.
 */
export function clusterIpOddities({ sets = [], chains = [] }: Table): ClusterIpOddity[] {
  const listedIps = sets.find(({ name, kind }) => name === CLUSTER_IPS && kind === 'Set');
  if (listedIps === undefined) return [];
  const clusterIps = new Set((listedIps.elements ?? []).flatMap(({ key }) => (key.kind === 'Address' ? [key.address] : [])));
  const elements = sets.flatMap((set) => (set.kind === 'Map' ? (set.elements ?? []) : []));
  const served = new Set(elements.flatMap(({ key }) => addressOf(key) ?? []));
  const unserved = [...clusterIps].filter((address) => !served.has(address));
  const unlisted = new Set(
    elements.flatMap((element) => {
      const address = addressOf(element.key);
      return address === undefined || clusterIps.has(address) || !isOfClusterIp(targetOf(element) ?? '') ? [] : [address];
    }),
  );
  return [
    ...(unserved.length === 0 ? [] : [unservedText(unserved, idleServices(elements, chains))]),
    ...(unlisted.size === 0
      ? []
      : [
          {
            text: `set ${CLUSTER_IPS} does not hold ${listed([...unlisted])}, which the maps have services for: packets to other ports there are not refused`,
            severity: 'notice' as const,
          },
        ]),
  ];
}

/** Services whose chain has rules, and that no map leads to. */
function idleServices(elements: readonly SetElement[], chains: readonly Chain[]): string[] {
  const targets = new Set(elements.flatMap((element) => targetOf(element) ?? []));
  const led = new Set([...targets].flatMap((chain) => (isOfClusterIp(chain) ? (nameOfChain(chain)?.servicePort ?? []) : [])));
  const own = chains.filter(({ name, rules = [] }) => isOfClusterIp(name) && rules.length > 0);
  return own.flatMap(({ name }) => nameOfChain(name)?.servicePort ?? []).filter((service) => !led.has(service));
}

function unservedText(addresses: readonly string[], idle: readonly string[]): ClusterIpOddity {
  const text = `set ${CLUSTER_IPS} holds ${listed(addresses)}, and no map has a service there: connections are refused`;
  const services = [...new Set(idle)].sort();
  return services.length === 0
    ? { text, severity: 'warning' }
    : { text: `${text}; the chains of ${listed(services)} are there, and no map leads to them`, severity: 'critical', about: services };
}

/** External addresses are led to chains of their own. */
function isOfClusterIp(chain: string): boolean {
  const role = nameOfChain(chain)?.role;
  return role === 'service' || role === 'local';
}

/** `10.96.0.10` of `10.96.0.10 . tcp . 53` */
function addressOf(key: Expression): string | undefined {
  const first = key.kind === 'Concatenation' ? key.parts[0] : undefined;
  return first?.kind === 'Address' ? first.address : undefined;
}

function targetOf({ value }: SetElement): string | undefined {
  return value?.kind === 'Verdict' ? value.chain : undefined;
}
