import {
  type Diagnostic,
  endOfLine,
  instantiate,
  isBlank,
  isMismatch,
  type Line,
  type Mismatch,
  type Refusal,
  shapeCache,
  type ShapeCache,
  type Template,
} from '@netdrift/core';
import type { SetDraft } from './draft.ts';
import { grammar, type IpsetLine } from './grammar.ts';

/** What the readers of listings and saves share: the line being read, the shapes met so far, and what was found odd. */
export interface Reading {
  readonly line: Line;
  readonly shapes: ShapeCache<Template<IpsetLine>> | undefined;
  readonly diagnostics: Diagnostic[];
}

export function newReading(line: Line, cached: boolean): Reading {
  return { line, shapes: cached ? shapeCache<Template<IpsetLine>>() : undefined, diagnostics: [] };
}

/** Lines that were dealt with before. */
export type Skip = (start: number, end: number) => boolean;

/** Reads sets piece by piece: a text, or the pieces of one, each with a reading of its own. */
export interface SetsReader {
  read(reading: Reading, skip: Skip): void;
  /** Ends the text; what is odd about the sets goes to the diagnostics of the last reading. */
  finish(): void;
  /** The sets so far in their order, the last one perhaps not whole. */
  drafts(): Iterable<SetDraft>;
  /** Those of which lines stand in the piece that was read last. */
  touched(): Iterable<SetDraft>;
  /** Whether nothing of the head of a set is missing that may still come. */
  hasHead(draft: SetDraft): boolean;
}

/** What a scanned line says, or why it says nothing. */
export type LineResult = { readonly found: IpsetLine } | { readonly mismatch: Mismatch } | { readonly refusal: Refusal };

/** Reads the line that was scanned last. */
export function readLine({ line, shapes }: Reading): LineResult {
  let template = shapes?.find(line);
  if (template === undefined) {
    const learnt = shapes === undefined ? grammar.derive(line) : grammar.learn(line);
    if (isMismatch(learnt)) return { mismatch: learnt };
    template = shapes?.add(line, learnt) ?? learnt;
  }
  const found = instantiate(template, line);
  const refusal = line.settle();
  return refusal === undefined ? { found } : { refusal };
}

/** Calls `visit` for each line without its line end; `blank` where nothing stands in it. */
export function eachLine({ source, bytes }: Line, visit: (start: number, end: number, blank: boolean) => void): void {
  for (let start = 0; start < bytes.length;) {
    const next = endOfLine(source, start);
    const end = next > start && bytes[next - 1] === CARRIAGE_RETURN ? next - 1 : next;
    let at = start;
    while (at < end && isBlank(bytes[at])) at += 1;
    visit(start, end, at === end);
    start = next + 1;
  }
}

const CARRIAGE_RETURN = 0x0d;
