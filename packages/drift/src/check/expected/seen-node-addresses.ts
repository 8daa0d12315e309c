import type { NodeView } from '../../services/node-facts.ts';

/** The addresses at which at least half of the cluster's node ports have a virtual service. */
export function seenNodeAddresses(node: NodeView, asked: NodeView): string[] {
  const nodePorts = new Set<string>();
  const serviceAddresses = new Set<string>();
  for (const { value } of asked.knowledge.services) {
    for (const { nodePort, protocol } of value.ports) if (nodePort !== undefined) nodePorts.add(`${protocol} ${nodePort}`);
    for (const address of [...value.clusterIps, ...value.loadBalancerIps]) serviceAddresses.add(address);
  }
  const seen = new Map<string, Set<string>>();
  for (const { protocol, address, port } of node.model.ipvs?.services.values() ?? []) {
    const nodePort = `${protocol ?? ''} ${port ?? 0}`;
    if (address === undefined || serviceAddresses.has(address) || !nodePorts.has(nodePort)) continue;
    const ports = seen.get(address) ?? new Set();
    seen.set(address, ports.add(nodePort));
  }
  const most = (family: boolean): number =>
    Math.max(0, ...[...seen].filter(([address]) => address.includes(':') === family).map(([, ports]) => ports.size));
  const [ipv4, ipv6] = [most(false), most(true)];
  return [...seen]
    .filter(([address, ports]) => ports.size * 2 >= (address.includes(':') ? ipv6 : ipv4))
    .map(([address]) => address)
    .sort();
}
