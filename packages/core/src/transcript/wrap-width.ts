/** Lines shorter than this are not wrapped by any terminal that people paste from. */
const NARROWEST = 60;

/** How lines of a save form begin, whatever somebody put before them. */
const BEGINS_LINE = /^[\s>|│#\d:\t]{0,20}(?:[*:#[]|-[A-Z] |COMMIT)/u;

/** Most lines as wide as the terminal that may be whole by chance: one in this many. */
const WHOLE_BY_CHANCE = 10;

/**
 * The width at which a terminal may have wrapped the lines of a text: the length of its longest lines, where several have it
 * and hardly one of them is followed by the beginning of another; 0 where the text cannot have been wrapped.
 */
export function wrapWidth(text: string): number {
  let longest = 0;
  let broken = 0;
  let whole = 0;
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const length = end - start;
    if (length > longest) {
      longest = length;
      broken = 0;
      whole = 0;
    }
    start = end + 1;
    if (length < longest) continue;
    if (start >= text.length || BEGINS_LINE.test(text.slice(start, start + 40))) whole += 1;
    else broken += 1;
  }
  return longest >= NARROWEST && broken > 1 && whole * WHOLE_BY_CHANCE <= broken ? longest : 0;
}
