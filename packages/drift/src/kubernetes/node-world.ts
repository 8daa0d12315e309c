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
 * Where the addresses of kube-ipvs0 are listed, or the listing says that it does not exist, a service address that is not on it is
 * not the node's own: packets to it do not reach IPVS. Where they are not listed, every virtual service counts as reachable.
 */
export function localAddresses(model: Model, noInterfaces: ReadonlySet<string> = new Set()): ReadonlySet<bigint> {
  const addresses = new Set<bigint>();
  const add = (text: string): void => {
    const number = addressNumber(text);
    if (number !== undefined) addresses.add(number);
  };
  for (const address of ['127.0.0.1', '::1', SOME_NODE_ADDRESS.ipv4, SOME_NODE_ADDRESS.ipv6]) add(address);
  for (const { addresses: listed } of model.interfaces.values()) for (const address of listed.keys()) add(address);
  if (noInterfaces.has(IPVS_INTERFACE)) return addresses;
  if (model.interfaces.has(IPVS_INTERFACE)) {
    for (const service of model.ipvs?.services.values() ?? []) if (isOwnAddress(model, service.address, service.protocol, service.port)) add(service.address ?? '');
    return addresses;
  }
  for (const name of ['KUBE-IPVS-IPS', 'KUBE-6-IPVS-IPS']) for (const member of model.sets?.sets.get(name)?.members?.keys() ?? []) add(member);
  for (const { address } of model.ipvs?.services.values() ?? []) if (address !== undefined) add(address);
  return addresses;
}

/** Node ports are served on addresses of the node itself, which are not on kube-ipvs0. */
function isOwnAddress(model: Model, address: string | undefined, protocol: string | undefined, port: number | undefined): boolean {
  if (address === undefined || port === undefined || protocol === undefined) return false;
  return isNodePort(model, address, protocol, port) === true;
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
