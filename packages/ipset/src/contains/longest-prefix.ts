import type { Membership } from './membership.ts';

/** A member as the search sees it. */
export interface Candidate {
  readonly fits: Membership;
  /** Prefix lengths of its networks in the order of the dimensions; empty for a type without; `undefined` where not known. */
  readonly lengths: readonly number[] | undefined;
  readonly nomatch: boolean;
}

/**
 * What a search finds: networks are tried from the longest prefix to the shortest, the first dimension's outermost, and the
 * first that fits decides. Source: Linux net/netfilter/ipset/ip_set_hash_gen.h `mtype_test_cidrs`.
 *
 * Members of equal lengths are tried in the order of their bucket, which no listing tells.
 */
export function decide(candidates: readonly Candidate[]): Membership {
  const fitting = candidates.filter(({ fits }) => fits !== 'no');
  if (!fitting.some(({ nomatch }) => nomatch)) return anyOf(fitting);
  const outcomes = new Set<'match' | 'nomatch'>();
  // A member of unknown length may come before or after any other.
  for (const { nomatch } of fitting.filter(({ lengths }) => lengths === undefined)) outcomes.add(nomatch ? 'nomatch' : 'match');
  const sorted = fitting.filter(({ lengths }) => lengths !== undefined).sort((one, other) => compare(other.lengths, one.lengths));
  let settledAt: readonly number[] | undefined;
  for (const { fits, lengths, nomatch } of sorted) {
    if (settledAt !== undefined && compare(lengths, settledAt) !== 0) break;
    outcomes.add(nomatch ? 'nomatch' : 'match');
    if (fits === 'yes') settledAt = lengths;
  }
  if (settledAt === undefined) outcomes.add('nomatch');
  if (outcomes.size > 1) return 'unknown';
  return outcomes.has('match') ? 'yes' : 'no';
}

function anyOf(fitting: readonly Candidate[]): Membership {
  if (fitting.some(({ fits }) => fits === 'yes')) return 'yes';
  return fitting.length > 0 ? 'unknown' : 'no';
}

function compare(one: readonly number[] | undefined, other: readonly number[] | undefined): number {
  for (const [index, length] of (one ?? []).entries()) {
    const difference = length - (other?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
