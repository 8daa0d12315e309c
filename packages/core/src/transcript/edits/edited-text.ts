import type { Span } from '../../text/span.ts';

/** A text from which something was cut out or replaced, and where each run of it stood before. */
export interface EditedText {
  readonly text: string;
  /** Runs in order: `text` from `at` on is the text before from `start` to `end`. */
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
