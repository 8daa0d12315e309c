import type { Edit } from '../edited-text.ts';

/** The width of a terminal at which a line was broken when its text was copied; what followed is padded to the wider one. */
const WIDTH = 80;
const FEWEST_BLANKS = 8;
/** Blanks at the edge that are the rule's own: a line broken at a blank has one more. */
const OWN = 1;
/** `-A zone_wan -p tcp -m tcp --dport 443 -j DNAT --to-destination 192.16          8.1.1:22` */
const SAVED_RULE = /^(?:\[\d+:\d+\] )?-A \S/;

interface Padding {
  readonly start: number;
  readonly blanks: number;
}

/**
 * Takes out the blanks with which a terminal of 80 columns filled up saved rules that it broke. No tool prints so many blanks
 * outside of quotes; how many are the terminal's is told by several lines that agree, so a single one is left as it is.
 */
export function terminalPaddingEdits(text: string): readonly Edit[] {
  if (!text.includes(' '.repeat(FEWEST_BLANKS)) || !text.includes('-A ')) return [];
  const found: Padding[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const padding = end - start > WIDTH + FEWEST_BLANKS ? paddingOf(text, start, end) : undefined;
    if (padding !== undefined) found.push(padding);
    start = end + 1;
  }
  const fewest = found.reduce((least, { blanks }) => Math.min(least, blanks), Infinity);
  if (found.filter(({ blanks }) => blanks === fewest).length < 2) return [];
  const agreeing = found.filter(({ blanks }) => blanks <= fewest + OWN);
  return agreeing.map(({ start, blanks }) => ({ span: { start: start + blanks - fewest, end: start + blanks }, replacement: '' }));
}

/** The run of blanks at the edge of a rule's line. */
function paddingOf(text: string, lineStart: number, end: number): Padding | undefined {
  const edge = lineStart + WIDTH;
  if (text[edge] !== ' ' || !SAVED_RULE.test(text.slice(lineStart, edge))) return undefined;
  const start = text[edge - 1] === ' ' ? edge - 1 : edge;
  if (text[start - 1] === ' ' || text.slice(lineStart, start).split('"').length % 2 === 0) return undefined;
  let last = start;
  while (last < end && text[last] === ' ') last += 1;
  const goesOn = last < end && text[last] !== '\r';
  return goesOn && last - start >= FEWEST_BLANKS ? { start, blanks: last - start } : undefined;
}
