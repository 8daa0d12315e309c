import { displayJson } from '@netdrift/core';
import { type NodeView, nodeView } from '../services/node-facts.ts';
import { realTroubles } from '../read/kinds/node-knowledge.ts';
import { sha256 } from '../proxy/names/sha256.ts';
import { frontendsToCompare, type NamedNode } from './compare-nodes.ts';
import { doingText } from './path-difference.ts';

/** One node of a fleet in one line: its settings, and a hash of all that it does for services. Every key is in every line. */
export interface NodeDigest {
  readonly schemaVersion: '1.0';
  readonly type: 'node';
  readonly node: string;
  /** Mode of kube-proxy; null = not told. */
  readonly mode: string | null;
  readonly version: string | null;
  readonly scheduler: string | null;
  readonly cluster_cidr: string | null;
  readonly masquerade_all: boolean | null;
  readonly masquerade_bit: number | null;
  /** False where a part could not be read or is cut: what such a node lacks is not known, so it is a group of its own. */
  readonly complete: boolean;
  readonly troubles: readonly string[];
  readonly frontends: number;
  /** Of what it does at all addresses that are not its own; equal where nodes do the same. */
  readonly hash: string;
}

/** One address of a service on one node. */
export interface FrontendDigest {
  readonly schemaVersion: '1.0';
  readonly type: 'frontend';
  readonly node: string;
  readonly service: string;
  /** Address and port, or the node port alone. */
  readonly frontend: string;
  /** What pods and clients outside get, in words. */
  readonly does: string;
  /** True where a policy Local keeps endpoints to the node: such addresses differ from node to node and are not compared. */
  readonly own: boolean;
  readonly hash: string;
}

/** One line of a digest. */
export type DigestRecord = NodeDigest | FrontendDigest;

/**
 * What one node does for services, in flat rows for SQL: a line for the node, then a line for each frontend by name. It says of a node
 * what {@link compareNodes} compares, so rows of many nodes, grouped by frontend, give the same outliers without holding two nodes at once.
 *
 * @example
 * digestNode({ name: 'node-1', snapshot })[0] // => { type: 'node', node: 'node-1', mode: 'ipvs', complete: true, … }
 */
export function digestNode({ name, snapshot }: NamedNode): DigestRecord[] {
  const view = nodeView(snapshot);
  const { proxyMode, version, scheduler, clusterCidr, masqueradeAll, masqueradeBit } = view.facts;
  const frontends = [...frontendsToCompare(view)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(
      ([
        frontend,
        {
          service,
          frontend: { paths, policy },
        },
      ]): FrontendDigest => {
        const does = doingText(paths);
        return { schemaVersion: '1.0', type: 'frontend', node: name, service, frontend, does, own: policy === 'Local', hash: hashOf(does) };
      },
    );
  const troubles = realTroubles(snapshot).map(({ source, message }) => (source === undefined ? message : `${source}: ${message}`));
  const shared = frontends.filter(({ own }) => !own);
  const node: NodeDigest = {
    schemaVersion: '1.0',
    type: 'node',
    node: name,
    mode: proxyMode?.value ?? null,
    version: version?.value ?? null,
    scheduler: scheduler?.value ?? null,
    cluster_cidr: clusterCidr?.value ?? null,
    masquerade_all: masqueradeAll?.value ?? null,
    masquerade_bit: masqueradeBit?.value ?? null,
    complete: troubles.length === 0 && snapshot.parts.every(({ completeness }) => completeness.state !== 'partial') && tellsSources(view),
    troubles,
    frontends: frontends.length,
    hash: hashOf(shared.map(({ frontend, does }) => `${frontend}\n${does}\n`).join('')),
  };
  return [node, ...frontends];
}

/** Whether the listings tell which source address endpoints see: without a nat table nobody knows. */
function tellsSources({ table }: NodeView): boolean {
  return table.servicePorts.every(({ frontends }) =>
    frontends.every(({ paths }) => paths.every(({ verdict, masqueraded }) => verdict !== 'delivered' || masqueraded !== undefined)),
  );
}

/** A digest as JSON lines. */
export function renderDigest(records: readonly DigestRecord[]): string {
  return records.map((record) => `${displayJson(record)}\n`).join('');
}

/** 64 bits of SHA-256 in hexadecimal: among a million texts, two are alike once in 37 million fleets. */
function hashOf(text: string): string {
  // Names hold bytes that are no UTF-8 as lone surrogates: each UTF-16 unit goes in by itself.
  const units = Uint16Array.from({ length: text.length }, (_unit, index) => text.charCodeAt(index));
  return [...sha256(new Uint8Array(units.buffer)).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
