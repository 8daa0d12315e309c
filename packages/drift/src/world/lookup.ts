import type { Origin } from '../state/origin.ts';
import type { Field, InterfacePattern, Value } from './field.ts';

/** A field that a lookup's key is made of. */
export type KeyField = Field | 'mark';

/**
 * The one thing that looks a packet up: an ipset, an nft set, map or verdict map, the IPVS table.
 *
 * The entries stand in the order in which they decide: the first that holds gives its value (a longer prefix before a shorter one,
 * `nomatch` as `false`).
 */
export interface Lookup<Result> {
  /** The name it has in the kernel. */
  readonly name: string;
  /** How a rule asks, where the name alone does not say it: `src,dst` of an ipset. */
  readonly asked?: string;
  /** Equal for lookups that give the same answers, whatever their names; missing where not all entries are known. */
  readonly content?: string;
  /** The packet's fields that are compared, in the order of an entry's bounds. */
  readonly key: readonly KeyField[];
  /** The interface that is compared besides, where entries name one. */
  readonly side?: 'in' | 'out';
  /** What the mark is masked with before it is compared, where `key` has it. */
  readonly markMask?: number;
  readonly entries: readonly LookupEntry<Result>[];
  /** What a packet gets that no entry holds of; missing: nothing (a verdict map goes on with the next rule). */
  readonly otherwise?: Result;
  /** True where entries may be missing: for a packet that no entry holds of it is not known what it gets. */
  readonly partial: boolean;
  /** True where a listing shows that it does not exist. */
  readonly missing?: true;
}

/** One entry: low and high of each field of the key, flat, both included. */
export interface LookupEntry<Result> {
  readonly bounds: readonly Value[];
  readonly interface?: InterfacePattern;
  readonly value: Result;
  readonly origin?: Origin;
}
