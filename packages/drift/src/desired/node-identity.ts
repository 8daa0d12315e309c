import type { NodeView } from '../services/node-facts.ts';
import { lastFlag } from '../read/kinds/node-knowledge.ts';
import { isLoopBackSet } from '../proxy/names/set-catalogue.ts';
import { ownAddresses } from '../proxy/facts/own-interfaces.ts';
import type { ObjectNode } from '../read/readers/read-object.ts';

/** Which node of the cluster a snapshot is of. */
export interface NodeIdentity {
  readonly name: string;
  /** What tells it. */
  readonly because: string;
}

/**
 * The node that a snapshot is of, by the name kube-proxy takes for its own: endpoints with it are the local ones.
 *
 * The name of the host counts only where the cluster knows a node of that name, or names no node at all.
 */
export function nodeIdentity(node: NodeView, asked: NodeView): NodeIdentity | undefined {
  const { knowledge } = node;
  const override = lastFlag(knowledge.log, 'hostname-override') ?? knowledge.configuration?.value.hostnameOverride;
  if (override !== undefined && override !== '') return { name: override.toLowerCase(), because: 'hostname-override of kube-proxy' };
  const nodes = asked.knowledge.nodes.length > 0 ? asked.knowledge.nodes : knowledge.nodes;
  const known = new Set([...nodes.map(({ name }) => name), ...endpointNodes(asked).values()]);
  const host = knowledge.nodeName;
  if (host !== undefined && (known.size === 0 || known.has(host)))
    return { name: host, because: nodes.length === 1 && nodes[0]?.name === host ? 'the only Node object' : 'the name of the host' };
  const byAddress = nodeByAddress(node, nodes);
  if (byAddress !== undefined) return { name: byAddress.name, because: 'the addresses of its Node object' };
  const [only] = nodes;
  if (only !== undefined && nodes.length === 1) return { name: only.name, because: 'the only Node object' };
  return nodeByLoopBack(node, asked);
}

/** The Node object of that name. */
export function nodeObject(node: NodeView, asked: NodeView, name: string): ObjectNode | undefined {
  return [...asked.knowledge.nodes, ...node.knowledge.nodes].find((candidate) => candidate.name === name);
}

function nodeByAddress({ model, knowledge }: NodeView, nodes: readonly ObjectNode[]): ObjectNode | undefined {
  const own = new Set(knowledge.log.flatMap(({ value }) => (value.kind === 'node-addresses' ? value.addresses : [])));
  for (const address of ownAddresses(model)) own.add(address);
  const found = nodes.filter(({ addresses }) => addresses.some((address) => own.has(address)));
  return found.length === 1 ? found[0] : undefined;
}

/** Nodes of endpoints, by the address of the endpoint. */
function endpointNodes({ knowledge }: NodeView): Map<string, string> {
  const nodes = new Map<string, string>();
  for (const { value } of knowledge.endpointPorts)
    for (const { address, node } of value.endpoints) if (node !== undefined) nodes.set(address, node);
  return nodes;
}

/** KUBE-LOOP-BACK holds the endpoints of its own node and no others. */
function nodeByLoopBack({ model }: NodeView, asked: NodeView): NodeIdentity | undefined {
  const nodes = endpointNodes(asked);
  const found = new Set<string>();
  for (const [name, { members }] of model.sets?.sets ?? []) {
    if (!isLoopBackSet(name)) continue;
    for (const member of members?.keys() ?? []) {
      const owner = nodes.get(member.slice(0, member.indexOf(',')));
      if (owner !== undefined) found.add(owner);
    }
  }
  const [name] = found;
  return name === undefined || found.size > 1 ? undefined : { name, because: 'the endpoints in KUBE-LOOP-BACK' };
}
