import type { TextLine } from './text-line.ts';

/** One line of a side, without the sign of the diff before it. */
export interface SideLine {
  readonly text: string;
  /** Where it begins in the input. */
  readonly start: number;
}

/** One stretch of the two sides that a diff shows without a gap. */
export interface DiffHunk {
  readonly before: readonly SideLine[];
  readonly after: readonly SideLine[];
  /** Whether nothing stands before it, and behind it, on either side. */
  readonly startsFile: boolean;
  readonly endsFile: boolean;
}

/** A diff in a text. */
export interface Diff {
  readonly hunks: readonly DiffHunk[];
  /** The lines that name the files, with their times: `--- before.txt 2024-01-01 10:00:00 +0000`. */
  readonly names?: { readonly before: string; readonly after: string };
  /** Places of its first line, and of the line behind its last one. */
  readonly start: number;
  readonly end: number;
  /** Lines that differ and are cut, so that nobody knows in what; missing = none. */
  readonly lost?: number;
}

/** A reader of one form of diff: what begins at a line, or undefined for anything else. */
export type DiffReader = (lines: readonly TextLine[], at: number) => Diff | undefined;

/** A line as its side has it: without so many characters of the diff's own. */
export function sideLine(line: TextLine, sign: number): SideLine {
  return { text: line.text.slice(sign), start: line.start + Math.min(sign, line.text.length) };
}

/**
 * Hunks with what their context tells of the file's ends: lines beyond a hunk are left out only where the diff shows as much context as it
 * shows anywhere.
 */
export function withEnds(
  hunks: readonly {
    readonly before: readonly SideLine[];
    readonly after: readonly SideLine[];
    readonly first: number;
    readonly context: readonly [number, number];
  }[],
): DiffHunk[] {
  const most = Math.max(0, ...hunks.flatMap(({ context }) => context));
  return hunks.map(({ before, after, first, context: [, behind] }) => ({ before, after, startsFile: first <= 1, endsFile: behind < most }));
}
