import { endOfLine } from '../../machine/source-bytes.ts';
import { beginsLine } from '../wrap-width.ts';
import type { Edit } from './edited-text.ts';

/** No terminal that people copy from is narrower. */
const NARROWEST = 60;
/** Fewer lines of one width may have it by chance. */
const FEWEST_LINES = 4;

/**
 * Takes off the blanks with which a terminal filled up every line to its width, as `tmux capture-pane -N` and some terminals copy them; a
 * line without such blanks is as wide as the terminal, and where the next one begins no row it was broken there.
 */
export function terminalLineEdits(text: string): readonly Edit[] {
  const width = text.indexOf('\n');
  if (width < NARROWEST || !isFilled(text, width)) return [];
  const edits: Edit[] = [];
  for (let start = 0, end = width; start < text.length; start = end + 1, end = endOfLine(text, start)) {
    if (end - start !== width) continue;
    const kept = start + text.slice(start, end).trimEnd().length;
    if (kept < end) edits.push({ span: { start: kept, end }, replacement: '' });
    else if (end + 1 < text.length && !beginsLine(text.slice(end + 1))) edits.push({ span: { start: end, end: end + 1 }, replacement: '' });
  }
  return edits;
}

/** Whether all lines but one have this width, and half of them blanks at their end. */
function isFilled(text: string, width: number): boolean {
  let lines = 0;
  let others = 0;
  let padded = 0;
  for (let start = 0, end = width; start < text.length; start = end + 1, end = endOfLine(text, start)) {
    lines += 1;
    if (end - start !== width) others += 1;
    else if (text.startsWith('  ', end - 2)) padded += 1;
    if (others > 1) return false;
  }
  return padded >= FEWEST_LINES && padded * 2 >= lines;
}
