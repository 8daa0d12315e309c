import { addToGroup } from '../common/add-to-group.ts';
import type { Value } from '../world/field.ts';
import type { KeyField, Lookup, LookupEntry } from '../world/lookup.ts';
import type { PacketFields } from './traveller.ts';

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
  readonly fields: PacketFields;
  readonly mark: number;
}

/** What a packet is looked up as: the value of the first entry that holds of it, or that no listing decides it. */
export type Found<Result> = { readonly kind: 'found'; readonly value: Result } | { readonly kind: 'missed' } | { readonly kind: 'unknown' };

const MISSED = { kind: 'missed' } as const;
const UNKNOWN = { kind: 'unknown' } as const;

/** Looks a packet up. `onInterface`: whether its interface is the one of an entry; undefined where nothing tells. */
export function lookUp<Result>(
  lookup: Lookup<Result>,
  index: LookupIndex | undefined,
  asked: Asked,
  onInterface: (entry: LookupEntry<Result>) => boolean | undefined,
): Found<Result> {
  const { entries } = lookup;
  const places = index === undefined ? undefined : placesIn(index, lookup, asked);
  const count = places === undefined ? entries.length : places.length;
  let unsure = false;
  for (let next = 0; next < count; next += 1) {
    const entry = entries[places === undefined ? next : (places[next] as number)] as LookupEntry<Result>;
    if (!within(entry.bounds, lookup, asked)) continue;
    const on = entry.interface === undefined ? true : onInterface(entry);
    if (on === true) return unsure ? UNKNOWN : { kind: 'found', value: entry.value };
    if (on === undefined) unsure = true;
  }
  if (unsure || lookup.partial) return UNKNOWN;
  return lookup.otherwise === undefined ? MISSED : { kind: 'found', value: lookup.otherwise };
}

const NOWHERE: readonly number[] = [];

/** The places of the entries that may hold, in their order. */
function placesIn({ at, byValue, rest }: LookupIndex, lookup: Lookup<unknown>, asked: Asked): readonly number[] {
  const places = byValue.get(valueOf(lookup.key[at] as KeyField, lookup, asked)) ?? NOWHERE;
  if (rest.length === 0) return places;
  return places.length === 0 ? rest : [...places, ...rest].sort((one, other) => one - other);
}

function valueOf(field: KeyField, { markMask }: Lookup<unknown>, { fields, mark }: Asked): Value {
  if (field !== 'mark') return fields[field];
  return markMask === undefined ? mark : (mark & markMask) >>> 0;
}

function within(bounds: readonly Value[], lookup: Lookup<unknown>, asked: Asked): boolean {
  const { key } = lookup;
  for (let at = 0; at < key.length; at += 1) {
    const value = valueOf(key[at] as KeyField, lookup, asked);
    if (value < (bounds[2 * at] as Value) || value > (bounds[2 * at + 1] as Value)) return false;
  }
  return true;
}
