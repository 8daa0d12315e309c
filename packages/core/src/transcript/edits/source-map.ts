import type { Span } from '../../text/span.ts';
import type { EditedText } from './edited-text.ts';
import type { Piece } from '../section.ts';

/** Leads spans of an edited text back to the input; spans must be asked for in any order, each costs a binary search. */
export interface SourceMap {
  /** The span of the input that a span of the edited text stands for. */
  toInput(span: Span): Span;
  /** The same for whole lines: what was cut out before their first character belongs to them. */
  toInputLines(span: Span): Span;
  /** The pieces that the text of these ranges, joined, is made of. */
  pieces(ranges: readonly Span[]): readonly Piece[];
}

/** The {@link SourceMap} of an edited text. */
export function sourceMap({ runs }: EditedText): SourceMap {
  const runAt = (offset: number): number => {
    let low = 0;
    let high = runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((runs[middle]?.at ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const toInput = (offset: number): number => {
    const run = runs[runAt(offset)];
    return run === undefined ? offset : Math.min(run.start + offset - run.at, run.end);
  };
  return {
    toInputLines: ({ start, end }) => {
      const index = runAt(start);
      const cut = runs[index]?.at === start ? (runs[index - 1]?.end ?? 0) : toInput(start);
      return { start: cut, end: end > start ? Math.max(cut, toInput(end - 1) + 1) : cut };
    },
    toInput: ({ start, end }) => {
      const from = toInput(start);
      return { start: from, end: end > start ? Math.max(from, toInput(end - 1) + 1) : from };
    },
    pieces(ranges) {
      const pieces: Piece[] = [];
      let at = 0;
      for (const range of ranges) {
        for (let index = runAt(range.start), from = range.start; from < range.end; index += 1) {
          const run = runs[index];
          const until = Math.min(range.end, runs[index + 1]?.at ?? range.end);
          const start = run === undefined ? from : Math.min(run.start + from - run.at, run.end);
          const whole = run !== undefined && until === runs[index + 1]?.at;
          const end = whole ? run.end : Math.min(start + until - from, run?.end ?? until);
          const last = pieces.at(-1);
          if (last !== undefined && last.end === start && last.start + at - last.at === start) {
            pieces[pieces.length - 1] = { ...last, end };
          } else pieces.push({ at, start, end });
          at += until - from;
          from = until;
        }
      }
      return pieces;
    },
  };
}
