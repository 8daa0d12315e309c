export { checkSnapshot, checkSnapshots, type CheckFinding, type CheckOptions, type CheckReport } from './check/check.ts';
export type { FoundSubject, FoundWitness } from './check/finding.ts';
export type { FindingFlow, FlowEnd } from './check/finding-flows.ts';
export { FINDING_CATALOGUE, type FindingKind } from './check/finding-catalogue.ts';
export { renderCheckJson, renderCheckMarkdown, renderCheckText } from './render/reports/render-check.ts';
export { diffSnapshots } from './diff.ts';
export type { DiffOptions, IgnoreRule } from './diff-options.ts';
export { explainSnapshot, explainSnapshots, type ExplainedFact, type Explanation } from './explain/explain.ts';
export { renderExplanationJson, renderExplanationMarkdown, renderExplanationText } from './render/reports/render-explanation.ts';
export { CATALOGUE, type CatalogueEntry } from './judge/catalogue.ts';
export type { VersionRange } from './proxy/names/chain-catalogue.ts';
export type { FrontendPurpose } from './proxy/names/comments.ts';
export type { Fact, ProxyMode } from './proxy/facts/fact.ts';
export { proxyFacts } from './services/node-facts.ts';
export { type NodeFacts } from './services/facts-of-node.ts';
export type { RefusalReason, ServiceFrontend, ServicePath, ServicePort, ServiceTable, SourceKind } from './proxy/service-table.ts';
export { serviceTable } from './services/snapshot-service-table.ts';
export { compareNodes, type NamedNode, type NodesReport } from './nodes/compare-nodes.ts';
export type { NodeDifference } from './nodes/groups.ts';
export { digestNode, type DigestRecord, type FrontendDigest, type NodeDigest, renderDigest } from './nodes/digest.ts';
export { renderNodesJson, renderNodesMarkdown, renderNodesText } from './render/reports/render-nodes.ts';
export { type ExpectedIpvs, type ExpectedState, expectedState } from './desired/expected-state.ts';
export type { GivenSettings } from './desired/known-settings.ts';
export { renderExpectedJson, renderExpectedText } from './render/reports/render-expected.ts';
export { fitsPattern } from './common/policy.ts';
export { renderJson } from './render/json.ts';
export { renderJsonLines, renderLines } from './render/lines.ts';
export { renderMarkdown, type MarkdownOptions } from './render/markdown.ts';
export type { AnyReport, Renderer, RenderOptions } from './render/renderer.ts';
export { RENDERERS, rendererOf } from './render/renderers.ts';
export type { CheckRecord, ExplanationRecord, NodesRecord } from './render/formats/jsonl.ts';
export { severityPainter, type SeverityPainter } from './render/severity-painter.ts';
export { renderText, type TextOptions } from './render/text.ts';
export {
  reaches,
  type Cause,
  type Certainty,
  type Change,
  type Detail,
  type Effect,
  type EndpointShare,
  type Evidence,
  type ExplainedDifference,
  type Facts,
  type FactValue,
  type Finding,
  type Outcome,
  type OutcomeEndpoint,
  type PacketConditions,
  type PacketSet,
  type PathStep,
  type Report,
  type ReportInput,
  type Severity,
  type Side,
  type Subject,
  type Supposed,
  type Trouble,
  type Verdict,
  type Witness,
  type WitnessPacket,
} from './report.ts';
export { RULES, type Rule } from './rules/registry.ts';
export { CAUSE_CATALOGUE, type CauseKind } from './rules/causes.ts';
export { isOfInterest, pathFacts, type PathFacts, timeOfCapture } from './read/path-facts.ts';
export { completenessOf, whyIncomplete } from './read/completeness.ts';
export type { PartialReason, SectionCompleteness } from './read/section-completeness.ts';
export { parseSection, type ParsedSection, type ReadTool } from './read/parse-section.ts';
export { type LeftOut, leftOutOf, leftOutText } from './read/moments/earlier-moments.ts';
export { hostName, lastOfEachHost, readSnapshot, readSnapshots } from './read/read-snapshot.ts';
export { seenFiles, type SeenFiles } from './read/seen-files.ts';
export { splitSnapshots, type SplitSnapshots } from './read/moments/split-snapshot.ts';
export type { EarlierMoments, Part, PartContent, Snapshot, SnapshotFile, SnapshotTrouble } from './read/snapshot.ts';
export type { PartCompleteness } from './read/section-completeness.ts';
export type { PacketTrace, TraceOutcome, TraceStep } from './trace/packet-trace.ts';
export { type PacketQuestion, parsePacketQuestion, type QuestionFault } from './trace/question.ts';
export { type NamedTrace, renderTraceJson, renderTraceText } from './render/reports/render-trace.ts';
export { type SnapshotTrace, type TraceOptions, traceSnapshot } from './trace/trace-snapshot.ts';
