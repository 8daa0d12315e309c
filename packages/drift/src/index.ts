export { checkSnapshot, type CheckFinding, type CheckOptions, type CheckReport } from './check/check.ts';
export { FINDING_CATALOGUE, type FindingKind } from './check/finding-catalogue.ts';
export { renderCheckJson, renderCheckMarkdown, renderCheckText } from './check/render-check.ts';
export { diffSnapshots } from './diff.ts';
export type { DiffOptions, IgnoreRule } from './diff-options.ts';
export { explainSnapshot, type ExplainedFact, type Explanation } from './explain/explain.ts';
export { renderExplanationJson, renderExplanationMarkdown, renderExplanationText } from './explain/render-explanation.ts';
export { CATALOGUE, type CatalogueEntry } from './judge/catalogue.ts';
export type { VersionRange } from './kubernetes/chain-catalogue.ts';
export type { FrontendPurpose } from './kubernetes/comments.ts';
export type { Fact, ProxyMode } from './kubernetes/facts.ts';
export { proxyFacts, type NodeFacts } from './kubernetes/node-facts.ts';
export type { RefusalReason, ServiceFrontend, ServicePath, ServicePort, ServiceTable, SourceKind } from './kubernetes/service-table.ts';
export { serviceTable } from './kubernetes/snapshot-service-table.ts';
export { compareNodes, type NamedNode, type NodeDifference, type NodesReport } from './nodes/compare-nodes.ts';
export { renderNodesJson, renderNodesMarkdown, renderNodesText } from './nodes/render-nodes.ts';
export { type ExpectedIpvs, type ExpectedState, expectedState } from './proxy/desired/expected-state.ts';
export type { GivenSettings } from './proxy/desired/known-settings.ts';
export { renderExpectedJson, renderExpectedText } from './proxy/desired/render-expected.ts';
export { renderJson } from './render/json.ts';
export { renderJsonLines, renderLines } from './render/lines.ts';
export { renderMarkdown, type MarkdownOptions } from './render/markdown.ts';
export { renderText, type TextOptions } from './render/text.ts';
export {
  reaches, type Cause, type Certainty, type Change, type Detail, type Effect, type Evidence, type ExplainedDifference, type Facts, type FactValue, type Finding,
  type Outcome, type OutcomeEndpoint, type PathStep, type Report, type ReportInput, type Severity, type Side, type Subject, type Trouble, type Verdict, type Witness, type WitnessPacket,
} from './report.ts';
export { RULES, type Rule } from './rules/registry.ts';
export { CAUSE_CATALOGUE, type CauseKind } from './rules/causes.ts';
export { completenessOf, type PartialReason, type SectionCompleteness, whyIncomplete } from './snapshot/completeness.ts';
export { parseSection, type ParsedSection, type ReadTool } from './snapshot/parse-section.ts';
export { readSnapshot } from './snapshot/read-snapshot.ts';
export { seenFiles, type SeenFiles } from './snapshot/seen-files.ts';
export { splitSnapshot, type SplitSnapshot } from './snapshot/split-snapshot.ts';
export type { Part, PartCompleteness, PartContent, Snapshot, SnapshotFile, SnapshotTrouble } from './snapshot/snapshot.ts';
export type { PacketTrace, TraceOutcome, TraceStep } from './trace/packet-trace.ts';
export { type PacketQuestion, parsePacketQuestion, type QuestionFault } from './trace/question.ts';
export { type NamedTrace, renderTraceJson, renderTraceText } from './trace/render-trace.ts';
export { type SnapshotTrace, type TraceOptions, traceSnapshot } from './trace/trace-snapshot.ts';
