import {
  instantiate,
  isMismatch,
  quoteInput,
  shapeCache,
  type Diagnostic,
  type Line,
  type LineGrammar,
  type Mismatch,
  type ShapeCache,
  type Template,
} from '@netdrift/core';
import { badLine, badValue } from './diagnostics.ts';

/** Turns scanned lines into nodes: by a known shape, or by the grammar for a new one. */
export interface LineReader<N> {
  /** The node of the line, or the diagnostic that says why it has none. */
  read(line: Line): N | Diagnostic;
}

/** For each rule of a grammar, what its tokens should have been, in order; for messages. */
export type Expectations = Readonly<Record<string, readonly string[]>>;

/**
 * A reader on a grammar. `remember: false` runs the grammar for every line, as the test of the law "known shape =
 * grammar" does.
 */
export function lineReader<N extends object>(grammar: LineGrammar<N>, expectations: Expectations, remember = true): LineReader<N> {
  let shapes: ShapeCache<Template<N>> | undefined;
  return {
    read(line) {
      if (line.overflow) return badLine(line.lineSpan(), 'line has more words than any line of ipvsadm');
      shapes ??= shapeCache<Template<N>>();
      let template = remember ? shapes.find(line) : undefined;
      if (template === undefined) {
        const learned = remember ? grammar.learn(line) : grammar.derive(line);
        if (isMismatch(learned)) return mismatchOf(line, learned, expectations);
        template = shapes.add(line, learned);
      }
      const built = instantiate(template, line);
      const refusal = line.settle();
      if (refusal === undefined) return built;
      return badValue(line.span(refusal.token), `expected ${refusal.expected}, found ${quoteInput(line.text(refusal.token))}`);
    },
  };
}

/** Whether a reader gave a diagnostic in place of a node. */
export function isDiagnostic(result: object): result is Diagnostic {
  return 'code' in result;
}

function mismatchOf(line: Line, { at, rule, ruleStart }: Mismatch, expectations: Expectations): Diagnostic {
  const expected = expectations[rule]?.[at - ruleStart] ?? 'the end of the line';
  if (at < line.count) return badLine(line.span(at), `expected ${expected}, found ${quoteInput(line.text(at))}`);
  const { end } = line.lineSpan();
  return badLine({ start: end, end }, `expected ${expected}, found the end of the line`);
}
