/** Place of a rule that `-A` puts at the end of its chain. */
export const AT_END = Infinity;

/**
 * Rules in the order of their chain, given in the order they were put into it, each at its place from 0 of the chain as it was then.
 *
 * From the last to the first, a rule's place counts only the places that later rules leave to it, so it can be looked up in a tree
 * of free places: putting each into a list would take time that grows with the square of their number.
 */
export function inChainOrder<Rule>(rules: readonly Rule[], places: readonly number[]): Rule[] {
  const free = new FreePlaces(rules.length);
  const ordered = new Array<Rule>(rules.length);
  for (let index = rules.length - 1; index >= 0; index -= 1) {
    const place = Math.min(places[index] ?? AT_END, index);
    ordered[free.take(place)] = rules[index] as Rule;
  }
  return ordered;
}

/** Which of a number of places are still free, as a Fenwick tree of their counts. */
class FreePlaces {
  private readonly counts: Int32Array;
  private readonly top: number;

  constructor(size: number) {
    this.counts = new Int32Array(size + 1);
    for (let at = 1; at <= size; at += 1) this.counts[at] = at & -at;
    this.top = 2 ** Math.floor(Math.log2(Math.max(size, 1)));
  }

  /** Takes the free place before which there are `before` free ones, and gives its index. */
  take(before: number): number {
    let at = 0;
    let left = before;
    for (let step = this.top; step > 0; step >>= 1) {
      const next = at + step;
      const count = this.counts[next];
      if (count !== undefined && count <= left) {
        at = next;
        left -= count;
      }
    }
    for (let node = at + 1; node < this.counts.length; node += node & -node) this.counts[node] = (this.counts[node] ?? 0) - 1;
    return at;
  }
}
