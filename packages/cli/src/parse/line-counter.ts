/** How many lines back a place can still be told. */
const KEPT = 100_000;

/** Tells the line of a place in a text that comes in pieces and is not kept. */
export class LineCounter {
  private starts = [0];
  private forgotten = 0;
  private length = 0;

  /** Takes the next piece of the text. */
  add(piece: string): void {
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) this.starts.push(this.length + at + 1);
    this.length += piece.length;
    if (this.starts.length < 2 * KEPT) return;
    this.forgotten += this.starts.length - KEPT;
    this.starts = this.starts.slice(-KEPT);
  }

  /** The line, from 1, of an offset in the text so far. */
  lineOf(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return this.forgotten + low + 1;
  }
}
