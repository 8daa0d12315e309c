import { hexNumber, wholeNumber } from '../codec.ts';
import { fieldMatch, type Field } from '../fields/fields.ts';

/** `-m cluster`: whether this node of a cluster is to take the packet. */
export interface ClusterMatch {
  readonly kind: 'ClusterMatch';
  readonly nodeMask: { readonly not: boolean; readonly value: number };
  readonly totalNodes: number;
  readonly hashSeed: number;
}

const fields: readonly Field[] = [
  { key: 'nodeMask', holds: 'condition', value: hexNumber(8), word: 'node_mask=', not: 'tight', option: '--cluster-local-nodemask' },
  { key: 'totalNodes', holds: 'value', value: wholeNumber(0xffffffff), word: 'total_nodes=', option: '--cluster-total-nodes' },
  { key: 'hashSeed', holds: 'value', value: hexNumber(8), word: 'hash_seed=', option: '--cluster-hash-seed' },
];

/** `-m cluster`. */
export const clusterMatch = fieldMatch<ClusterMatch>({
  name: 'cluster',
  kind: 'ClusterMatch',
  header: 'cluster',
  fields,
  samples: [
    'cluster node_mask=0x00000002 total_nodes=2 hash_seed=0xfeedcafe',
    'cluster !node_mask=0x00000001 total_nodes=2 hash_seed=0x00000001',
  ],
});
