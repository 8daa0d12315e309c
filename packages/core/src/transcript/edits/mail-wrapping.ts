import { wrapWidth } from '../wrap-width.ts';
import type { Edit } from './edited-text.ts';
import { goesOn } from './wrapped-rows.ts';

/**
 * Joins a row that a mail program or an editor broke with the rest below it, with the blank that it broke at. Only where the first line is
 * a row that can go on, and the second none that a tool prints: words of matches behind a rule, options behind a saved line, figures behind
 * a destination. What cannot be told stays two lines.
 */
export function mailWrappingEdits(text: string): readonly Edit[] {
  const edits: Edit[] = [];
  // Lines that a terminal broke at its edge are another matter: it leaves out no blank, and breaks words.
  const terminal = wrapWidth(text);
  let before = '';
  let width = 0;
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const line = end - start > MAX_WIDTH ? '' : text.slice(start, end).trimEnd();
    const quote = /^(?:[ \t]*>)*[ \t]*/.exec(line)?.[0] ?? '';
    const rest = line.slice(quote.length);
    if (before !== '' && before.length <= MAX_WIDTH && goesOn(before, rest, width === terminal)) {
      // A carriage return and blanks before the line feed belong to the break.
      let from = start - 1;
      while (from > 0 && /[ \t\r]/.test(text[from - 1] as string)) from -= 1;
      edits.push({ span: { start: from, end: start + quote.length }, replacement: ' ' });
      before = `${before} ${rest}`;
    } else before = line;
    width = end - start;
    start = end + 1;
  }
  return edits;
}

/** Mail programs break lines near 78 columns; no line near this long was broken by one. */
const MAX_WIDTH = 600;
