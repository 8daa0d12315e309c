export { ABSENT, Line, MAX_TOKENS, type Decoder, type Refusal } from './machine/line.ts';
export {
  isMismatch,
  lineGrammar,
  type LineGrammar,
  type LineGrammarOptions,
  type Mismatch,
  type Occurrence,
  type Rule,
  type Rules,
} from './machine/line-grammar.ts';
export { MAX_SHAPES, shapeCache, type ShapeCache } from './machine/shape-cache.ts';
export { endOfLine, endOfWord, isBlank, LINE_FEED, NOT_ASCII, skipBlanks, sourceBytes } from './machine/source-bytes.ts';
export { instantiate, node, type Part, type Resolved, type Template } from './machine/template.ts';
export { tokenSet, type TokenCode, type TokenDefinition, type TokenSet } from './machine/token-set.ts';
export { wordTable, type WordTable } from './machine/word-table.ts';
