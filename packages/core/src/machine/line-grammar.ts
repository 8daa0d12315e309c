import type { Line } from './line.ts';
import type { Template } from './template.ts';
import { learnedShape, linesOf, ShapeIndex, type KnownShapes, type LearnedShape } from './known-shapes.ts';
import { replay } from './replay.ts';
import { ruleParser } from './load-rule-parser.ts';
import type { RuleParser } from './rule-parser.ts';
import type { Mismatch, LineGrammarOptions } from './grammar-options.ts';

/** Turns the token codes of a line into a template. */
export interface LineGrammar<N> {
  /**
   * The template of this line's shape, or where the line left the grammar. Keep the result: only of a known shape it costs little. A
   * line that overflowed leaves the grammar behind its last token.
   */
  learn(line: Line): Template<N> | Mismatch;
  /** The same by the grammar alone: what known shapes must make no difference to. */
  derive(line: Line): Template<N> | Mismatch;
  /** From now on nothing is known: gives the list to which each shape is added that is learned. For the test that keeps known shapes. */
  forget(): readonly LearnedShape[];
  readonly known: KnownShapes | undefined;
  /** The known shapes as the grammar reads them by itself: the same, or they are out of date. */
  relearn(): readonly LearnedShape[];
  /** What is wrong with the grammar itself, by Chevrotain's validation; for tests. */
  validate(): readonly string[];
}

/**
 * A grammar for lines, on Chevrotain. The parser is constructed at the first call of `learn` with a shape that is not known: loading and
 * composing it costs tens of milliseconds that a run over known shapes never pays.
 *
 * @example
 * const tokens = tokenSet();
 * const word = tokens.add('Word');
 * const flag = tokens.add('Flag');
 * const grammar = lineGrammar<{ name: string; flags: string[] }>({
 *   tokens,
 *   start: 'entry',
 *   rules: { entry: ($) => node(entry, $.take(word), $.repeat(() => $.take(flag))) },
 * });
 */
export function lineGrammar<N>(options: LineGrammarOptions): LineGrammar<N> {
  let parser: RuleParser | undefined;
  let index: ShapeIndex | undefined;
  let learned: LearnedShape[] | undefined;
  const derive = (line: Line): Template<N> | Mismatch => {
    if (line.overflow) return { mismatch: true, at: line.count, rule: '', ruleStart: 0 };
    parser ??= ruleParser(options, false);
    const { result, decisions } = parser.parseLine(line);
    const shape = learned === undefined || isMismatch(result) ? undefined : learnedShape(line, options.tokens, decisions);
    if (shape !== undefined) learned?.push(shape);
    // The start rule gives the template of a whole line; its node type is what the caller declares.
    return result as Template<N> | Mismatch;
  };
  const recall = (line: Line): Template<N> | undefined => {
    if (options.known === undefined || learned !== undefined || line.overflow) return undefined;
    index ??= new ShapeIndex(options.known, options.tokens);
    const decisions = index.find(line);
    // As in derive().
    return decisions === undefined ? undefined : (replay(options, line, decisions) as Template<N> | undefined);
  };
  return {
    known: options.known,
    learn: (line) => recall(line) ?? derive(line),
    derive,
    forget: () => (learned = []),
    relearn() {
      const read: LearnedShape[] = [];
      for (const line of linesOf(options.known, options.tokens)) {
        const outer = learned;
        learned = read;
        derive(line);
        learned = outer;
      }
      return read;
    },
    validate: () => ruleParser(options, true).problems(),
  };
}

/** Whether `learn` found no template. */
export function isMismatch(result: object): result is Mismatch {
  return 'mismatch' in result;
}
