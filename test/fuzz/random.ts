/** A source of numbers that are the same for the same seed. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** One of these. */
  pick<T>(from: readonly T[]): T;
}

/** xorshift32: small, quick, and good enough to choose mutations. */
export function randomFrom(seed: number): Random {
  let state = scattered(seed) || 1;
  const below = (limit: number): number => {
    state ^= state << 13;
    state = (state ^ (state >>> 17)) >>> 0;
    state = (state ^ (state << 5)) >>> 0;
    return state % limit;
  };
  // The list is never empty: every caller gives a table of this folder.
  return { below, pick: <T>(from: readonly T[]): T => from[below(from.length)] as T };
}

/** Another number of 32 bits for each, near numbers far apart (the end of MurmurHash3). */
export function scattered(number: number): number {
  let bits = number;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
