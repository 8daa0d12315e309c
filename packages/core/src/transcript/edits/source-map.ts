import type { Span } from '../../text/span.ts';
import type { Piece } from '../section.ts';
import { type EditedText, runAt } from './edited-text.ts';

/** Leads spans of an edited text back to the input; spans must be asked for in any order, each costs a binary search. */
export interface SourceMap {
  /** The span of the input that a span of the edited text stands for. */
  toInput(span: Span): Span;
  /** The same for whole lines: what was cut out before their first character belongs to them. */
  toInputLines(span: Span): Span;
  /** The pieces that the text of these ranges, joined, is made of. */
  pieces(ranges: readonly Span[]): readonly Piece[];
  /** Where the last of the input that is in the edited text ends. */
  readonly end: number;
}

/** The {@link SourceMap} of an edited text. */
export function sourceMap({ runs }: EditedText): SourceMap {
  const toInput = (offset: number): number => {
    const run = runs[runAt(runs, offset)];
    return run === undefined ? offset : Math.min(run.start + offset - run.at, run.end);
  };
  const endsBefore = endsBeforeRuns(runs);
  return {
    end: runs.reduce((last, { end }) => Math.max(last, end), 0),
    toInputLines: ({ start, end }) => {
      const index = runAt(runs, start);
      const cut = runs[index]?.at === start ? (endsBefore[index] ?? 0) : toInput(start);
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
        for (let index = runAt(runs, range.start), from = range.start; from < range.end; index += 1) {
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

/** For each run where the one that stands before it in the input ends. */
function endsBeforeRuns(runs: EditedText['runs']): readonly number[] {
  const isInOrder = runs.every(({ start }, index) => start >= (runs[index - 1]?.end ?? 0));
  if (isInOrder) return runs.map((_run, index) => runs[index - 1]?.end ?? 0);
  const order = runs.map((_run, index) => index).toSorted((one, other) => (runs[one]?.start ?? 0) - (runs[other]?.start ?? 0));
  const ends = new Array<number>(runs.length).fill(0);
  for (const [place, index] of order.entries()) ends[index] = runs[order[place - 1] ?? -1]?.end ?? 0;
  return ends;
}
