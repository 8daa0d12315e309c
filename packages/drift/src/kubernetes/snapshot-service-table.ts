import { buildModel } from '../model/build-model.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { buildServiceTable } from './build-service-table.ts';
import { proxyFacts } from './facts.ts';
import { nodeKnowledge } from './node-knowledge.ts';
import type { ServiceTable } from './service-table.ts';

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
  const model = buildModel(snapshot);
  const knowledge = nodeKnowledge(snapshot);
  const told = (proxyFacts(model).clusterCidr?.value ?? '').split(/ and |,/).filter((range) => range.includes('/'));
  return buildServiceTable(model, { ...knowledge, podRanges: [...told, ...knowledge.podRanges] });
}
