import type { Span } from '../../text/span.ts';

/** A text from which something was cut out or replaced, and where each run of it stood before. */
export interface EditedText {
  readonly text: string;
  /**
   * Runs in the order of `text`, which from `at` on is the text before from `start` to `end`. They stand in that order in the text before
   * too, but where lines were put elsewhere.
   */
  readonly runs: readonly { readonly at: number; readonly start: number; readonly end: number }[];
  /** Length of the text before. */
  readonly length: number;
}

/** One change: a span of the text before, and what stands there now. */
export interface Edit {
  readonly span: Span;
  readonly replacement: string;
}

/** Makes changes, which must be in order and apart. */
export function applyEdits(text: string, edits: readonly Edit[]): EditedText {
  const runs: { at: number; start: number; end: number }[] = [];
  const parts: string[] = [];
  let made = 0;
  const add = (part: string, start: number, end: number): void => {
    if (start === end && part === '') return;
    if (part !== '') runs.push({ at: made, start, end });
    parts.push(part);
    made += part.length;
  };
  let from = 0;
  for (const { span, replacement } of edits) {
    add(text.slice(from, span.start), from, span.start);
    add(replacement, span.start, span.end);
    from = span.end;
  }
  add(text.slice(from), from, text.length);
  return { text: parts.join(''), runs, length: text.length };
}

/** Puts parts of an edited text into another order; `order` are spans of it that together are all of it. */
export function reorder({ text, runs, length }: EditedText, order: readonly Span[]): EditedText {
  const reordered: { at: number; start: number; end: number }[] = [];
  const parts: string[] = [];
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of order) {
    const last = joined.at(-1);
    if (last?.end === start) last.end = end;
    else joined.push({ start, end });
  }
  let made = 0;
  for (const span of joined) {
    for (let index = runAt(runs, span.start), from = span.start; from < span.end; index += 1) {
      const run = runs[index];
      const next = runs[index + 1]?.at ?? text.length;
      const until = Math.min(span.end, next);
      if (run !== undefined) {
        const start = Math.min(run.start + from - run.at, run.end);
        const end = until === next ? run.end : Math.min(run.start + until - run.at, run.end);
        reordered.push({ at: made, start, end });
      }
      made += until - from;
      from = until;
    }
    parts.push(text.slice(span.start, span.end));
  }
  return { text: parts.join(''), runs: reordered, length };
}

/** The index of the last run that begins at an offset of the edited text or before it. */
export function runAt(runs: EditedText['runs'], offset: number): number {
  let low = 0;
  let high = runs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((runs[middle]?.at ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
