import type { Snapshot } from '../read/snapshot.ts';
import type { ServiceTable } from '../proxy/service-table.ts';
import { nodeView } from './node-facts.ts';

/**
 * What the node does for each service port: its addresses, and for connections from pods, from the node and from outside the
 * endpoints with their shares, whether the source address is replaced, and who is refused and why.
 *
 * The same shape whether IPVS or rules of iptables do it, and where both are there, what really happens. Names come from the
 * comments of rules or from a table of services in the snapshot; without either a service port is named by its address.
 * Nothing is claimed that the listings hide: what they do not show is missing or `unknown`.
 *
 * @example
 * serviceTable(snapshot).servicePorts.map((port) => port.name) // => ['default/kubernetes:https', 'kube-system/kube-dns:dns']
 */
export function serviceTable(snapshot: Snapshot): ServiceTable {
  return nodeView(snapshot).table;
}
