import type { LineGrammarOptions } from './line-grammar.ts';
import { RuleParser } from './rule-parser.ts';

/**
 * A parser of the rules of a grammar. In a build this module is the place where Chevrotain is evaluated, at the first call: see `deferred` in
 * `tsup.config.ts`.
 */
export function ruleParser(options: LineGrammarOptions, validate: boolean): RuleParser {
  return new RuleParser(options, validate);
}
