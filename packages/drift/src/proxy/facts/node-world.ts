import type { Model } from '../../state/model.ts';

/** An address that stands for the node where none of its own is known (TEST-NET-1, RFC 5737). */
export const SOME_NODE_ADDRESS = { ipv4: '192.0.2.1', ipv6: '2001:db8:ffff::1' } as const;

/** The dummy interface on which ipvs mode keeps the addresses of services. */
export const IPVS_INTERFACE = 'kube-ipvs0';

/** Whether ipvs mode has a node port of this number; undefined where no set is listed. */
export function isNodePort(model: Model, address: string, protocol: string, port: number): boolean | undefined {
  const sets = model.sets?.sets;
  if (sets === undefined) return undefined;
  const prefix = address.includes(':') ? 'KUBE-6-NODE-PORT' : 'KUBE-NODE-PORT';
  if (sets.get(`${prefix}-${protocol.toUpperCase()}`)?.members?.has(String(port)) === true) return true;
  return sets.get(`${prefix}-${protocol.toUpperCase()}-HASH`)?.members?.has(`${address},${protocol}:${port}`) === true;
}
