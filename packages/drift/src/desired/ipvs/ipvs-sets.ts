import { addressText, blockRange } from '../../state/address-range.ts';
import { CATALOGUE_SETS, setName, type CatalogueSet, type SetRole } from '../../proxy/names/set-catalogue.ts';
import type { VersionRange } from '../../proxy/names/chain-catalogue.ts';
import type { DesiredPort } from '../desired-ports.ts';
import { contains, nodePortAddresses } from '../node-port-addresses.ts';
import { type Family, familiesOf, type ProxySettings } from '../settings.ts';

/** An ip set that ipvs mode keeps. */
export interface DesiredSet {
  readonly name: string;
  readonly type: string;
  readonly family: Family;
  readonly role: SetRole;
  /** Members as `ipset` prints them, each with the service ports that ask for it. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

/**
 * Every set that kube-proxy makes in ipvs mode at this version, with its members. A set without members is there too.
 *
 * @param bound addresses that are put on kube-ipvs0, with the service ports that ask for each
 */
export function desiredSets(
  ports: readonly DesiredPort[],
  bound: ReadonlyMap<string, readonly string[]>,
  settings: ProxySettings,
): DesiredSet[] {
  return familiesOf(settings).flatMap((family) => {
    const own = ports.filter((port) => port.family === family);
    const members = membersByRole(own, settings, family);
    for (const [address, names] of bound) {
      if (address.includes(':') === (family === 'ipv6')) for (const name of names) add(members, 'service-addresses', address, name);
    }
    return CATALOGUE_SETS.filter(({ versions }) => isMadeBy(versions, settings.minor)).map((set) => ({
      name: setName(set.name, family),
      type: set.type,
      family,
      role: set.role,
      members: members.get(memberKey(set)) ?? new Map<string, readonly string[]>(),
    }));
  });
}

type Members = Map<string, Map<string, string[]>>;

/** Node ports have a set for each protocol; every other role has one set. */
function memberKey({ role, protocol }: Pick<CatalogueSet, 'role' | 'protocol'>): string {
  return protocol === undefined ? role : `${role} ${protocol}`;
}

function isMadeBy({ from, before }: VersionRange, minor: number): boolean {
  const number = (version: string): number => Number(version.split('.')[1]);
  return (from === undefined || minor >= number(from)) && (before === undefined || minor < number(before));
}

function add(members: Members, key: string, member: string, name: string): void {
  const known = members.get(key) ?? new Map<string, string[]>();
  const names = known.get(member) ?? [];
  if (!names.includes(name)) names.push(name);
  known.set(member, names);
  members.set(key, known);
}

function membersByRole(ports: readonly DesiredPort[], settings: ProxySettings, family: Family): Members {
  const members: Members = new Map();
  for (const desired of ports) {
    const { name, service, port, clusterIp, externalIps, loadBalancerIps, externalLocal } = desired;
    const at = (address: string): string => `${address},${port.protocol}:${port.port}`;
    for (const { address, port: number } of desired.lists.onNode)
      add(members, 'local-endpoints', `${address},${port.protocol}:${number},${address}`, name);
    add(members, 'cluster-ip', at(clusterIp), name);
    for (const address of externalIps) add(members, externalLocal ? 'external-ip-local' : 'external-ip', at(address), name);
    for (const address of loadBalancerIps) {
      add(members, 'load-balancer', at(address), name);
      if (externalLocal) add(members, 'load-balancer-local', at(address), name);
      addRanges(members, desired, settings, address, at(address));
    }
    for (const member of nodePortMembers(desired, settings, family)) {
      add(members, `node-port ${port.protocol}`, member, name);
      if (externalLocal) add(members, `node-port-local ${port.protocol}`, member, name);
    }
    if (service.healthCheckNodePort !== undefined && service.type === 'LoadBalancer' && externalLocal)
      add(members, 'health-check', String(service.healthCheckNodePort), name);
  }
  return members;
}

/** Ranges of an address of a load balancer; the address itself, where the node may use it (`KUBE-LOAD-BALANCER-SOURCE-IP`). */
function addRanges(members: Members, desired: DesiredPort, settings: ProxySettings, address: string, member: string): void {
  if (desired.sourceRanges.length === 0) return;
  add(members, 'restricted', member, desired.name);
  for (const range of desired.sourceRanges) {
    const text = rangeText(range);
    if (text !== undefined) add(members, 'allowed-range', `${member},${text}`, desired.name);
  }
  if (allowsNode(desired, settings)) add(members, 'allowed-self', `${member},${address}`, desired.name);
}

/** Whether the node's own address is in one of the ranges of a service. */
export function allowsNode({ sourceRanges, family }: DesiredPort, { nodeAddresses }: ProxySettings): boolean {
  const nodeIp = nodeAddresses.find((address) => address.includes(':') === (family === 'ipv6'));
  return nodeIp !== undefined && sourceRanges.some((range) => contains(range, nodeIp));
}

/** As ipset prints it: host bits cleared, a range of one address without its length. A range of all addresses ipset refuses. */
function rangeText(range: string): string | undefined {
  const block = blockRange(range);
  const length = Number(range.slice(range.indexOf('/') + 1));
  if (block === undefined || length === 0) return undefined;
  return block.low === block.high ? addressText(block.low) : `${addressText(block.low)}/${length}`;
}

/** A set of ports holds numbers; that of SCTP holds addresses too. */
function nodePortMembers({ port }: DesiredPort, settings: ProxySettings, family: Family): string[] {
  if (port.nodePort === undefined) return [];
  const addresses = nodePortAddresses(settings, family);
  if (addresses.length === 0) return [];
  return port.protocol === 'sctp' ? addresses.map((address) => `${address},sctp:${port.nodePort ?? 0}`) : [String(port.nodePort)];
}
