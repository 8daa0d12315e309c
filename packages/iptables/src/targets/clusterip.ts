import { wholeNumber, WORD } from '../codec.ts';
import { fieldTarget } from '../fields/fields.ts';

/** `-j CLUSTERIP` (IPv4, up to Linux 6.9): several hosts share an address. Without keys it uses settings made before. */
export interface ClusteripTarget {
  readonly kind: 'ClusteripTarget';
  readonly name: 'CLUSTERIP';
  readonly isNew?: true;
  readonly hashMode?: string;
  readonly clusterMac?: string;
  readonly totalNodes?: number;
  readonly localNode?: number;
  readonly hashInit?: number;
}

const NUMBER = wholeNumber(0xffffffff);

/** `-j CLUSTERIP`; text as in extensions/libipt_CLUSTERIP.c, not seen from a tool. A listing never shows `--new` itself. */
export const clusteripTarget = fieldTarget<ClusteripTarget>({
  name: 'CLUSTERIP',
  kind: 'ClusteripTarget',
  header: 'CLUSTERIP',
  fields: [
    { key: 'isNew', holds: 'flag', option: '--new' },
    { key: 'hashMode', holds: 'value', value: WORD, word: 'hashmode=', option: '--hashmode' },
    { key: 'clusterMac', holds: 'value', value: WORD, word: 'clustermac=', option: '--clustermac' },
    { key: 'totalNodes', holds: 'value', value: NUMBER, word: 'total_nodes=', option: '--total-nodes' },
    { key: 'localNode', holds: 'value', value: NUMBER, word: 'local_node=', option: '--local-node' },
    { key: 'hashInit', holds: 'value', value: NUMBER, word: 'hash_init=', option: '--hash-init' },
  ],
  samples: ['CLUSTERIP hashmode=sourceip clustermac=01:02:03:04:05:06 total_nodes=2 local_node=1 hash_init=0', 'CLUSTERIP'],
});
