export { ABSENT } from './machine/absent.ts';
export { Line, MAX_TOKENS, type Decoder, type Refusal } from './machine/line.ts';
export { isMismatch, lineGrammar, type LineGrammar } from './machine/line-grammar.ts';
export type { LineGrammarOptions, Mismatch, Occurrence, Rule, Rules } from './machine/grammar-options.ts';
export { keepShapes, type KnownShapes, type LearnedShape } from './machine/known-shapes.ts';
export { locatePart, type PartPath } from './machine/locate-part.ts';
export { MAX_SHAPES, shapeCache, type ShapeCache } from './machine/shape-cache.ts';
export { endOfLine, endOfWord, isBlank, LINE_FEED, NOT_ASCII, skipBlanks, sourceBytes } from './machine/source-bytes.ts';
export { instantiate, node, type Part, type Resolved, type Template } from './machine/template.ts';
export { tokenSet, type TokenCode, type TokenDefinition, type TokenSet } from './machine/token-set.ts';
export { NameSet } from './machine/name-set.ts';
export { WordCache } from './machine/word-cache.ts';
export { wordTable, type WordTable } from './machine/word-table.ts';
export type { Diagnostic, DiagnosticLabel, ParseResult, Severity } from './diagnostic.ts';
export { renderDiagnostics, type RenderDiagnosticsOptions } from './render-diagnostics.ts';
export { decode, detectEncoding, type Encoding } from './text/decode.ts';
export { decodeUtf8 } from './text/utf8.ts';
export { displayWidth } from './text/display-width.ts';
export { displayHtml, displayJson, displayMarkdown, displayMarkdownCode, displayText, quoteInput } from './text/display.ts';
export { encode } from './text/encode.ts';
export { lineIndex, offsetAt, positionAt, type LineIndex, type Position } from './text/line-index.ts';
export { phrase, type Phrase, type PhraseParts } from './text/phrase.ts';
export { moveSpans, replacePlaces } from './text/replace-places.ts';
export type { Span } from './text/span.ts';
export { textLines, type TextLine } from './text/text-lines.ts';
export { wholeLines, type WholeLines } from './text/whole-lines.ts';
export { transcriptCodes, type TranscriptCode } from './transcript/diagnostics.ts';
export { commandFacts, type CommandFacts } from './transcript/commands/command-facts.ts';
export { readTranscript } from './transcript/read-transcript.ts';
export { outputReaders, type Output, type OutputReader } from './transcript/outputs.ts';
export { timeIn } from './transcript/titles/time.ts';
export type { Transcript, TranscriptResult } from './transcript/transcript.ts';
export {
  toOriginal,
  toOriginalDiagnostics,
  toOriginalSpan,
  type Envelope,
  type Piece,
  type Section,
  type SectionForm,
  type SectionTool,
} from './transcript/section.ts';
export type { SetAside, SetAsideReason } from './transcript/set-aside.ts';
export {
  addressBytes,
  addressText,
  canonicalAddress,
  compareAddresses,
  familyOf,
  isPrintedAddress,
  type Family,
} from './values/address.ts';
export {
  countEquals,
  countHigh,
  countLow,
  parseCount,
  parseIptablesCount,
  parseIpvsadmCount,
  printCount,
  type Count,
  type RoundedCount,
} from './values/count.ts';
export {
  addressDecoder,
  countDecoder,
  iptablesCountDecoder,
  ipvsadmCountDecoder,
  markDecoder,
  maskedMarkDecoder,
  networkDecoder,
  portDecoder,
  portRangeDecoder,
  probabilityDecoder,
} from './values/decoders.ts';
export { parseIpv4, printIpv4 } from './values/ipv4.ts';
export { parseIpv6, printIpv6 } from './values/ipv6.ts';
export { FULL_MARK_MASK, parseMark, parseMaskedMark, printMark, printMaskedMark, type MaskedMark } from './values/mark.ts';
export { portOfName } from './values/port-name.ts';
export { parsePort, parsePortRange, printPortRange, type PortRange } from './values/port.ts';
export {
  lengthOfMask,
  maskBytes,
  networkContains,
  networksOverlap,
  parseNetwork,
  printNetwork,
  type MaskedAddress,
  type Network,
  type Prefix,
} from './values/prefix.ts';
export { parseProbability, printProbability, probabilityParts, storedProbability } from './values/probability.ts';
export { parseProtocol, protocolName, type Protocol, type ProtocolStyle } from './values/protocol.ts';
export { type NodeBuilder, nodeBuilder, type NodeFields, type NodeGuard, nodeGuard, type NodeKinds, NOWHERE } from './nodes.ts';
export { type Kinded, type NodePath, visit, type Visitor } from './visit.ts';
