import type { Value } from './field.ts';
import { prefixBounds } from './values.ts';

/** Where packets to an address go, and by which interface; `lost` with what the kernel does where there is no way. */
export type Routed =
  | { readonly kind: 'out'; readonly device: string; readonly gateway?: string }
  | { readonly kind: 'local' }
  | { readonly kind: 'lost'; readonly how: 'unreachable' | 'prohibit' | 'blackhole' | 'no route' };

/** A route with its destination as a prefix. */
export interface PrefixRoute {
  readonly address: Value;
  readonly length: number;
  readonly to: Routed | 'throw' | 'not told';
}

/** A rule of the routing policy: packets with the mark are looked up in the table. */
export interface PolicyRule {
  readonly mark?: { readonly mask: number; readonly value: number };
  /** It asks for more than a mark: whether it holds is not known. */
  readonly asksMore: boolean;
  /** Missing: it does something else than a lookup. */
  readonly table?: string;
}

/** The routing of one family as far as it was shown. */
export interface Routing {
  /** In order; the kernel's own where `ip rule` was not given. */
  readonly rules: readonly PolicyRule[];
  readonly rulesGiven: boolean;
  /** By name of table: by length of the prefix, the longest first. */
  readonly tables: ReadonlyMap<string, readonly (readonly [length: number, routes: ReadonlyMap<Value, PrefixRoute['to']>])[]>;
  /** All tables were shown: what no route of them takes has none. */
  readonly whole: boolean;
}

/** The rules that a kernel starts with. */
export const USUAL_RULES: readonly PolicyRule[] = ['local', 'main', 'default'].map((table) => ({ asksMore: false, table }));

/** Tables by name of routes as they are listed; the first route to a destination is the one with the lowest metric. */
export function routeTables(routes: Iterable<PrefixRoute & { readonly table: string }>): Routing['tables'] {
  const tables = new Map<string, Map<number, Map<Value, PrefixRoute['to']>>>();
  for (const { table, address, length, to } of routes) {
    const byLength = tables.get(table) ?? new Map<number, Map<Value, PrefixRoute['to']>>();
    tables.set(table, byLength);
    const byAddress = byLength.get(length) ?? new Map<Value, PrefixRoute['to']>();
    byLength.set(length, byAddress);
    const [low] = prefixBounds(address, length);
    if (!byAddress.has(low)) byAddress.set(low, to);
  }
  return new Map([...tables].map(([name, byLength]) => [name, [...byLength].sort(([one], [other]) => other - one)]));
}

/** The way of packets to an address; undefined where what was given does not tell (Linux `fib_rules_lookup`, `fib_table_lookup`). */
export function routed({ rules, tables, whole }: Routing, address: Value, mark: number): Routed | undefined {
  for (const { mark: asked, asksMore, table } of rules) {
    if (asked !== undefined && (mark & asked.mask) >>> 0 !== asked.value) continue;
    const listed = table === undefined ? undefined : tables.get(table);
    if (listed === undefined) {
      // The first table holds the node's own addresses, which are asked for elsewhere; the last is empty on most nodes.
      if (table === 'local' || table === 'default' || (whole && table !== undefined)) continue;
      return undefined;
    }
    const found = routeIn(listed, address);
    if (found === undefined || found === 'throw') continue;
    return found === 'not told' || asksMore ? undefined : found;
  }
  return whole ? { kind: 'lost', how: 'no route' } : undefined;
}

function routeIn(
  table: readonly (readonly [number, ReadonlyMap<Value, PrefixRoute['to']>])[],
  address: Value,
): PrefixRoute['to'] | undefined {
  for (const [length, routes] of table) {
    const found = routes.get(prefixBounds(address, length)[0]);
    if (found !== undefined) return found;
  }
  return undefined;
}
