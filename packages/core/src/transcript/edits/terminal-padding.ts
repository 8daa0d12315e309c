import type { Edit } from './edited-text.ts';

/** The width of a terminal at which a line was broken when its text was copied; what followed is padded to the wider one. */
const WIDTH = 80;
const FEWEST_BLANKS = 8;
/** Blanks at the edge that are the rule's own: a line broken at a blank has one more. */
const OWN = 1;
/** `-A zone_wan -p tcp -m tcp --dport 443 -j DNAT --to-destination 192.16          8.1.1:22` */
const SAVED_RULE = /^(?:\[\d+:\d+\] )?-A \S/;
const SAVED_BEHIND_NUMBER = /^[ \t>]*(?:\d{1,5} )?(?:\[\d+:\d+\] )?-A \S/;

const FEWEST_BROKEN = 4;
/** Characters of a line in which a broken word is looked for. */
const LONGEST = 2000;
/** The value of an option that has one, the blanks in it, and the rest of it, behind which the next option or nothing stands. */
const BROKEN_WORD = / (-[a-z]|--[a-z][a-z-]*) ([^\s"'!-][^\s"']*)( {4,})(?=[\w.:/,][^\s"']*(?:\s*$| +(?:! |\d{1,5} )?-))/;
/** Options with two values. */
const TWO_VALUES = /^--(?:tcp-flags|match-set|add-set|del-set|map-set)$/;

interface Padding {
  readonly start: number;
  readonly blanks: number;
}

/**
 * Takes out the blanks with which a terminal filled up saved rules that it broke. No tool prints so many blanks outside of quotes. How many
 * of them are the terminal's is told by several lines of 80 columns that agree; elsewhere only a word is joined that cannot end there.
 */
export function terminalPaddingEdits(text: string): readonly Edit[] {
  if (!text.includes(' '.repeat(FEWEST_BROKEN)) || !text.includes('-A ')) return [];
  const found: Padding[] = [];
  const words: Edit[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const padding = end - start > WIDTH + FEWEST_BLANKS ? paddingOf(text, start, end) : undefined;
    if (padding !== undefined) found.push(padding);
    const word = end - start <= LONGEST ? brokenWord(text.slice(start, end), start) : undefined;
    if (word !== undefined) words.push(word);
    start = end + 1;
  }
  const agreeing = agreeingEdits(found);
  return [...agreeing, ...words.filter(({ span }) => !agreeing.some((edit) => edit.span.start <= span.end && edit.span.end >= span.start))];
}

function agreeingEdits(found: readonly Padding[]): readonly Edit[] {
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

/** `-j KUBE-      SVC-X`: a word ends in no such sign, and at the edge of the terminal it may end anywhere. */
function brokenWord(line: string, at: number): Edit | undefined {
  const rule = SAVED_BEHIND_NUMBER.exec(line);
  const found = rule === null ? null : BROKEN_WORD.exec(line);
  if (found === null) return undefined;
  const [whole, option = '', word = '', blanks = ''] = found;
  const start = found.index + whole.length - blanks.length;
  const isBroken = /[-./:,]$/.test(word) || (start === WIDTH && blanks.length >= FEWEST_BLANKS);
  if (!isBroken || TWO_VALUES.test(option) || line.slice(0, start).split('"').length % 2 === 0) return undefined;
  return { span: { start: at + start, end: at + start + blanks.length }, replacement: '' };
}
