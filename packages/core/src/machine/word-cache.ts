import { NOT_ASCII } from './source-bytes.ts';

/** Places of a cache that holds little. */
const FIRST_PLACES = 64;
/** What is spelled alike stands near in a listing, and a cache of this size stays in that of the processor. */
const MOST_PLACES = 256;
/** Of so many words it is known that they came once. */
const SEEN = 1024;
/** Longer words are not remembered. */
const WIDTH = 64;

/**
 * Remembers what words mean, found by their bytes without making a string. It never grows beyond some 25 kilobytes: a word takes
 * the place of another that hashes alike, and what is not remembered is read again. A word is remembered when it comes for the second time:
 * most of a long listing are names and addresses that come once, and remembering those costs more than it saves.
 *
 * What is found is shared by all who find it, and frozen with all that it holds.
 *
 * @example
 * const ports = new WordCache<{ port: number }>();
 * const bytes = sourceBytes('80 80 80');
 * ports.find(bytes, 0, 2) ?? ports.keep({ port: 80 }, bytes, 0, 2); // => { port: 80 }
 * ports.find(bytes, 3, 5) ?? ports.keep({ port: 80 }, bytes, 3, 5); // => { port: 80 }, which is remembered
 * ports.find(bytes, 6, 8); // => the same object
 */
export class WordCache<V> {
  private mask = FIRST_PLACES - 1;
  private count = 0;
  private hashes = new Int32Array(0);
  private kinds = new Int32Array(0);
  /** Of the word in each place its length; negative once its value is frozen. */
  private lengths = new Int8Array(0);
  private words = new Uint8Array(0);
  private values: (V | undefined)[] = [];
  /** Hashes of words that came once. */
  private readonly seen = new Int32Array(SEEN);
  private hash = 0;
  private isAscii = true;

  /** What the word at `start..end` means, if it is remembered. Words of different kinds are different words. */
  find(bytes: Uint8Array, start: number, end: number, kind = 0): V | undefined {
    const length = end - start;
    let hash = Math.imul(kind, 0x9e37) + length;
    let all = length > WIDTH ? NOT_ASCII : 0;
    for (let at = start, last = Math.min(end, start + WIDTH); at < last; at += 1) {
      const byte = bytes[at] ?? 0;
      hash = (Math.imul(hash, 31) + byte) | 0;
      all |= byte;
    }
    this.hash = hash;
    // Characters outside ASCII all look alike.
    this.isAscii = all < NOT_ASCII;
    if (!this.isAscii || this.values.length === 0) return undefined;
    const place = placeOf(hash) & this.mask;
    const kept = this.lengths[place] ?? 0;
    if (this.hashes[place] !== hash || this.kinds[place] !== kind || (kept !== length && kept !== -length)) return undefined;
    const { words } = this;
    for (let at = start, other = place * WIDTH; at < end; at += 1, other += 1) if (bytes[at] !== words[other]) return undefined;
    const value = this.values[place];
    if (kept > 0) {
      this.lengths[place] = -length;
      freeze(value);
    }
    return value;
  }

  /** Gives the value of the word that was looked for last, and remembers it where the word was here before. */
  keep(value: V, bytes: Uint8Array, start: number, end: number, kind = 0): V {
    if (!this.isAscii || end === start) return value;
    const { hash, seen } = this;
    const trace = placeOf(hash) & (seen.length - 1);
    if (seen[trace] !== hash) {
      seen[trace] = hash;
      return value;
    }
    if (this.values.length === 0) this.resize(FIRST_PLACES);
    else if (this.count * 2 > this.values.length && this.values.length < MOST_PLACES) this.resize(this.values.length * 4);
    const place = placeOf(this.hash) & this.mask;
    if (this.lengths[place] === 0) this.count += 1;
    this.hashes[place] = this.hash;
    this.kinds[place] = kind;
    this.lengths[place] = end - start;
    this.values[place] = value;
    for (let at = start, other = place * WIDTH; at < end; at += 1, other += 1) this.words[other] = bytes[at] ?? 0;
    return value;
  }

  private resize(places: number): void {
    const { hashes, kinds, lengths, words, values } = this;
    this.mask = places - 1;
    this.count = 0;
    this.hashes = new Int32Array(places);
    this.kinds = new Int32Array(places);
    this.lengths = new Int8Array(places);
    this.words = new Uint8Array(places * WIDTH);
    this.values = Array.from({ length: places }, () => undefined);
    for (const [before, value] of values.entries()) {
      if (value === undefined) continue;
      const hash = hashes[before] ?? 0;
      const place = placeOf(hash) & this.mask;
      this.count += 1;
      this.hashes[place] = hash;
      this.kinds[place] = kinds[before] ?? 0;
      this.lengths[place] = lengths[before] ?? 0;
      this.values[place] = value;
      this.words.set(words.subarray(before * WIDTH, (before + 1) * WIDTH), place * WIDTH);
    }
  }
}

/** The upper bits of a product: words that differ in one digit are far from each other. */
function placeOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> 20;
}

/** Depth is that of the nodes of a grammar. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const key in value) freeze(Reflect.get(value, key));
}
