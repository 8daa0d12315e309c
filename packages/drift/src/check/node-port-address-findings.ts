import { addToGroup } from '../common/add-to-group.ts';
import { once } from '../common/once.ts';
import type { NodeView } from '../services/node-facts.ts';
import { endpointText } from '../state/ipvs-table.ts';
import { counted, findingKinds, type FoundThing, listed } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';

const { kinds, finding } = findingKinds([
  {
    id: 'lint.ipvs.node-port-address-missing',
    severity: 'critical',
    title: 'a node port is not served at an address of the node at which the others are',
    why: 'kube-proxy serves every node port at the same addresses: connections to this one fail there',
    needs: ['ipvs'],
    lessExact: true,
  },
]);

export const nodePortAddresses: FindingRule = { kinds, find: nodePortAddressFindings };

interface NodePort {
  readonly name: string;
  readonly named: boolean;
  readonly protocol: string;
  readonly port: number;
  readonly addresses: Set<string>;
}

/**
 * Node ports of ipvs mode without a virtual service at an address that has one for half of all, or more. Which addresses these are, by
 * `--nodeport-addresses` or because they are the node's, is read from the table itself: of a single node port nothing is said.
 */
function nodePortAddressFindings({ table, model, facts }: NodeView): FoundThing[] {
  const services = model.ipvs?.services;
  if (facts.proxyMode?.value !== 'ipvs' || services === undefined) return [];
  const found = new Map<string, NodePort>();
  for (const { name, named, frontends } of table.servicePorts) {
    for (const { purpose, by, protocol, port, addresses } of frontends) {
      if (purpose !== 'node port' || by !== 'ipvs') continue;
      const key = `${protocol} ${port}`;
      const known = found.get(key) ?? { name, named, protocol, port, addresses: new Set() };
      found.set(key, known);
      for (const address of addresses) known.addresses.add(address);
    }
  }
  const nodePorts = [...found.values()];
  return (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const isOfFamily = (address: string): boolean => address.includes(':') === (family === 'ipv6');
    const own = nodePorts.filter(({ addresses }) => [...addresses].some(isOfFamily));
    const byAddress = new Map<string, NodePort[]>();
    for (const nodePort of own) for (const address of nodePort.addresses) if (isOfFamily(address)) addToGroup(byAddress, address, nodePort);
    return own.flatMap((nodePort): FoundThing[] => {
      const { name, named, protocol, port, addresses } = nodePort;
      const missing = [...byAddress].flatMap(([address, there]) =>
        there.length * 2 >= own.length && !services.has(`${protocol} ${endpointText(address, port)}`) ? [address] : [],
      );
      const others = once(() =>
        nodePorts.filter((other) => other !== nodePort && missing.every((address) => other.addresses.has(address))),
      );
      if (missing.length === 0) return [];
      const [seen] = [...addresses].filter(isOfFamily);
      const origin = seen === undefined ? undefined : services.get(`${protocol} ${endpointText(seen, port)}`)?.origin;
      return [
        finding('lint.ipvs.node-port-address-missing', {
          subject: {
            kind: 'kube.servicePort',
            name,
            frontends: missing.map((address) => `${protocol} ${endpointText(address, port)}`),
          },
          text: `${named ? `${name}: ` : ''}node port ${protocol} ${port} has no virtual service at ${listed(missing.sort())}, as ${counted(others().length, 'other node port')} ${others().length === 1 ? 'has' : 'have'}: connections to it fail there`,
          origins: origin === undefined ? [] : [origin],
          about: [name],
        }),
      ];
    });
  });
}
