/** Lines shorter than this are not wrapped by any terminal that people paste from. */
const NARROWEST = 60;

/** How lines begin whose forms can be joined again, whatever somebody put before them, and what follows their last one. */
const BEGINS_LINE =
  /^(?:\r?\n|[ \t>|│#\d:]{0,20}(?:[*:#[]|-[A-Za] |COMMIT|Chain |target +prot|pkts +bytes|\S+ +\S+ +(?:--|-f|!f) |create \S|add \S|\w+ +\d+ +-?\d+\b))/u;

/** Characters of a line that tell whether it begins one. */
const LOOKED_AT = 100;

/** Whether a text begins with a line that is no rest of another one: a row, a title, a blank line or a prompt. */
export function beginsLine(text: string): boolean {
  const head = text.slice(0, LOOKED_AT);
  return BEGINS_LINE.test(head) || /^(?:\s|\S*[@:~]\S*[#$%>] ?)/.test(head);
}

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
  for (let start = 0; start < text.length;) {
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
    if (start >= text.length || BEGINS_LINE.test(text.slice(start, start + LOOKED_AT))) whole += 1;
    else broken += 1;
  }
  return longest >= NARROWEST && broken > 1 && whole * WHOLE_BY_CHANCE <= broken ? longest : 0;
}
