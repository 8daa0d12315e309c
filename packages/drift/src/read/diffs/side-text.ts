import type { Piece } from '@netdrift/core';
import type { DiffHunk, SideLine } from './diff-hunk.ts';

/** One side of a diff as a text, and where it stands in the input. */
export interface SideText {
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** Where lines are left out, as offsets of the text. */
  readonly gaps: readonly number[];
  /** Lines that the diff itself has cut, as `diff -y` does at its width. */
  readonly cut: number;
  /** Whether the diff shows the side whole. */
  readonly whole: boolean;
}

/** What stands for lines that a diff does not show, as people write it too. */
export const GAP = '...';

/** The text of one side: its hunks, with a line between them that stands for what is left out. */
export function sideText(hunks: readonly DiffHunk[], side: 'before' | 'after'): SideText {
  const lines: SideLine[] = [];
  const gaps: number[] = [];
  let length = 0;
  let cut = 0;
  const add = (line: SideLine): void => {
    lines.push(line);
    length += line.text.length + 1;
  };
  for (const [index, hunk] of hunks.entries()) {
    if (index > 0) {
      gaps.push(length);
      add({ text: GAP, start: hunk[side][0]?.start ?? hunks[index - 1]?.[side].at(-1)?.start ?? 0 });
    }
    for (const line of hunk[side]) {
      if (line.text === GAP) {
        gaps.push(length);
        cut += 1;
      }
      add(line);
    }
  }
  const [first, last] = [hunks[0], hunks.at(-1)];
  if (last?.endsFile === false) gaps.push(length);
  let at = 0;
  const pieces = lines.map(({ text, start }): Piece => {
    const piece = { at, start, end: start + text.length };
    at += text.length + 1;
    return piece;
  });
  return { text: lines.map(({ text }) => `${text}\n`).join(''), pieces, gaps, cut, whole: gaps.length === 0 && first?.startsFile === true };
}
