/** Lines shorter than this are not wrapped by any terminal that people paste from. */
const NARROWEST = 60;

/**
 * The width at which a terminal may have wrapped the lines of a text: the length of its longest lines, where several have it;
 * 0 where the text cannot have been wrapped.
 */
export function wrapWidth(text: string): number {
  let longest = 0;
  let count = 0;
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const length = end - start;
    if (length > longest) {
      longest = length;
      count = 0;
    }
    if (length === longest) count += 1;
    start = end + 1;
  }
  return count > 1 && longest >= NARROWEST ? longest : 0;
}
