/** Number of places; a word takes the place of another that hashes alike. */
const PLACES = 2048;

/**
 * Remembers what words of one text mean, found by their bytes without making a string. It never grows: a word that is not
 * remembered is read again.
 */
export class WordCache<V> {
  private readonly starts = new Int32Array(PLACES);
  private readonly ends = new Int32Array(PLACES);
  private readonly values: (V | undefined)[] = Array.from({ length: PLACES }, () => undefined);
  private place = 0;

  /** What the word at `start..end` means, if it is remembered. */
  find(bytes: Uint8Array, start: number, end: number): V | undefined {
    let hash = end - start;
    for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    const place = (hash ^ (hash >>> 11)) & (PLACES - 1);
    this.place = place;
    const known = this.starts[place] ?? 0;
    if ((this.ends[place] ?? 0) - known !== end - start) return undefined;
    for (let at = start, other = known; at < end; at += 1, other += 1) if (bytes[at] !== bytes[other]) return undefined;
    return this.values[place];
  }

  /** Remembers the word that was looked for last. */
  keep(value: V, start: number, end: number): V {
    this.starts[this.place] = start;
    this.ends[this.place] = end;
    this.values[this.place] = value;
    return value;
  }
}
