import type { Edit } from './edited-text.ts';
import { beginsLine } from '../wrap-width.ts';

/** No terminal that people copy from is narrower. */
const NARROWEST = 60;
/** Fewer lines of one width may have it by chance. */
const FEWEST_LINES = 4;

interface Line {
  readonly start: number;
  readonly end: number;
}

/**
 * Takes off the blanks with which a terminal filled up every line to its width, as `tmux capture-pane -N` and some terminals copy them; a
 * line without such blanks is as wide as the terminal, and where the next one begins no row it was broken there.
 */
export function terminalLineEdits(text: string): readonly Edit[] {
  const width = text.indexOf('\n');
  if (width < NARROWEST) return [];
  const lines = linesOf(text);
  const filled = lines.filter(({ start, end }) => end - start === width);
  const padded = filled.filter(({ end }) => text.startsWith('  ', end - 2));
  if (padded.length < FEWEST_LINES || filled.length < lines.length - 1 || padded.length * 2 < lines.length) return [];
  return filled.flatMap(({ start, end }) => {
    const kept = start + text.slice(start, end).trimEnd().length;
    if (kept < end) return [{ span: { start: kept, end }, replacement: '' }];
    const goesOn = end + 1 < text.length && !beginsLine(text.slice(end + 1));
    return goesOn ? [{ span: { start: end, end: end + 1 }, replacement: '' }] : [];
  });
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    lines.push({ start, end });
    start = end + 1;
  }
  return lines;
}
