import type { Priority, TableFamily } from '../ast/ruleset.ts';
import type { WrittenPriority } from '../lines/line-nodes.ts';

/** include/linux/netfilter_ipv4.h, netfilter_bridge.h; rule.c of nftables 1.0.6, `std_prios`. */
const NAMES: ReadonlyMap<string, number> = new Map([
  ['raw', -300],
  ['mangle', -150],
  ['dstnat', -100],
  ['filter', 0],
  ['security', 50],
  ['srcnat', 100],
]);
const BRIDGE_NAMES: ReadonlyMap<string, number> = new Map([
  ['dstnat', -300],
  ['filter', -200],
  ['out', 100],
  ['srcnat', 300],
]);

/** The number that a priority stands for; a name that nft does not have counts as 0, the priority of `filter`. */
export function toPriority({ name, value, offset }: WrittenPriority, family: TableFamily): Priority {
  const base = name === undefined ? (value ?? 0) : ((family === 'bridge' ? BRIDGE_NAMES : NAMES).get(name) ?? 0);
  return { value: base + (offset ?? 0), ...(name === undefined ? {} : { name }), ...(offset === undefined ? {} : { offset }) };
}
