import { type DiffHunk, type DiffReader, sideLine, type SideLine } from './diff-hunk.ts';
import type { TextLine } from './text-line.ts';

/** `5a6`, `10,12c10,11`, `8d7` */
const COMMAND = /^\d{1,9}(?:,\d{1,9})?[acd]\d{1,9}(?:,\d{1,9})?$/;

/** Reads `diff` without options: the lines that differ alone, `< ` before those of the one side and `> ` before those of the other. */
export const normalDiff: DiffReader = (lines, at) => {
  const hunks: DiffHunk[] = [];
  let next = at;
  while (COMMAND.test(lines[next]?.text ?? '') && /^[<>](?: |$)/.test(lines[next + 1]?.text ?? '')) {
    const before = linesWith('<', lines, next + 1);
    const middle = lines[before.end]?.text === '---' ? before.end + 1 : before.end;
    const after = linesWith('>', lines, middle);
    hunks.push({ before: before.lines, after: after.lines, startsFile: false, endsFile: false });
    next = after.end;
  }
  return hunks.length === 0 ? undefined : { hunks, start: at, end: next };
};

function linesWith(sign: '<' | '>', lines: readonly TextLine[], at: number): { readonly lines: readonly SideLine[]; readonly end: number } {
  const found: SideLine[] = [];
  let end = at;
  for (let line = lines[end]; line !== undefined && (line.text[0] === sign || line.text[0] === '\\'); line = lines[++end]) {
    if (line.text[0] === sign) found.push(sideLine(line, 2));
  }
  return { lines: found, end };
}
