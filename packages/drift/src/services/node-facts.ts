import { isProxyChain } from '../proxy/names/chain-roles.ts';
import { isProxySet } from '../proxy/names/set-catalogue.ts';
import { proxyFacts as factsOfTables } from '../proxy/facts/facts.ts';
import { podRangesOf, type Worlds, worldsOf } from '../proxy/facts/known-node.ts';
import { type ServiceChains, serviceChainsOf } from '../proxy/facts/service-chains.ts';
import { IPVS_INTERFACE } from '../proxy/facts/node-world.ts';
import { isKubeProxyTable } from '../proxy/nftables/names.ts';
import type { ServiceTable } from '../proxy/service-table.ts';
import type { NodeKnowledge } from '../read/kinds/knowledge.ts';
import { nodeKnowledge } from '../read/kinds/node-knowledge.ts';
import type { Snapshot } from '../read/snapshot.ts';
import { buildModel } from '../state/build-model.ts';
import type { Model } from '../state/model.ts';
import { buildServiceTable } from './build-service-table.ts';
import { factsOf, type NodeFacts } from './facts-of-node.ts';

/** Everything told from one snapshot, made once. */
export interface NodeView {
  readonly snapshot: Snapshot;
  readonly model: Model;
  readonly knowledge: NodeKnowledge;
  readonly facts: NodeFacts;
  readonly table: ServiceTable;
  readonly worlds: Worlds;
  /** The chains that iptables mode makes for service ports and endpoints. */
  readonly serviceChains: ServiceChains;
  /** Whether anything but virtual services says that this is a node of Kubernetes. */
  readonly kubernetes: boolean;
}

/** Reads a snapshot once for everything that asks about one node; `model`, where it was made of that snapshot already. */
export function nodeView(snapshot: Snapshot, model: Model = buildModel(snapshot)): NodeView {
  const knowledge = nodeKnowledge(snapshot);
  const tables = factsOfTables(model);
  const podRanges = podRangesOf([model, knowledge]);
  const worlds = worldsOf(model, { ...knowledge, podRanges });
  const table = buildServiceTable(model, { ...knowledge, podRanges }, worlds);
  const kubernetes = speaksOfKubernetes(model, knowledge);
  const facts = factsOf(model, knowledge, tables, table, kubernetes);
  return { snapshot, model, knowledge, facts, table, worlds, serviceChains: serviceChainsOf(model), kubernetes };
}

/** Virtual services alone may be anybody's: keepalived and many others use IPVS. */
function speaksOfKubernetes(model: Model, knowledge: NodeKnowledge): boolean {
  if (knowledge.hasLog || knowledge.proxyMode !== undefined || knowledge.configuration !== undefined || knowledge.version !== undefined)
    return true;
  for (const entry of model.nft?.tables.values() ?? []) if (isKubeProxyTable(entry)) return true;
  if (model.services !== undefined || model.interfaces.has(IPVS_INTERFACE)) return true;
  for (const name of model.sets?.sets.keys() ?? []) if (isProxySet(name)) return true;
  for (const table of model.tables.values()) for (const chain of table.chains.keys()) if (isProxyChain(chain)) return true;
  return false;
}

/**
 * How the node's service proxy is set up, with evidence.
 *
 * @example
 * proxyFacts(snapshot).masqueradeAll?.value // => false
 */
export function proxyFacts(snapshot: Snapshot): NodeFacts {
  return nodeView(snapshot).facts;
}
