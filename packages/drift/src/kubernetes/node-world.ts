import { addressNumber } from '../model/address-range.ts';
import type { Model } from '../model/model.ts';
import type { FlowTables } from '../packets/flow.ts';

/** An address that stands for the node where none of its own is known (TEST-NET-1, RFC 5737). */
export const SOME_NODE_ADDRESS = { ipv4: '192.0.2.1', ipv6: '2001:db8:ffff::1' } as const;

/** The dummy interface on which ipvs mode keeps the addresses of services. */
export const IPVS_INTERFACE = 'kube-ipvs0';

/**
 * The node's own addresses as far as anything shows them.
 *
 * Where the addresses of kube-ipvs0 are listed, or the listing says that it does not exist, a cluster IP that is not on it is not the
 * node's own: packets to it do not reach IPVS. Where they are not listed, and for other addresses, which may be on another
 * interface, every virtual service counts as reachable.
 */
export function localAddresses(model: Model, noInterfaces: ReadonlySet<string> = new Set()): ReadonlySet<bigint> {
  const addresses = new Set<bigint>();
  const add = (text: string): void => {
    const number = addressNumber(text);
    if (number !== undefined) addresses.add(number);
  };
  for (const address of ['127.0.0.1', '::1', SOME_NODE_ADDRESS.ipv4, SOME_NODE_ADDRESS.ipv6]) add(address);
  for (const { addresses: own } of model.interfaces.values()) for (const address of own.keys()) add(address);
  for (const name of ['KUBE-IPVS-IPS', 'KUBE-6-IPVS-IPS']) for (const member of model.sets?.sets.get(name)?.members?.keys() ?? []) add(member);
  const listed = noInterfaces.has(IPVS_INTERFACE) || model.interfaces.has(IPVS_INTERFACE);
  const elsewhere = listed ? addressesOfServices(model) : new Set<string>();
  for (const { address } of model.ipvs?.services.values() ?? []) if (address !== undefined && !elsewhere.has(address)) add(address);
  return addresses;
}

/** Addresses that ipvs mode keeps on kube-ipvs0 and nowhere else. */
function addressesOfServices(model: Model): Set<string> {
  const addresses = new Set<string>();
  for (const service of model.services?.values() ?? []) for (const address of service.clusterIps) addresses.add(address);
  for (const name of ['KUBE-CLUSTER-IP', 'KUBE-6-CLUSTER-IP']) {
    for (const member of model.sets?.sets.get(name)?.members?.keys() ?? []) addresses.add(member.slice(0, member.indexOf(',')));
  }
  return addresses;
}

/** Whether ipvs mode has a node port of this number; undefined where no set is listed. */
export function isNodePort(model: Model, address: string, protocol: string, port: number): boolean | undefined {
  const sets = model.sets?.sets;
  if (sets === undefined) return undefined;
  const prefix = address.includes(':') ? 'KUBE-6-NODE-PORT' : 'KUBE-NODE-PORT';
  if (sets.get(`${prefix}-${protocol.toUpperCase()}`)?.members?.has(String(port)) === true) return true;
  return sets.get(`${prefix}-${protocol.toUpperCase()}-HASH`)?.members?.has(`${address},${protocol}:${port}`) === true;
}

/** The listings a packet of a family is led through. */
export function flowTables(model: Model, family: 'ipv4' | 'ipv6', local: ReadonlySet<bigint>): FlowTables {
  const nat = model.tables.get(`${family} nat`);
  const filter = model.tables.get(`${family} filter`);
  const sets = model.sets?.sets;
  return {
    ...(nat === undefined ? {} : { nat }),
    ...(filter === undefined ? {} : { filter }),
    ...(model.ipvs === undefined ? {} : { ipvs: model.ipvs }),
    world: { ...(sets === undefined ? {} : { sets }), isLocal: (address) => local.has(address) },
  };
}
