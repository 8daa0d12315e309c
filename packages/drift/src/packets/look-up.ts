import { addToGroup } from '../common/add-to-group.ts';
import type { Value } from '../world/field.ts';
import type { KeyField, Lookup, LookupEntry } from '../world/lookup.ts';

/** Below this number of entries all are asked in turn. */
const SMALL = 16;

/** The entries of a large lookup by one field of which most ask for one value. */
export interface LookupIndex {
  readonly at: number;
  readonly byValue: ReadonlyMap<Value, readonly number[]>;
  readonly rest: readonly number[];
}

/** The index of a lookup; undefined for a small one, which is asked entry by entry. */
export function lookupIndex({ key, entries }: Lookup<unknown>): LookupIndex | undefined {
  if (entries.length < SMALL || key.length === 0) return undefined;
  let best: LookupIndex | undefined;
  for (const at of key.keys()) {
    const byValue = new Map<Value, number[]>();
    const rest: number[] = [];
    for (const [index, { bounds }] of entries.entries()) {
      const low = bounds[2 * at] as Value;
      if (low === bounds[2 * at + 1]) addToGroup(byValue, low, index);
      else rest.push(index);
    }
    if (best === undefined || byValue.size - rest.length > best.byValue.size - best.rest.length) best = { at, byValue, rest };
  }
  return best;
}

/** What a packet's fields are compared with. */
export interface Asked {
  readonly value: (field: KeyField) => Value;
  /** Whether the packet's interface is the one of an entry; undefined where nothing tells. */
  readonly onInterface: (entry: LookupEntry<unknown>) => boolean | undefined;
}

/** What a packet is looked up as: the value of the first entry that holds of it, or that no listing decides it. */
export type Found<Result> = { readonly kind: 'found'; readonly value: Result } | { readonly kind: 'missed' } | { readonly kind: 'unknown' };

/** Looks a packet up. */
export function lookUp<Result>(lookup: Lookup<Result>, index: LookupIndex | undefined, asked: Asked): Found<Result> {
  const values = lookup.key.map((field) => {
    const value = asked.value(field);
    return field === 'mark' && lookup.markMask !== undefined ? (Number(value) & lookup.markMask) >>> 0 : value;
  });
  let unsure = false;
  for (const entry of candidates(lookup, index, values)) {
    if (!within(entry.bounds, values)) continue;
    const on = entry.interface === undefined ? true : asked.onInterface(entry);
    if (on === true) return unsure ? { kind: 'unknown' } : { kind: 'found', value: entry.value };
    if (on === undefined) unsure = true;
  }
  if (unsure || lookup.partial) return { kind: 'unknown' };
  return lookup.otherwise === undefined ? { kind: 'missed' } : { kind: 'found', value: lookup.otherwise };
}

function* candidates<Result>(
  { entries }: Lookup<Result>,
  index: LookupIndex | undefined,
  values: readonly Value[],
): Generator<LookupEntry<Result>> {
  if (index === undefined) {
    yield* entries;
    return;
  }
  const places = index.byValue.get(values[index.at] as Value) ?? [];
  const sorted = index.rest.length === 0 ? places : [...places, ...index.rest].sort((one, other) => one - other);
  for (const place of sorted) yield entries[place] as LookupEntry<Result>;
}

function within(bounds: readonly Value[], values: readonly Value[]): boolean {
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as Value;
    if (value < (bounds[2 * at] as Value) || value > (bounds[2 * at + 1] as Value)) return false;
  }
  return true;
}
