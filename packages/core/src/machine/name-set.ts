import { NOT_ASCII } from './source-bytes.ts';

/**
 * Names that were seen, found by their bytes: no string is made of a name, and nothing is kept in memory of the text it stood in.
 *
 * Many names that hash alike, as a hostile text may have them, are kept as strings, which the runtime hashes with a secret.
 *
 * @example
 * const names = new NameSet();
 * const bytes = sourceBytes('web web');
 * names.add(bytes, 0, 3, 'web'); // => true
 * names.add(bytes, 4, 7, 'web'); // => false: it is there already
 */
export class NameSet {
  /** By place: where the name begins in `kept`, plus 1; 0 where there is none. */
  private places = new Int32Array(FIRST_PLACES);
  private hashes = new Int32Array(FIRST_PLACES);
  /** The names one after another, each behind its length. */
  private kept = new Uint8Array(FIRST_PLACES * 16);
  private end = 0;
  private count = 0;
  private readonly others = new Set<string>();

  /** Adds the name that stands at `start..end`, of which `name` is the text; false where it is there already. */
  add(bytes: Uint8Array, start: number, end: number, name: string): boolean {
    const length = end - start;
    let hash = length;
    let all = length > LONGEST ? NOT_ASCII : 0;
    for (let at = start; at < end && all < NOT_ASCII; at += 1) {
      const byte = bytes[at] ?? 0;
      hash = (Math.imul(hash, 31) + byte) | 0;
      all |= byte;
    }
    // Characters outside ASCII all look alike.
    if (all >= NOT_ASCII) return this.addOther(name);
    const mask = this.places.length - 1;
    const first = placeOf(hash);
    for (let probe = 0; probe < MOST_PROBES; probe += 1) {
      const place = (first + probe) & mask;
      const at = this.places[place] ?? 0;
      if (at === 0) {
        if (this.others.size > 0 && this.others.has(name)) return false;
        this.keep(place, hash, bytes, start, length);
        return true;
      }
      if (this.hashes[place] === hash && this.isAt(at, bytes, start, length)) return false;
    }
    return this.addOther(name);
  }

  clear(): void {
    this.end = 0;
    this.count = 0;
    this.places.fill(0);
    this.others.clear();
  }

  private addOther(name: string): boolean {
    if (this.others.has(name)) return false;
    // A string of its own: one that was cut from a text keeps all of the text.
    this.others.add(JSON.parse(JSON.stringify(name)) as string);
    return true;
  }

  private isAt(at: number, bytes: Uint8Array, start: number, length: number): boolean {
    const { kept } = this;
    if (kept[at - 1] !== length) return false;
    for (let index = 0; index < length; index += 1) if (kept[at + index] !== bytes[start + index]) return false;
    return true;
  }

  private keep(place: number, hash: number, bytes: Uint8Array, start: number, length: number): void {
    if (this.end + length + 1 > this.kept.length) {
      const larger = new Uint8Array(this.kept.length * 2 + length);
      larger.set(this.kept);
      this.kept = larger;
    }
    this.places[place] = this.end + 1;
    this.hashes[place] = hash;
    this.kept[this.end] = length;
    for (let index = 0; index < length; index += 1) this.kept[this.end + 1 + index] = bytes[start + index] ?? 0;
    this.end += length + 1;
    this.count += 1;
    if (this.count * 2 > this.places.length) this.grow();
  }

  private grow(): void {
    const { places, hashes, kept } = this;
    this.places = new Int32Array(places.length * 4);
    this.hashes = new Int32Array(places.length * 4);
    const mask = this.places.length - 1;
    for (const [before, at] of places.entries()) {
      if (at === 0) continue;
      const hash = hashes[before] ?? 0;
      const first = placeOf(hash);
      let probe = 0;
      while (probe < MOST_PROBES && this.places[(first + probe) & mask] !== 0) probe += 1;
      if (probe === MOST_PROBES) {
        this.others.add(String.fromCharCode(...kept.subarray(at, at + (kept[at - 1] ?? 0))));
        continue;
      }
      this.places[(first + probe) & mask] = at;
      this.hashes[(first + probe) & mask] = hash;
    }
  }
}

const FIRST_PLACES = 64;
/** So many places are looked at for a name. */
const MOST_PROBES = 32;
/** A length is kept in one byte; no tool's name is that long. */
const LONGEST = 255;

/** The upper bits of a product: names that differ in one digit are far from each other. */
function placeOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> 8;
}
