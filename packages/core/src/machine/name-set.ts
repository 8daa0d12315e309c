/**
 * Names that were seen, found by their characters: no string is made of a name, and nothing is kept in memory of the text it stood in.
 *
 * Many names that hash alike, as a hostile text may have them, are kept as strings, which the runtime hashes with a secret.
 *
 * @example
 * const names = new NameSet();
 * names.add('web web', 0, 3); // => true
 * names.add('web web', 4, 7); // => false: it is there already
 */
export class NameSet {
  /** By place: where the name begins in `kept`; 0 where there is none. */
  private places = new Int32Array(FIRST_PLACES);
  /** The names one after another, each behind its length. */
  private kept = new Uint8Array(FIRST_KEPT);
  private end = 0;
  private count = 0;
  private readonly others = new Set<string>();

  /** Adds the name that stands at `start..end` of a text; false where it is there already. */
  add(text: string, start: number, end: number): boolean {
    const length = end - start;
    let hash = length;
    let all = length > LONGEST ? BEYOND : 0;
    for (let at = start; at < end && all < BEYOND; at += 1) {
      const unit = text.charCodeAt(at);
      hash = (Math.imul(hash, 31) + unit) | 0;
      all |= unit;
    }
    if (all >= BEYOND) return this.addOther(text.slice(start, end));
    const mask = this.places.length - 1;
    const first = placeOf(hash);
    for (let probe = 0; probe < MOST_PROBES; probe += 1) {
      const place = (first + probe) & mask;
      const at = this.places[place] ?? 0;
      if (at === 0) {
        if (this.others.size > 0 && this.others.has(text.slice(start, end))) return false;
        this.keep(place, text, start, length);
        return true;
      }
      if (this.isAt(at, text, start, length)) return false;
    }
    return this.addOther(text.slice(start, end));
  }

  /** Takes all names out, and gives back the memory that many of them took: cleared for each of many tables, it costs what each added. */
  clear(): void {
    if (this.places.length === FIRST_PLACES) this.places.fill(0);
    else {
      this.places = new Int32Array(FIRST_PLACES);
      this.kept = new Uint8Array(FIRST_KEPT);
    }
    this.end = 0;
    this.count = 0;
    this.others.clear();
  }

  private addOther(name: string): boolean {
    if (this.others.has(name)) return false;
    // A string of its own: one that was cut from a text keeps all of the text.
    this.others.add(JSON.parse(JSON.stringify(name)) as string);
    return true;
  }

  private isAt(at: number, text: string, start: number, length: number): boolean {
    const { kept } = this;
    if (kept[at - 1] !== length) return false;
    for (let index = 0; index < length; index += 1) if (kept[at + index] !== text.charCodeAt(start + index)) return false;
    return true;
  }

  private keep(place: number, text: string, start: number, length: number): void {
    if (this.end + length + 1 > this.kept.length) {
      const larger = new Uint8Array(this.kept.length * 2 + length);
      larger.set(this.kept);
      this.kept = larger;
    }
    this.places[place] = this.end + 1;
    this.kept[this.end] = length;
    for (let index = 0; index < length; index += 1) this.kept[this.end + 1 + index] = text.charCodeAt(start + index);
    this.end += length + 1;
    this.count += 1;
    if (this.count * 2 > this.places.length) this.grow();
  }

  private grow(): void {
    const { places, kept } = this;
    this.places = new Int32Array(places.length * 4);
    const mask = this.places.length - 1;
    for (const at of places) {
      if (at === 0) continue;
      const length = kept[at - 1] ?? 0;
      let hash = length;
      for (let index = at; index < at + length; index += 1) hash = (Math.imul(hash, 31) + (kept[index] ?? 0)) | 0;
      const first = placeOf(hash);
      let probe = 0;
      while (probe < MOST_PROBES && this.places[(first + probe) & mask] !== 0) probe += 1;
      if (probe < MOST_PROBES) this.places[(first + probe) & mask] = at;
      else this.others.add(String.fromCharCode(...kept.subarray(at, at + length)));
    }
  }
}

/** So few that the runtime keeps them with the object: most texts have a table of few chains. */
const FIRST_PLACES = 16;
const FIRST_KEPT = 64;
/** The first character code that is not kept in one byte. */
const BEYOND = 0x100;
/** So many places are looked at for a name. */
const MOST_PROBES = 32;
/** A length is kept in one byte; no tool's name is that long. */
const LONGEST = 255;

/** The upper bits of a product: names that differ in one digit are far from each other. */
function placeOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> 8;
}
