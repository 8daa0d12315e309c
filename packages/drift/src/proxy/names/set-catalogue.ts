import { addToGroup } from '../../common/add-to-group.ts';
import { SET } from './fixed-names.ts';
import { rangeOf, type VersionRange } from './chain-catalogue.ts';

/** What the members of a set say of a service. */
export type SetRole =
  | 'cluster-ip'
  | 'external-ip'
  | 'external-ip-local'
  | 'load-balancer'
  | 'load-balancer-local'
  | 'restricted'
  | 'allowed-range'
  | 'allowed-self'
  | 'node-port'
  | 'node-port-local'
  | 'health-check'
  | 'local-endpoints'
  | 'service-addresses';

/** A set of ipvs mode. */
export interface CatalogueSet {
  /** IPv4's name; IPv6 has `KUBE-6-` for `KUBE-`, cut to 31 characters. */
  readonly name: string;
  readonly type: string;
  readonly role: SetRole;
  /** Protocol of the members of a set of ports. */
  readonly protocol?: 'tcp' | 'udp' | 'sctp';
  readonly versions: VersionRange;
  /** What the members are. */
  readonly members: string;
}

/** Read in kubernetes pkg/proxy/ipvs/ipset.go and proxier.go (ipsetInfo) of 1.14 to 1.30; seen with 1.20.2 and 1.30.3. */
const ROWS: readonly (readonly [name: string, type: string, role: SetRole, versions: string, members: string])[] = [
  ['KUBE-LOOP-BACK', 'hash:ip,port,ip', 'local-endpoints', '-', 'endpoints of this node: address, port and address again'],
  ['KUBE-CLUSTER-IP', 'hash:ip,port', 'cluster-ip', '-', 'cluster IPs and their ports'],
  ['KUBE-EXTERNAL-IP', 'hash:ip,port', 'external-ip', '-', 'external IPs and their ports'],
  ['KUBE-EXTERNAL-IP-LOCAL', 'hash:ip,port', 'external-ip-local', '1.18-', 'external IPs of services with externalTrafficPolicy Local'],
  ['KUBE-LOAD-BALANCER', 'hash:ip,port', 'load-balancer', '-', 'load-balancer addresses and their ports'],
  [
    'KUBE-LOAD-BALANCER-LOCAL',
    'hash:ip,port',
    'load-balancer-local',
    '-',
    'load-balancer addresses of services with externalTrafficPolicy Local',
  ],
  ['KUBE-LOAD-BALANCER-FW', 'hash:ip,port', 'restricted', '-', 'load-balancer addresses with source ranges'],
  ['KUBE-LOAD-BALANCER-SOURCE-CIDR', 'hash:ip,port,net', 'allowed-range', '-', 'load-balancer address, port and a range that may use it'],
  [
    'KUBE-LOAD-BALANCER-SOURCE-IP',
    'hash:ip,port,ip',
    'allowed-self',
    '-',
    'load-balancer address, port and the address again, where a range holds the node',
  ],
  ['KUBE-NODE-PORT-TCP', 'bitmap:port', 'node-port', '-', 'node ports'],
  ['KUBE-NODE-PORT-UDP', 'bitmap:port', 'node-port', '-', 'node ports'],
  ['KUBE-NODE-PORT-LOCAL-TCP', 'bitmap:port', 'node-port-local', '-', 'node ports of services with externalTrafficPolicy Local'],
  ['KUBE-NODE-PORT-LOCAL-UDP', 'bitmap:port', 'node-port-local', '-', 'node ports of services with externalTrafficPolicy Local'],
  ['KUBE-NODE-PORT-SCTP', 'bitmap:port', 'node-port', '-1.16', 'node ports'],
  ['KUBE-NODE-PORT-LOCAL-SCTP', 'bitmap:port', 'node-port-local', '-1.16', 'node ports of services with externalTrafficPolicy Local'],
  ['KUBE-NODE-PORT-SCTP-HASH', 'hash:ip,port', 'node-port', '1.16-', 'addresses of the node and node ports'],
  [
    'KUBE-NODE-PORT-LOCAL-SCTP-HASH',
    'hash:ip,port',
    'node-port-local',
    '1.16-',
    'addresses of the node and node ports of services with externalTrafficPolicy Local',
  ],
  ['KUBE-HEALTH-CHECK-NODE-PORT', 'bitmap:port', 'health-check', '1.21-', 'health check node ports'],
  ['KUBE-IPVS-IPS', 'hash:ip', 'service-addresses', '1.26-', 'addresses on kube-ipvs0'],
];

/** Every set that kube-proxy's ipvs mode makes. */
export const CATALOGUE_SETS: readonly CatalogueSet[] = ROWS.map(([name, type, role, versions, members]) => {
  const protocol = (['tcp', 'udp', 'sctp'] as const).find((candidate) => name.includes(`-${candidate.toUpperCase()}`));
  return { name, type, role, ...(protocol === undefined ? {} : { protocol }), versions: rangeOf(versions), members };
});

/** The longest name ipset takes. */
const LONGEST = 31;

/**
 * The name of a set for a family, as kube-proxy cuts it.
 *
 * @example
 * setName('KUBE-LOAD-BALANCER-SOURCE-CIDR', 'ipv6') // => 'KUBE-6-LOAD-BALANCER-SOURCE-CID'
 */
export function setName(name: string, family: 'ipv4' | 'ipv6'): string {
  return family === 'ipv4' ? name : `KUBE-6-${name.slice('KUBE-'.length)}`.slice(0, LONGEST);
}

const BY_NAME = new Map(
  CATALOGUE_SETS.flatMap((set) => (['ipv4', 'ipv6'] as const).map((family) => [setName(set.name, family), { set, family }] as const)),
);

const BY_ROLE = { ipv4: namesByRole('ipv4'), ipv6: namesByRole('ipv6') };

function namesByRole(family: 'ipv4' | 'ipv6'): ReadonlyMap<SetRole, readonly string[]> {
  const names = new Map<SetRole, string[]>();
  for (const { name, role } of CATALOGUE_SETS) addToGroup(names, role, setName(name, family));
  return names;
}

/** The names of the sets of a role, in the order of the catalogue. */
export function setNames(role: SetRole, family: 'ipv4' | 'ipv6'): readonly string[] {
  return BY_ROLE[family].get(role) ?? [];
}

/** What is known of a set by its name; undefined for a set that is not kube-proxy's. */
export function catalogueSet(name: string): { readonly set: CatalogueSet; readonly family: 'ipv4' | 'ipv6' } | undefined {
  return BY_NAME.get(name);
}

/** Whether a set is the one of kube-proxy that holds the endpoints of this node, for those that reach themselves through their service. */
export function isLoopBackSet(name: string): boolean {
  return name === SET.loopBack || name === SET.loopBack6;
}

/** Whether kube-proxy makes a set, by its name: it makes all that begin with `KUBE-`. */
export function isProxySet(name: string): boolean {
  return name.startsWith('KUBE-');
}

/** Whether kube-proxy names its sets of IPv6 so, whatever their members. */
export function isIpv6Set(name: string): boolean {
  return name.startsWith('KUBE-6-');
}
