import type { Expression, SetElement } from '@netdrift/nftables';
import { parseProtocol } from '@netdrift/core';
import { addToGroup } from '../common/add-to-group.ts';
import { CLUSTER_IPS, nameOfChain, nameOfComment, type NftName } from '../proxy/nftables/names.ts';
import type { NftTableEntry } from '../world/nftables/tables.ts';

/** What the elements of maps say of services, beside what they do. */
export interface NftLabels {
  /** By `6 10.96.0.10 53`, of node ports `6 30080`. */
  readonly names: ReadonlyMap<string, readonly NftName[]>;
  /** Addresses that are said to be cluster IPs. */
  readonly clusterIps: ReadonlySet<string>;
}

/** The names that a table of kube-proxy has for places. */
export function nftLabels({ table }: NftTableEntry): NftLabels {
  const names = new Map<string, NftName[]>();
  const clusterIps = new Set<string>();
  for (const set of table.sets ?? []) {
    for (const element of set.elements ?? []) {
      if (set.name === CLUSTER_IPS && element.key.kind === 'Address') clusterIps.add(element.key.address);
      const key = set.kind === 'Map' ? placeKey(element.key) : undefined;
      const name = key === undefined ? undefined : nameOf(element);
      if (key !== undefined && name !== undefined) addToGroup(names, key, name);
    }
  }
  return { names, clusterIps };
}

function nameOf({ value, comment }: SetElement): NftName | undefined {
  const chain = value?.kind === 'Verdict' && value.chain !== undefined ? nameOfChain(value.chain) : undefined;
  return chain ?? (comment === undefined ? undefined : nameOfComment(comment));
}

/** `10.96.0.10 . tcp . 53`, `tcp . 30080` */
function placeKey(key: Expression): string | undefined {
  if (key.kind !== 'Concatenation') return undefined;
  const texts = key.parts.map((part) => {
    if (part.kind === 'Address') return part.address;
    if (part.kind === 'Number') return String(part.value);
    return part.kind === 'Symbol' ? String(parseProtocol(part.name)?.number ?? part.name) : undefined;
  });
  const [first, second, third] = texts;
  if (third !== undefined) return `${second} ${first} ${third}`;
  return texts.length === 2 ? `${first} ${second}` : undefined;
}
