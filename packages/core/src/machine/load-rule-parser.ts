import type { LineGrammarOptions } from './grammar-options.ts';
import { RuleParser } from './rule-parser.ts';

/**
 * A parser of the rules of a grammar. In a build this module, and Chevrotain with it, is evaluated at the first call: see
 * `scripts/deferred-modules.js`.
 */
export function ruleParser(options: LineGrammarOptions, validate: boolean): RuleParser {
  return new RuleParser(options, validate);
}
