// Chevrotain's parser without what our grammars never call: its lexer and the reader of regular expressions behind it (the scanner is our
// own), error recovery, concrete syntax trees, and the validation of grammars, which tests run from the sources. Half of it, and half of
// what a page downloads for `parseModules`. Nothing of the library is changed: each file below is left out, and the names that others
// import from it are there.

/** By file: what stands in its place. */
const LEFT_OUT = new Map([
  ['scan/lexer_public', 'export class Lexer { static NA = /NOT_APPLICABLE/; } export const LexerDefinitionErrorType = {};'],
  [
    'parse/grammar/checks',
    never([
      'validateGrammar',
      'validateLookahead',
      'validateRuleIsOverridden',
      'validateAmbiguousAlternationAlternatives',
      'validateEmptyOrAlternative',
      'validateNoLeftRecursion',
      'validateSomeNonEmptyLookaheadPath',
      'validateTooManyAlts',
      'RepetitionCollector',
      'OccurrenceValidationCollector',
      'identifyProductionForDuplicates',
    ]),
  ],
  [
    'parse/errors_public',
    'export const defaultParserErrorProvider = {}, defaultGrammarResolverErrorProvider = {}, defaultGrammarValidatorErrorProvider = {};',
  ],
  ['parse/cst/cst_visitor', never(['createBaseSemanticVisitorConstructor', 'createBaseVisitorConstructorWithDefaults'])],
  // With recoveryEnabled: false, as in rule-parser.ts, these are not called, and nothing else of the next.
  ['parse/grammar/follow', never(['computeAllProdsFollows'])],
  [
    'parse/parser/traits/recoverable',
    `
    export const EOF_FOLLOW_KEY = {}, IN_RULE_RECOVERY_EXCEPTION = 'InRuleRecoveryException';
    export class Recoverable {
      initRecoverable() { this.firstAfterRepMap = []; this.resyncFollows = {}; this.recoveryEnabled = false; }
      attemptInRepetitionRecovery() {}
      getHumanReadableRuleStack() { return []; }
    }`,
  ],
]);

/** @param {readonly string[]} names functions that would be a mistake to call */
function never(names) {
  return names.map((name) => `export function ${name}() { throw new Error('${name} is left out of this build'); }`).join('\n');
}

/** @type {import('esbuild').Plugin} */
export const leanChevrotain = {
  name: 'lean-chevrotain',
  setup(build) {
    build.onLoad({ filter: /[\\/]chevrotain[\\/]lib[\\/]src[\\/].*\.js$/ }, ({ path }) => {
      const contents = LEFT_OUT.get(
        path
          .replaceAll('\\', '/')
          .replace(/^.*\/chevrotain\/lib\/src\//, '')
          .replace(/\.js$/, ''),
      );
      return contents === undefined ? undefined : { contents, loader: 'js' };
    });
  },
};
